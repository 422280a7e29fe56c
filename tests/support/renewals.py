"""Members of fiscal year 2026 and the campaign that renews them for 2027; the clock is set by the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.billing.models import Invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.reminder_ladder import USUAL_LADDER
from portal.jobs.models import Job
from portal.jobs.services import run_due_jobs
from portal.membership import queries
from portal.membership.models import ContractTerm, Renewal, RenewalCampaign
from portal.membership.queries.renewals import renewal_in
from portal.membership.services import renewals
from portal.membership.services.submission import frozen_price
from portal.membership.services.terms import activate_term, add_term
from tests.support import membership as given
from tests.support.people import actor_of, company, person, staff

YEAR = 2027
OFFERS, DEADLINE = date(2026, 12, 31), date(2027, 3, 31)
GRACE, SUSPENSION = 30, 30


@contextmanager
def on(day: date, hour: int = 10) -> Iterator[None]:
    """That day in Japan."""
    with clock.frozen(datetime.combine(day, time(hour), clock.OFFICE_ZONE)):
        yield


def house(*, places: int = 40) -> None:
    """Tiers, wordings, an issuer; room for 2027."""
    given.season(fiscal_year=YEAR - 1)
    given.season(fiscal_year=YEAR, places=places)


def member(tier: str = "A", *, paid: bool = True, **values: Any) -> Person:
    """The administrator of a company that is a member of 2026."""
    body = company(**({"postal_code": "100-0001", "address": "東京都千代田区見本1-2-3"} | values))
    admin = person(at=body, roles=(Role.COMPANY_ADMIN,))
    person(at=body, roles=(Role.BILLING,), name="経理 花子")
    with transaction():
        version = queries.tier_for(tier, YEAR - 1)
        assert version is not None
        term = add_term(
            organisation=body, tier=version, price=frozen_price(version, YEAR - 1), fiscal_year=YEAR - 1,
            first_day=date(2026, 4, 1), by=None,
        )  # fmt: skip
    if paid:
        with transaction():
            activate_term(term_id=term.id, paid_on=date(2026, 4, 10))
    return admin


def begin(**values: Any) -> RenewalCampaign:
    """The campaign for 2027, begun today."""
    days = {
        "fiscal_year": YEAR, "offers_on": OFFERS, "deadline_on": DEADLINE, "grace_days": GRACE,
        "suspension_days": SUSPENSION, "ladder": USUAL_LADDER, "by": None,
    }  # fmt: skip
    with transaction():
        return renewals.create_campaign(**(days | values))


def look(day: date) -> int:
    """The worker runs on that day; gives the number of jobs."""
    with on(day):
        with transaction():
            renewals.look_at_the_calendar()
        done = run_due_jobs()
        rollback()
        broken = db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).all()
        assert not broken, broken
        return done


def offered(tier: str = "A", **values: Any) -> tuple[Person, Renewal]:
    """A member with an offer, made on the day of the offers; the clock has to stand there."""
    admin = member(tier, **values)
    begin()
    look(OFFERS)
    return admin, renewal_of(admin)


def renewal_of(admin: Person) -> Renewal:
    """The renewal of somebody's company, as it is now."""
    rollback()
    found = renewal_in(body_of(admin).id, YEAR)
    assert found is not None
    db.session.refresh(found)
    return found


def do(verb: Callable[..., Any], admin: Person, **values: Any) -> Any:
    """One of the services' verbs on the renewal of somebody's company."""
    number = renewal_of(admin).id
    rollback()
    with transaction():
        return verb(renewal=db.session.get_one(Renewal, number, populate_existing=True), **values)


def accepted() -> list[int]:
    """Numbers of the wordings in force."""
    return given.accepted()


def renew(admin: Person, **values: Any) -> ContractTerm:
    """The company renews on the portal."""
    made: ContractTerm = do(renewals.renew, admin, accepted=accepted(), by=actor_of(admin), **values)
    return made


def pay(term: ContractTerm, **values: Any) -> None:
    """The secretariat records the whole sum."""
    clerk = clerks_actor()
    rollback()
    invoice = invoice_of(term)
    with transaction():
        record_bank_payment(
            invoice=invoice, amount_yen=invoice.total_yen, received_on=clock.today(), payer_name="シケン", by=clerk,
            once=f"paid-{term.id}-{clock.now()}",
        )  # fmt: skip


def clerks_actor() -> Actor:
    """Somebody of the secretariat."""
    return actor_of(staff())


def invoice_of(term: ContractTerm) -> Invoice:
    """The invoice of a contract."""
    return db.session.scalars(select(Invoice).where(Invoice.source_key == f"term:{term.id}")).one()


def body_of(admin: Person) -> Organisation:
    """Somebody's company."""
    mine = select(Organisation).join(Affiliation, Affiliation.organisation_id == Organisation.id)
    found = db.session.scalars(mine.where(Affiliation.person_id == admin.id)).one()
    rollback()
    return found
