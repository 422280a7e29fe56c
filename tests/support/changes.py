"""Members of 2026 with their invoices, and changes of tier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.billing.models import Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership import queries
from portal.membership.models import ContractTerm, TierChange
from portal.membership.services.invoices import invoice_to
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.renewals.choice import Facts
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.taking_back import plan_taking_back, take_back_change
from portal.membership.services.tier_changes.upgrades import change_tier
from tests.support import renewals as season
from tests.support.people import actor_of, staff

FIRST, DECEMBER, LAST = date(2026, 4, 1), date(2026, 12, 10), date(2027, 3, 31)
_serial = iter(range(1, 1_000_000))


def member(tier: str = "C", *, paid_yen: int | None = None, **values: Any) -> Person:
    """The administrator of a member whose invoice of 1 April is paid (`paid_yen`: to that amount)."""
    admin = season.member(tier, paid=False, **({"employees": 20, "founded_on": date(2024, 1, 1)} | values))
    with season.on(FIRST):
        term = term_of(admin)
        with transaction():
            organisation = db.session.get_one(Organisation, term.organisation_id)
            buyer, language = renewal_buyer(organisation, term)
            invoice = invoice_to(
                term=term, buyer=buyer, organisation=organisation, language=language, by=None
            )
        owed = invoice.total_yen if paid_yen is None else paid_yen
        if owed:
            pay(invoice.id, owed)
    return admin


def offered(tier: str = "C", *, arranged: Callable[[Person], object] | None = None) -> Person:
    """The administrator of a member that has paid and has the offer of the next year; `arranged` happens in December, before it."""
    with season.on(DECEMBER):
        season.house()
        admin = member(tier)
        if arranged is not None:
            arranged(admin)
    with season.on(season.OFFERS):
        season.begin()
        season.look(season.OFFERS)
    return admin


def term_of(admin: Person) -> ContractTerm:
    """The company's contract of 2026."""
    rollback()
    (mandate,) = {m.organisation_id for m in actor_of(admin).mandates}
    return next(term for term in queries.terms_of(mandate) if term.fiscal_year == season.YEAR - 1)


def invoice_of(admin: Person) -> Invoice:
    """The first invoice of the contract."""
    number = term_of(admin).id
    found = db.session.scalars(select(Invoice.id).where(Invoice.source_key == f"term:{number}")).one()
    return any_invoice(found)


def pay(invoice_id: int, amount_yen: int) -> None:
    """Money arrives."""
    clerk = actor_of(staff())
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice_id), amount_yen=amount_yen, received_on=clock.today(), payer_name="", by=clerk,
            once=f"change{next(_serial)}",
        )  # fmt: skip


def fingerprint(admin: Person, code: str) -> str:
    """What the preview shows now."""
    term = term_of(admin)
    tier = queries.tier_for(code, term.fiscal_year)
    assert tier is not None
    seen = plan_upgrade(term, tier).fingerprint
    rollback()
    return seen


def upgrade(admin: Person, code: str = "A", **values: Any) -> TierChange:
    """The company agrees to what its page shows."""
    said = {
        "term_id": term_of(admin).id, "code": code, "once": f"up{next(_serial)}", "by": actor_of(admin),
        "seen": values.get("seen") or fingerprint(admin, code), "facts": Facts(20) if code == "B" else Facts(),
    }  # fmt: skip
    with transaction():
        return change_tier(**(said | values))


def seen_back(change: TierChange) -> str:
    """What the page of taking back shows now."""
    rollback()
    change = db.session.get_one(TierChange, change.id)
    seen = plan_taking_back(change, db.session.get_one(ContractTerm, change.term_id)).fingerprint
    rollback()
    return seen


def take_back(change: TierChange, *, reason: str = "お申し出により", seen: str = "", by: Any = None) -> None:
    """The office takes back what its page shows."""
    shown, clerk = seen or seen_back(change), by or actor_of(staff())
    with transaction():
        found = db.session.get_one(TierChange, change.id)
        take_back_change(change=found, reason=reason, seen=shown, by=clerk)
