"""Signed agreements with companies; everything invented."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from werkzeug.datastructures import FileStorage

from portal.accounts.models import Organisation, Person
from portal.core.db import db
from portal.domain.internships.agreements import AgreementKind
from portal.files.services import Examined, examine_upload
from portal.internships.models import InternshipAgreement
from portal.internships.services.agreements import end_agreement, register_agreement, set_needed
from tests.support import internships as given
from tests.support import matching as told
from tests.support.uploads import pdf

SIGNED = date(2026, 4, 1)
_serial = iter(range(1, 1_000_000))


def document(name: str = "協定書.pdf") -> Examined:
    """A signed document that has passed the door."""
    return examine_upload(FileStorage(BytesIO(pdf()), filename=name))


def agreed(office: Person, company: int, kind: AgreementKind, **values: Any) -> int:
    """An agreement in the register, from 1 April 2026 on unless said otherwise; its number."""
    said = {"signed_on": SIGNED, "from_on": SIGNED, "until_on": None, "note": ""} | values
    with given.acting(office) as by:
        return register_agreement(
            company=db.session.get_one(Organisation, company), kind=kind, upload=document(), once=f"agreement{next(_serial)}", by=by,
            **said,
        ).id  # fmt: skip


def ended(office: Person, agreement_id: int, ended_on: date, reason: str = "協議により終了") -> None:
    """Ended before its time."""
    with given.acting(office) as by:
        agreement = db.session.get_one(InternshipAgreement, agreement_id)
        end_agreement(agreement=agreement, ended_on=ended_on, reason=reason, by=by)


def needed(office: Person, round_id: int, *kinds: AgreementKind) -> None:
    """What every company needs in a round."""
    with given.acting(office) as by:
        set_needed(season=told.season(round_id), kinds=kinds, by=by)
