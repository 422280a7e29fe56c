"""`renkei books verify` finds each kind of damage by its own rule: one is planted at a time, past the guards, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text

from portal.accounts.enums import Role
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.register import Wanted
from portal.billing.services.advances import move_advance
from portal.billing.services.archives import ask_archive
from portal.billing.services.journal import Asked, export_journal, set_layout
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.cli.keeping.sums import books_problems
from portal.core.access import Actor
from portal.core.db import db
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.journal import Preset, preset_layout
from tests.billing.returning import give_back
from tests.support.bank import bring, transfer
from tests.support.billing import bill, fee, issuer
from tests.support.people import actor_of, company, staff
from tests.support.year_of_fees import pay, year_of_fees

pytestmark = pytest.mark.sqlite

ONE = "WHERE id = (SELECT min(id) FROM {table})"
# (table, what is done to it, words of the rule that must find it)
DAMAGE = [
    ("invoice_lines", "UPDATE {table} SET unit_price_yen = unit_price_yen + 1, amount_yen = amount_yen + quantity", "its lines add up to"),
    ("invoices", "UPDATE {table} SET net_yen = net_yen + 1, total_yen = total_yen + 1", "its amounts by rate do not add up"),
    ("invoices", "UPDATE {table} SET file_sha256 = 'x'", "the kept paper is not the one that was issued"),
    ("invoices", "UPDATE {table} SET series_sequence = 99", "the counter says"),
    ("invoices", "UPDATE {table} SET buyer = json_set(buyer, '$.name', 'x'), number = 'INV-1999-000001'", "the register says something else"),
    ("receipts", "UPDATE {table} SET tax_yen = tax_yen + 1, total_yen = total_yen + 1", "its amounts by rate do not add up"),
    ("receipts", "UPDATE {table} SET series_sequence = 99", "the counter says"),
    ("receipts", "UPDATE {table} SET moved_yen = moved_yen + 1 WHERE moved_yen > 0", "its parts do not add up to what it states"),
    ("receipts", "UPDATE {table} SET parts = json_set(parts, '$[0].from[0].amount_yen', 9) WHERE moved_yen > 0", "it states 9, 550 are settled"),
    ("receipts", "UPDATE {table} SET parts = json_set(parts, '$[0].received_yen', 1) WHERE moved_yen > 0", "receipts state 1101 as received, 1100 came"),
    ("receipts", "DELETE FROM {table}", "Every settled invoice has its receipt"),
    ("credit_notes", "UPDATE {table} SET total_yen = total_yen + 1, net_yen = net_yen + 1", "What was credited stands on credit notes"),
    ("number_series", "UPDATE {table} SET last = last + 1 WHERE kind = 'INV'", "Invoice numbers have no gap"),
    ("number_series", "UPDATE {table} SET last = last + 1 WHERE kind = 'CRN'", "Credit note numbers have no gap"),
    ("number_series", "UPDATE {table} SET last = last + 1 WHERE kind = 'RCT'", "Receipt numbers have no gap"),
    ("receivables", "UPDATE {table} SET outstanding_yen = outstanding_yen - 1 WHERE outstanding_yen > 0", "Receivables in the books are what is owed"),
    ("receivables", "UPDATE {table} SET outstanding_yen = 1 WHERE outstanding_yen = 0", "No receipt for what is still owed"),
    ("receivables", "UPDATE {table} SET excess_yen = excess_yen + 1", "Advances in the books"),
    ("receivables", "UPDATE {table} SET credited_yen = credited_yen + 1", "What was credited stands on credit notes"),
    ("payments", "UPDATE {table} SET amount_yen = amount_yen + 1", "What was received settles"),
    ("allocations", "DELETE FROM {table}", "What was asked for is owed, settled or credited"),
    ("fee_returns", "DELETE FROM {table}", "What was credited stands on credit notes, is a transfer fee"),
    ("deposit_standings", "UPDATE {table} SET state = 'undecided' WHERE state = 'applied'", "Where a deposit stands is what was decided last"),
    ("deposit_standings", "UPDATE {table} SET state = 'parked' WHERE state = 'undecided'", "Suspense receipts are the parked deposits"),
    ("deposit_standings", "UPDATE {table} SET state = 'set_aside' WHERE state = 'applied'", "Where a deposit stands is what was decided last"),
    ("deposit_standings", "UPDATE {table} SET state = 'set_aside' WHERE state = 'undecided'", "Where a deposit stands is what was decided last"),
    ("deposit_parts", "UPDATE {table} SET amount_yen = amount_yen + 1", "Applied deposits stand in payments to the last yen"),
    ("ledger_transfers", "UPDATE {table} SET amount_yen = amount_yen + 1 WHERE debit = 'receivable'", "the books say"),
    ("ledger_transfers", "UPDATE {table} SET credit = 'suspense' WHERE credit = 'fee_revenue'", "Fees in the books are those of the papers"),
    ("ledger_transfers", "UPDATE {table} SET credit = 'suspense' WHERE credit = 'tax_payable'", "Tax in the books is that of the papers"),
    ("ledger_transfers", "UPDATE {table} SET debit = 'suspense' WHERE debit = 'bank'", "Money in the books is what was received"),
    ("ledger_transfers", "DELETE FROM {table} WHERE debit = 'bank'", "an entry in the books that moves nothing"),
    ("ledger_transfers", "DELETE FROM {table} WHERE debit = 'fee_deferred'", "are still deferred, its period began on 2026-04-01"),
    ("ledger_transfers", "UPDATE {table} SET amount_yen = amount_yen + 1 WHERE debit = 'fee_deferred'", "1 more were taken as income than had been deferred"),
    ("advance_moves", "UPDATE {table} SET amount_yen = amount_yen + 1", "moved advance 1: its parts or its company do not fit"),
    ("advance_moves", "UPDATE {table} SET to_invoice_id = (SELECT min(id) FROM invoices WHERE id NOT IN (from_invoice_id, to_invoice_id))", "its payments say"),
    ("advance_parts", "UPDATE {table} SET amount_yen = amount_yen + 1", "its payments say"),
    ("write_offs", "UPDATE {table} SET amount_yen = amount_yen + 1", "Losses are what was written off"),
    ("receivables", "UPDATE {table} SET written_off_yen = 0 WHERE written_off_yen > 0", "What claims say was written off is what write-offs say"),
    ("write_off_reversals", "DELETE FROM {table}", "Losses are what was written off"),
    ("stored_files", "UPDATE {table} SET content = x'00'", "its bytes have changed"),
    ("stored_files", "UPDATE {table} SET is_kept = 0", "the kept file is not the one that was registered"),
    ("kept_papers", "DELETE FROM {table}", "not in the register of papers"),
    ("kept_papers", "UPDATE {table} SET amount_yen = 1", "the register says something else than the paper"),
    ("kept_papers", "UPDATE {table} SET transacted_on = '1999-01-01'", "the register says something else than the paper"),
    ("kept_papers", "UPDATE {table} SET file_sha256 = 'x'", "the kept file is not the one that was registered"),
    ("journal_runs", "UPDATE {table} SET entries = entries + 1", "went out, the books have"),
    ("journal_runs", "UPDATE {table} SET debit_yen = 1, credit_yen = 1", "went out, the books have"),
    ("journal_runs", "UPDATE {table} SET file_sha256 = 'x'", "journal run 1: the kept file is not the one"),
    ("journal_run_entries", "UPDATE {table} SET first_entry_id = NULL", "did not go out for the first time exactly once"),
    ("journal_run_entries", "DELETE FROM {table}", "went out, the books have"),
    ("audit_entries", "UPDATE {table} SET note = 'x'", "audit trail broken at"),
    ("audit_entries", "DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})", "audit trail broken at"),
    ("audit_heads", "UPDATE {table} SET sequence = sequence + 1", "audit trail broken at"),
]  # fmt: skip
GUARDS = (
    "kept_papers_no_update",
    "invoices_no_delete",
    "ledger_transfers_no_replace",
    "audit_heads_only_forward",
)


@pytest.fixture
def books(app: Flask) -> None:
    """A year of fees, a deposit that nobody has decided about, a run of the journal, an archive."""
    issuer()
    year_of_fees()
    by = actor_of(staff(Role.SECRETARIAT))
    moved_and_written_off(by)
    bring(transfer(12_345, "ダレデモナイ"), by=by)
    with transaction():
        set_layout(layout=preset_layout(Preset.SIDE_BY_SIDE), by=by)
        export_journal(Asked(date(2020, 1, 1), date(2099, 12, 31)), by=by)
        ask_archive(wanted=Wanted(), with_pint=False, by=by)
    rollback()


def moved_and_written_off(by: Actor) -> None:
    """100 yen too much for one invoice, used for another, the rest of which nobody will pay."""
    body = company()
    first, second = bill(body, fee(1_000)), bill(body, fee(1_000))
    with transaction():
        pay(first, 1_200, by)
    with transaction():
        move_advance(
            source=any_invoice(first.id), target=any_invoice(second.id), amount_yen=100, reason="前受金", by=by,
            source_key="test:moved",
        )  # fmt: skip
    third, fourth = bill(body, fee(1_000)), bill(body, fee(500))
    with transaction():
        pay(third, 1_100, by)
    give_back(third, by, 500)
    with transaction():
        move_advance(
            source=any_invoice(third.id), target=any_invoice(fourth.id), amount_yen=550, reason="前受金", by=by,
            source_key="test:receipted",
        )  # fmt: skip
    with transaction():
        write_off(invoice=any_invoice(second.id), owed_yen=1_000, reason="回収不能", by=by, source="test:off")
    with transaction():
        late = any_invoice(bill(body, fee(300)).id)
        row = write_off(invoice=late, owed_yen=330, reason="回収不能", by=by, source="test:undone")
        undo_write_off(row=row, invoice=late, reason="入金の見込み", by=by)


class TakeBackError(Exception):
    """Ends the transaction of a planted damage."""


def found_after(table: str, deed: str) -> list[str]:
    """What the command finds after a deed past the triggers of a table; everything is as before afterwards."""
    problems: list[str] = []
    one = "" if "WHERE" in deed else f" {ONE}" if table not in ("receivables", "audit_heads") else ""
    with pytest.raises(TakeBackError), transaction() as session:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        named = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        triggers = session.execute(named, {"table": table}).all()
        for name, _sql in triggers:
            session.execute(text(f"DROP TRIGGER {name}"))
        changed = session.execute(text((deed + one).format(table=table)))
        assert changed.rowcount > 0, (table, deed)  # type: ignore[attr-defined]
        for _name, sql in triggers:
            session.connection().exec_driver_sql(sql)
        with in_language("en"):
            problems = books_problems()
        raise TakeBackError
    return problems


def test_each_damage_is_found_by_its_own_rule(books: None) -> None:
    with in_language("en"):
        assert books_problems() == []
    rollback()
    missed = {}
    for table, deed, words in DAMAGE:
        problems = found_after(table, deed)
        if not any(words in problem for problem in problems):
            missed[f"{table}: {deed} -> {words}"] = problems
    assert missed == {}
    with in_language("en"):
        assert books_problems() == []


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_gone_is_found(app: Flask, guard: str) -> None:
    with pytest.raises(TakeBackError), transaction() as session:
        session.execute(text(f"DROP TRIGGER {guard}"))
        assert books_problems() == [f"trigger {guard} is missing or switched off"]
        raise TakeBackError
    assert (
        db.session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = :name"), {"name": guard}) == 1
    )
