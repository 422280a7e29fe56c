"""The register of agreements with host companies: entered with their document, ended before their time, asked for by rounds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select, update

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.agreements import AgreementKind
from portal.files.services import Examined, keep_upload
from portal.internships.models import InternshipAgreement, InternshipRound
from portal.internships.policy import may_run_rounds, may_set_needed

NOT_YOURS = _l("Agreements are registered by the career-support office, by nobody for their own company.")
NOT_SIGNED = _l("This day has not come yet. Please enter what is signed.")
BACKWARDS = _l("The last day has to lie after the first.")
ENDED = _l("Somebody has ended this agreement in the meantime. Please look at it again.")
OUTSIDE = _l("Please choose a day on which the agreement would hold.")
SAY_WHY = _l("Please say why; the company reads it.")
TOO_LATE = _l("The lists of this round have locked; what is needed can no longer be changed.")


def register_agreement(
    *, company: Organisation, kind: AgreementKind, signed_on: date, from_on: date, until_on: date | None, upload: Examined,
    note: str, once: str, by: Actor,
) -> InternshipAgreement:  # fmt: skip
    """Enter a signed agreement with its document. The same `once` gives the first result. Raises Refused at its field."""
    _require(company.id, by)
    if (standing := _entered_with(once)) is not None:
        return standing
    if signed_on > clock.today():
        raise Refused(NOT_SIGNED, field="signed_on")
    if until_on is not None and until_on < from_on:
        raise Refused(BACKWARDS, field="until_on")
    kept = keep_upload(
        upload, by=by, organisation_id=None, is_kept=True
    )  # restricted: this room says who opens it
    made = InternshipAgreement(
        organisation_id=company.id, kind=kind, signed_on=signed_on, from_on=from_on, until_on=until_on, file_id=kept.id,
        note=note.strip(), once_key=once, created_at=clock.now(), created_by_id=by.id,
    )  # fmt: skip
    entered, is_ours = add_or_find(made, lambda: _entered_with(once))
    if is_ours:
        days = {"signed_on": signed_on, "valid_from": from_on, "valid_until": until_on}
        _note("agreement.registered", entered, by, {"kind": kind, **days})
    return entered


def end_agreement(*, agreement: InternshipAgreement, ended_on: date, reason: str, by: Actor) -> None:
    """It holds no longer from `ended_on` on; from its first day on where it was a mistake. Raises Refused at its field, OutOfDate."""
    _require(agreement.organisation_id, by)
    if agreement.ended_on is not None:
        raise OutOfDate(ENDED)
    if ended_on < agreement.from_on or (agreement.until_on is not None and ended_on > agreement.until_on):
        raise Refused(OUTSIDE, field="ended_on")
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    stands = update(InternshipAgreement).where(
        InternshipAgreement.id == agreement.id, InternshipAgreement.ended_on.is_(None)
    )
    done = {"ended_on": ended_on, "end_reason": reason.strip(), "ended_at": clock.now(), "ended_by_id": by.id}
    change_one(agreement, stands.values(**done), ENDED)
    _note("agreement.ended", agreement, by, {"ended_on": ended_on}, reason.strip())


def note_reading(*, agreement: InternshipAgreement, by: Actor) -> None:
    """The office opened the document: that stays in the trail."""
    record(
        verb="agreement.document_opened", subject=agreement, organisation_id=agreement.organisation_id, by=by
    )


def set_needed(*, season: InternshipRound, kinds: Collection[AgreementKind], by: Actor) -> bool:
    """Which agreements every company needs before the match of this round; True when something changed. Raises Refused, OutOfDate."""
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)
    if not may_set_needed(season):
        raise OutOfDate(TOO_LATE)
    before, after = list(season.needed_agreements), [kind.value for kind in AgreementKind if kind in kinds]
    if before == after:
        return False
    stands = update(InternshipRound).where(
        InternshipRound.id == season.id, InternshipRound.locks_at > clock.now(), InternshipRound.cancelled_at.is_(None)
    )  # fmt: skip
    change_one(season, stands.values(needed_agreements=after), TOO_LATE)
    record(verb="round.agreements_changed", subject=season, by=by, changes={"agreements": [before, after]})
    return True


def _entered_with(once: str) -> InternshipAgreement | None:
    same = select(InternshipAgreement).where(InternshipAgreement.once_key == once)
    return db.session.scalars(same).one_or_none()


def _require(organisation_id: int, by: Actor) -> None:
    if not may_run_rounds(by) or organisation_id in by.organisation_ids:
        raise Refused(NOT_YOURS)


def _note(
    verb: str, agreement: InternshipAgreement, by: Actor, changes: dict[str, object], note: str = ""
) -> None:
    record(
        verb=verb, subject=agreement, organisation_id=agreement.organisation_id, by=by, changes=changes, note=note,
        audience=Audience.PARTY,
    )  # fmt: skip
