"""Terms: made by an approval, activated by payment, cancelled by the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select, update

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.domain.terms import FiscalYear, Term
from portal.membership import mail
from portal.membership.models import Application, ApplicationWindow, ContractTerm, MonitorUse, Tier
from portal.membership.queries import Places, places_in
from portal.membership.queries.tiers import contracts_beyond, has_held_place
from portal.membership.services.invoices import invoice_term
from portal.membership.services.second_bills import refuse_second_bill
from portal.membership.signals import term_agreed


def make_term(*, application: Application, by: Actor, beyond_places: bool = False) -> ContractTerm:
    """The contract of an approved application, with its invoice. One per application and one open per company and year.

    Runs from 1 April, or from the committee's day when that is later, to 31 March. Raises Refused when every place is
    taken (`beyond_places`), the fiscal year is over (`decided_on`), the monitor price was used before (`tier`), or an ended
    contract of the company is still billed for that year, or was paid late (`decision`).
    """
    goes_beyond = _hold_place(application, beyond_places)
    refuse_second_bill(application)
    organisation = db.session.get_one(Organisation, application.organisation_id)
    term = add_term(
        organisation=organisation, tier=db.session.get_one(Tier, application.tier_id), price=application.price or {},
        fiscal_year=application.fiscal_year, first_day=application.decided_on or clock.today(), by=by,
        agreed_seats=application.agreed_seats, application_id=application.id, beyond_places=goes_beyond,
    )  # fmt: skip
    invoice_term(term=term, application=application, organisation=organisation, by=by)
    term_agreed.send(term, by=by)
    return term


def add_term(
    *,
    organisation: Organisation,
    tier: Tier,
    price: Mapping[str, Any],
    fiscal_year: int,
    first_day: date,
    by: Actor | int | None,
    agreed_seats: int | None = None,
    application_id: int | None = None,
    beyond_places: bool = False,
) -> ContractTerm:
    """The row of a contract, from 1 April or from `first_day` when that is later. `price` holds the tier's snapshot under `tier`.

    Raises Refused when the fiscal year is over (`decided_on`) or the monitor price was used before (`tier`).
    """
    span = _span(fiscal_year, tier, first_day)
    term = ContractTerm(
        organisation_id=organisation.id,
        fiscal_year=fiscal_year,
        application_id=application_id,
        tier_id=tier.id,
        tier_code=tier.code,
        tier_snapshot=price["tier"] | {"agreed_seats": agreed_seats},
        price={key: value for key, value in price.items() if key != "tier"},
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        beyond_places=beyond_places,
        created_at=clock.now(),
    )
    db.session.add(term)
    db.session.flush()
    if tier.is_monitor:
        number = organisation.corporate_number or ""
        db.session.add(MonitorUse(corporate_number=number, term_id=term.id, created_at=clock.now()))
        db.session.flush()
    record(
        verb="term.agreed", subject=term, organisation_id=organisation.id, by=by, audience=Audience.PARTY,
        changes={"tier": tier.code, "fiscal_year": term.fiscal_year},
    )  # fmt: skip
    return term


def activate_term(*, term_id: int, paid_on: date) -> bool:
    """The term's invoice is paid: it is active from its first day on. Again changes nothing; returns whether it did now."""
    claim = update(ContractTerm).where(
        ContractTerm.id == term_id, ContractTerm.activated_on.is_(None), ContractTerm.cancelled_on.is_(None)
    )
    done = db.session.execute(
        claim.values(activated_on=paid_on).returning(ContractTerm.id),
        execution_options={"synchronize_session": False},
    )
    if done.one_or_none() is None:
        return False
    term = db.session.scalars(
        select(ContractTerm).where(ContractTerm.id == term_id), execution_options={"populate_existing": True}
    ).one()
    record(
        verb="term.activated", subject=term, organisation_id=term.organisation_id, by=None, audience=Audience.PARTY,
        changes={"activated_on": paid_on},
    )  # fmt: skip
    mail.tell_member(term)
    return True


def deactivate_term(*, term_id: int) -> bool:
    """The payment was undone: the term awaits payment again. Returns whether it was active."""
    statement = update(ContractTerm).where(ContractTerm.id == term_id, ContractTerm.activated_on.is_not(None))
    done = db.session.execute(
        statement.values(activated_on=None).returning(ContractTerm.id),
        execution_options={"synchronize_session": False},
    )
    if done.one_or_none() is None:
        return False
    term = db.session.scalars(
        select(ContractTerm).where(ContractTerm.id == term_id), execution_options={"populate_existing": True}
    ).one()
    record(
        verb="term.reopened",
        subject=term,
        organisation_id=term.organisation_id,
        by=None,
        audience=Audience.PARTY,
    )
    return True


def cancel_term(*, term_id: int, on: date) -> bool:
    """All of the term's invoice was given back: no membership from `on` on. Returns whether it was cancelled now."""
    statement = update(ContractTerm).where(ContractTerm.id == term_id, ContractTerm.cancelled_on.is_(None))
    done = db.session.execute(
        statement.values(cancelled_on=on).returning(ContractTerm.organisation_id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if done is None:
        return False
    term = db.session.scalars(
        select(ContractTerm).where(ContractTerm.id == term_id), execution_options={"populate_existing": True}
    ).one()
    record(
        verb="term.cancelled", subject=term, organisation_id=term.organisation_id, by=None, audience=Audience.PARTY,
        changes={"cancelled_on": on},
    )  # fmt: skip
    return True


def hold_places(fiscal_year: int) -> Places | None:
    """Queue behind everybody who takes a place of this fiscal year, then count; None: places are not counted."""
    year = ApplicationWindow.fiscal_year == fiscal_year
    window = db.session.scalars(select(ApplicationWindow).where(year).with_for_update()).one_or_none()
    return None if window is None else replace(places_in(window), beyond=contracts_beyond(fiscal_year))


def _hold_place(application: Application, beyond_places: bool) -> bool:
    """Whether the contract goes beyond the places, by the tick. Raises Refused where it would without."""
    places = hold_places(application.fiscal_year)
    is_held = has_held_place(application.organisation_id or 0, application.fiscal_year)
    if places is None or places.has_room(is_held=is_held):
        return False
    if not beyond_places:
        raise Refused(
            _(
                "All %(places)s places of this fiscal year are taken. Tick the box to approve beyond them.",
                places=places.places,
            ),
            field="beyond_places",
        )
    return True


def _span(fiscal_year: int, tier: Tier, day: date) -> Term:
    year = FiscalYear(fiscal_year)
    if day > year.ends_on:
        raise Refused(_l("This fiscal year is over; no contract can begin in it."), field="decided_on")
    return Term.for_year(year, tier.code, starts_on=max(year.starts_on, day))
