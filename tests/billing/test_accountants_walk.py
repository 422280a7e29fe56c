"""The accountant's walk: whatever happens to members' money, in any order, books, claims, reports and memberships agree.

`WALKS=200 STEPS=80 pytest tests/billing/test_accountants_walk.py` walks longer, `FIRST_WALK` begins with another one; a walk is its number.

Mutants that must fail here: news of an invoice that was paid in full alone (`reopening.tell_if_less`); no overlap of the looks at the
provider, and the look of a wrong clock taken for the last one (`comparison._last_until`); a credit of a change of tier that takes what
was written off (`tier_change.most_of`); a fee that begins today, or later in its month, left out of what the books should hold
(`books.income`); today's registration number on a credit note (`issuing.as_registered`); an advance that is undone without its books; money of the
provider that leaves a write-off standing (`recovering.recover`).
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.billing.models import CreditNote, Invoice, JournalEntry, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.books.income import income_by_month
from portal.billing.queries.books.tax import tax_summary
from portal.billing.queries.export_checks import export_problems
from portal.billing.queries.ledger import trial_balance
from portal.billing.queries.verification import document_problems
from portal.billing.services.comparison import compare_with_provider
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.ledger import Account, EntryKind
from portal.domain.terms import FiscalYear
from portal.jobs.models import Job
from portal.membership.models import ContractTerm
from portal.membership.queries.bills import leading_bill
from portal.membership.queries.contract_checks import contract_problems
from tests.billing.payer import Payer
from tests.billing.walking import Walk
from tests.billing.walking_contracts import ContractWalk

USUAL = (1, 2, 3, 4, 7)  # between them these meet every mutant
CONTRACTS = (1, 2, 3)
FIRST, WALKS, STEPS = (
    int(os.environ.get(name, usual)) for name, usual in (("FIRST_WALK", 1), ("WALKS", 0), ("STEPS", 25))
)
Standing = dict[int, tuple[int, int]]


@pytest.mark.database
@pytest.mark.parametrize("number", range(FIRST, FIRST + WALKS) if WALKS else USUAL)
def test_walk(payer: Payer, run_jobs: Any, number: int) -> None:
    go_on(Walk(payer, number), payer)


@pytest.mark.database
@pytest.mark.parametrize("number", range(FIRST, FIRST + WALKS) if WALKS else CONTRACTS)
def test_walk_of_contracts(payer: Payer, run_jobs: Any, number: int) -> None:
    """With seats, transfers less a fee, deposits undone and changes taken back among the deeds."""
    go_on(ContractWalk(payer, number), payer)


def go_on(walk: Walk, payer: Payer) -> None:
    """Step by step, looking after each."""
    done: list[str] = []
    seen: Standing = {}
    for _step in range(STEPS):
        done.append(walk.go())
        with clock.frozen(walk.now):
            try:
                seen = check(seen)
            except AssertionError as error:
                raise AssertionError(f"walk {walk.number} after {' '.join(done)}") from error
    with walk.at():
        compare_with_provider()
        check(seen)
        check_provider(payer)


def check(seen: Standing) -> Standing:
    """Everything that must hold after every step; gives what memberships stand on."""
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert [*document_problems(), *export_problems(), *contract_problems()] == []
    assert db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).all() == []
    check_sums()
    check_papers()
    found = check_memberships(seen)
    rollback()
    return found


def check_sums() -> None:
    """Invoice by invoice and advance by advance, as the accounts say."""
    held = {each.account: each.net_yen for each in trial_balance()}
    owed, advances = db.session.execute(
        select(func.sum(Receivable.outstanding_yen), func.sum(Receivable.excess_yen))
    ).one()
    assert held[Account.RECEIVABLE] == owed
    assert -held[Account.ADVANCE_RECEIVED] == advances
    beside = (Receivable.outstanding_yen > 0) | (Receivable.excess_yen > 0)
    assert not db.session.scalars(select(Receivable).where(Receivable.written_off_yen > 0, beside)).all()
    year = FiscalYear.of(clock.today())
    for each in (year, year.next):
        assert [month.month for month in income_by_month(each, clock.today()) if not month.fits] == []
    assert tax_summary(date(2020, 1, 1), date(2040, 1, 1)).fits


def check_papers() -> None:
    """A return follows its sale: registered as that, and never more than it."""
    pairs = select(CreditNote, Invoice).join(Invoice, Invoice.id == CreditNote.invoice_id)
    back: dict[int, int] = {}
    for note, invoice in db.session.execute(pairs):
        numbers = {paper.issuer["party"]["registration_number"] for paper in (note, invoice)}
        assert len(numbers) == 1, (note.number, numbers)
        back[invoice.id] = back.get(invoice.id, 0) + note.total_yen
        assert back[invoice.id] <= invoice.total_yen


def check_memberships(seen: Standing) -> Standing:
    """Active while money has settled its leading invoice, which a write-off does not, and not when that has less money than before and owes some."""
    found: Standing = {}
    for term in db.session.scalars(select(ContractTerm)):
        bill = leading_bill(term.id)
        if bill is None:
            assert term.cancelled_on is not None
            continue
        found[term.id] = (bill.invoice_id, bill.debt.settled_yen)
        if term.cancelled_on is not None:
            continue
        if bill.debt.is_settled and not bill.written_off_yen:
            assert term.activated_on is not None, bill.invoice_id
        before = seen.get(term.id, (0, 0))
        if before[0] == bill.invoice_id and bill.debt.settled_yen < before[1] and bill.outstanding_yen:
            assert term.activated_on is None, (bill.invoice_id, before, bill.outstanding_yen)
    return found


def check_provider(payer: Payer) -> None:
    """Every fee that the provider has kept is in the books, as if no clock had ever been wrong."""
    moved = payer.provider.list_movements(datetime(2026, 1, 1, tzinfo=UTC))
    fees = {f"fee:{each.id}" for each in moved if each.kind in ("charge", "payment")}
    booked = select(JournalEntry.source).where(JournalEntry.kind == EntryKind.PROVIDER_FEE)
    assert fees <= set(db.session.scalars(booked))
