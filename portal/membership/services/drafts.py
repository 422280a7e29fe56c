"""Begin an application, save what is typed, leave a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Organisation
from portal.accounts.services import register_company, update_organisation
from portal.accounts.services.organisations import checked_number
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.formats import day
from portal.core.i18n import _, _l
from portal.membership.enums import LIVE_STATES, WindowState
from portal.membership.models import Application, ContractTerm
from portal.membership.pages import BY_NAME
from portal.membership.policy import ACTING_ROLES
from portal.membership.queries import window_of, window_state
from portal.membership.services.collaborators import keep_starter

LONGEST_WORDS = 10_000
MOST_FIELDS = 80
Typed = Mapping[str, str | list[str]]
COMPANY_FIELDS = ("name_ja", "name_kana", "name_en", "postal_code", "address")
PROFILE_FIELDS = ("founded_on", "capital_yen", "employees", "industry", "website")


class NewerVersion(OutOfDate):
    """Another device saved this page since it was opened; `.application` holds what it says now."""

    def __init__(self, message: Any, application: Application) -> None:
        super().__init__(message)
        self.application = application


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
    _refuse_contract(organisation_id, fiscal_year)
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


def save_draft(
    *,
    application: Application,
    page: str,
    typed: Typed,
    editor: str,
    seen: int,
    by: Actor,
    overwrite: bool = False,
) -> int:
    """Keep what was typed on a page, whatever its sense; returns the page's new version.

    `editor` is the open page that sends (its one-time key), `seen` the version it was opened with. Raises NewerVersion
    when another open page saved in between (unless `overwrite`), Refused for words that no database holds or that are
    too long, and when the application is no longer editable.
    """
    if page not in BY_NAME:
        raise NotFound
    words = {name: _storable(name, value) for name, value in list(typed.items())[:MOST_FIELDS]}
    locked = lock_application(application)
    if not locked.state.is_editable:
        raise OutOfDate(_l("This application has been sent in; it can be changed only when it comes back."))
    mark = dict(locked.marks.get(page, {}))
    if mark and mark["editor"] != editor and mark["version"] != seen and not overwrite:
        raise NewerVersion(_l("This page was changed elsewhere in the meantime."), locked)
    version = int(mark.get("version", 0)) + 1
    if words != locked.draft.get(page) or not mark:
        locked.draft = {**locked.draft, page: words}
    now = clock.now()
    mark |= {"version": version, "editor": editor, "at": now.isoformat(), "by": by.id}
    mark["hands"] = sorted({*mark.get("hands", ()), by.id})
    locked.marks = {**locked.marks, page: mark}
    locked.draft_saved_at = now
    db.session.flush()
    return version


def finish_page(*, application: Application, page: str, values: Mapping[str, Any], by: Actor) -> None:
    """Leave a page that was found complete. The company's page registers the company, or finds it.

    Raises Refused at `corporate_number` when the company is registered and the person does not belong to it, or when an
    application of it is under way.
    """
    if page == "company":
        _settle_company(application, values, by)
    elif page == "profile" and application.organisation_id is not None:
        organisation = db.session.get_one(Organisation, application.organisation_id)
        if _may_write(by, application):
            update_organisation(organisation=organisation, by=by, **_changes(values, PROFILE_FIELDS))
    mark = dict(application.marks.get(page, {})) | {"finished": True}
    application.marks = {**application.marks, page: mark}
    db.session.flush()


def lock_application(application: Application) -> Application:
    """Read the row again, and queue behind everybody who writes it."""
    statement = select(Application).where(Application.id == application.id).with_for_update()
    return db.session.scalars(statement, execution_options={"populate_existing": True}).one()


def live_application(organisation_id: int | None, fiscal_year: int) -> Application | None:
    """The application that a company has under way, or had approved, for a fiscal year."""
    if organisation_id is None:
        return None
    statement = select(Application).where(
        Application.organisation_id == organisation_id,
        Application.fiscal_year == fiscal_year,
        Application.state.in_(LIVE_STATES),
    )
    return db.session.scalars(statement).one_or_none()


def require_open(fiscal_year: int) -> None:
    """Raises Refused at `fiscal_year`, with the day, unless applications are taken now."""
    window = window_of(fiscal_year)
    state = window_state(window)
    if state is WindowState.OPEN:
        return
    if window is not None and state is WindowState.UPCOMING:
        message = _("Applications for this fiscal year open on %(day)s.", day=day(window.opens_at))
    elif window is not None:
        message = _("Applications for this fiscal year closed on %(day)s.", day=day(window.closes_at))
    else:
        message = _("The dates for this fiscal year have not been set yet.")
    raise Refused(message, field="fiscal_year")


def _refuse_contract(organisation_id: int | None, fiscal_year: int) -> None:
    open_term = (
        ContractTerm.organisation_id == organisation_id,
        ContractTerm.fiscal_year == fiscal_year,
        ContractTerm.cancelled_on.is_(None),
    )
    if organisation_id is not None and db.session.scalar(select(ContractTerm.id).where(*open_term)):
        raise Refused(_l("Your company already has a contract for this fiscal year."), field="fiscal_year")


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


def _storable(name: str, value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [str(_storable(name, part)) for part in value[:MOST_FIELDS]]
    if len(value) > LONGEST_WORDS:
        raise Refused(_("Please keep this to %(max)d characters.", max=LONGEST_WORDS), field=name)
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t":
            raise Refused(_("Please remove the invisible control character from this field."), field=name)
    return value


def _settle_company(application: Application, values: Mapping[str, Any], by: Actor) -> None:
    number = checked_number(values["corporate_number"])
    if application.organisation_id is not None:
        present = db.session.get_one(Organisation, application.organisation_id)
        if present.corporate_number != number:
            raise Refused(
                _l(
                    "The company of this application is settled. For another company, please begin another application."
                ),
                field="corporate_number",
            )
        if _may_write(by, application):
            update_organisation(organisation=present, by=by, **_changes(values, COMPANY_FIELDS))
        return
    data: dict[str, Any] = {name: values.get(name) or "" for name in COMPANY_FIELDS}
    organisation = register_company(corporate_number=number, by=by, **data)
    other = live_application(organisation.id, application.fiscal_year)
    if other is not None and other.id != application.id:
        raise Refused(
            _("Your company has an application for this fiscal year already; please go on with that one."),
            field="corporate_number",
        )
    _refuse_contract(organisation.id, application.fiscal_year)
    application.organisation_id = organisation.id
    db.session.flush()
    keep_starter(application, by)


def _may_write(by: Actor, application: Application) -> bool:
    """Whether the person keeps the company's data."""
    return application.organisation_id in by.organisations_with(*ACTING_ROLES)


def _changes(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if values.get(name) not in (None, "")}
