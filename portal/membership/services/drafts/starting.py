"""Begin an application."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate
from portal.core.i18n import _l
from portal.membership.models import Application
from portal.membership.policy import ACTING_ROLES
from portal.membership.services.drafts.finishing import COMPANY_FIELDS, PROFILE_FIELDS
from portal.membership.services.drafts.rules import live_application, refuse_contract, require_open


def start_application(
    *, fiscal_year: int, once: str, by: Actor, organisation_id: int | None = None, tier_code: str = ""
) -> Application:
    """Begin a draft for a fiscal year whose window is open; the same `once` key gives the first one.

    With `organisation_id` (one for which the person acts) its data are filled in, and an application that it has under
    way for this year is given back instead. `tier_code` is chosen beforehand, as if ticked. Raises Refused at `fiscal_year` outside the window.
    """
    standing = _begun_with(once, by)
    if standing is not None:
        return standing
    if organisation_id is not None and organisation_id not in by.organisations_with(*ACTING_ROLES):
        raise NotFound
    require_open(fiscal_year)
    live = live_application(organisation_id, fiscal_year)
    if live is not None:
        return live
    refuse_contract(organisation_id, fiscal_year)
    now = clock.now()
    made = Application(
        fiscal_year=fiscal_year,
        organisation_id=organisation_id,
        once_key=once,
        started_by_id=by.id,
        created_at=now,
        moved_at=now,
        draft=_known_answers(organisation_id) | ({"tier": {"tier": tier_code}} if tier_code else {}),
        marks={},
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # another request began the same one in between
        return _winner(once, organisation_id, fiscal_year, by)
    record(
        verb="application.started",
        subject=made,
        organisation_id=organisation_id,
        by=by,
        audience=Audience.PARTY,
    )
    return made


def _begun_with(once: str, by: Actor) -> Application | None:
    standing = db.session.scalars(select(Application).where(Application.once_key == once)).one_or_none()
    if standing is not None and standing.started_by_id != by.id:
        raise NotFound
    return standing


def _winner(once: str, organisation_id: int | None, fiscal_year: int, by: Actor) -> Application:
    found = _begun_with(once, by) or live_application(organisation_id, fiscal_year)
    if found is None:
        raise OutOfDate(_l("Somebody has changed this application in the meantime. Please look at it again."))
    return found


def _known_answers(organisation_id: int | None) -> dict[str, Any]:
    """What the portal knows of a company, as its pages would have it typed; the last application's answers first."""
    if organisation_id is None:
        return {}
    known = db.session.get_one(Organisation, organisation_id)
    company = {name: _text(getattr(known, name)) for name in ("corporate_number", *COMPANY_FIELDS)}
    profile = {name: _text(getattr(known, name)) for name in PROFILE_FIELDS}
    return {"company": company, "profile": profile}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
