"""What an application needs before it is begun or changed: its row, its window, no other beside it."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.i18n import _, _l
from portal.membership.enums import LIVE_STATES, WindowState
from portal.membership.models import Application, ContractTerm
from portal.membership.queries import window_of, window_state


def lock_application(application: Application) -> Application:
    """Read the row again, and queue behind everybody who writes it."""
    statement = select(Application).where(Application.id == application.id).with_for_update()
    return db.session.scalars(statement, execution_options={"populate_existing": True}).one()


def live_application(organisation_id: int | None, fiscal_year: int) -> Application | None:
    """The application that a company has under way for a fiscal year, or the one of its contract that stands."""
    if organisation_id is None:
        return None
    mine = select(Application).where(
        Application.organisation_id == organisation_id, Application.fiscal_year == fiscal_year
    )
    found = db.session.scalars(mine.where(Application.state.in_(LIVE_STATES))).one_or_none()
    standing = select(ContractTerm.application_id).where(ContractTerm.cancelled_on.is_(None))
    return found or db.session.scalars(mine.where(Application.id.in_(standing))).one_or_none()


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


def refuse_contract(organisation_id: int | None, fiscal_year: int) -> None:
    """Raises Refused at `fiscal_year` where a contract of the company stands."""
    open_term = (
        ContractTerm.organisation_id == organisation_id,
        ContractTerm.fiscal_year == fiscal_year,
        ContractTerm.cancelled_on.is_(None),
    )
    if organisation_id is not None and db.session.scalar(select(ContractTerm.id).where(*open_term)):
        raise Refused(_l("Your company already has a contract for this fiscal year."), field="fiscal_year")
