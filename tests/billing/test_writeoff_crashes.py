"""Writing off and undoing it: killed before any statement, done by several at once, and upon an old look."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.accounts.enums import Role
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, WriteOff, WriteOffReversal
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.returns import find_write_off
from portal.billing.services import ledger, settlement
from portal.core import transaction as transactions
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback
from portal.domain.settlement import Debt
from tests.billing.returning import owed
from tests.billing.test_crashes import _deaf, _listen, every, fits, killed_at, points
from tests.billing.test_receipts_of_advances import pay
from tests.billing.test_writeoffs import off, undo
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff
from tests.support.races import at_once


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


def partly_paid(clerk: Any) -> Invoice:
    invoice = bill(company())
    pay(invoice, 300_000, clerk)
    rollback()
    return invoice


def test_writing_off_survives_a_kill_anywhere(app: Flask, clerk: Any) -> None:
    died = 0
    first = partly_paid(clerk)
    for point in range(0, points(app, lambda: off(first, clerk, 800_000, "0")) + 1, every()):
        invoice = partly_paid(clerk)
        died += killed_at(app, point, lambda i=invoice, p=point: off(i, clerk, 800_000, f"p{p}"))
        assert fits(invoice.id) in (ReceivableState.PARTLY_PAID, ReceivableState.PAID)
        off(invoice, clerk, 800_000, f"p{point}")
        off(invoice, clerk, 800_000, f"p{point}")
        assert owed(invoice).written_off_yen == 800_000
    assert died >= 3


def test_undoing_survives_a_kill_anywhere(app: Flask, clerk: Any) -> None:
    died = 0
    first = off(partly_paid(clerk), clerk, 800_000, "0")
    rollback()
    for point in range(0, points(app, lambda: undo(first, clerk)) + 1, every()):
        invoice = partly_paid(clerk)
        row = off(invoice, clerk, 800_000, f"p{point}")
        number = row.id
        died += killed_at(app, point, lambda r=row: undo(r, clerk))
        if fits(invoice.id) is ReceivableState.PAID:
            rollback()
            undo(find_write_off(number), clerk)
        assert (owed(invoice).state, owed(invoice).written_off_yen) == (ReceivableState.PARTLY_PAID, 0)
    assert died >= 3


def test_a_path_that_commits_in_between_is_caught(app: Flask, clerk: Any, monkeypatch: Any) -> None:
    """The mutant: the claim is committed before the books are written."""
    real = ledger.post

    def commits_too_early(*args: Any, **more: Any) -> Any:
        transactions.commit()
        return real(*args, **more)

    first, invoice = partly_paid(clerk), partly_paid(clerk)
    monkeypatch.setattr(ledger, "post", commits_too_early)
    seen: list[str] = []
    _listen(seen.append)
    off(first, clerk, 800_000, "0")
    _deaf()
    assert killed_at(app, seen.index("COMMIT") + 1, lambda: off(invoice, clerk, 800_000, "1"))
    with pytest.raises(AssertionError):
        fits(invoice.id)


@pytest.mark.database
def test_eight_clerks_write_one_claim_off_once(app: Flask, clerk: Any) -> None:
    invoice = partly_paid(clerk)
    done = at_once(app, *(lambda n=n: off(invoice, clerk, 800_000, f"r{n}").id for n in range(8)))  # type: ignore[misc]
    assert len([each for each in done if isinstance(each, int)]) == 1
    assert all(isinstance(each, int | Refused | OutOfDate) for each in done), done
    assert (owed(invoice).written_off_yen, db.session.query(WriteOff).count()) == (800_000, 1)


@pytest.mark.database
def test_eight_clerks_undo_it_once(app: Flask, clerk: Any) -> None:
    invoice = partly_paid(clerk)
    row = off(invoice, clerk, 800_000)
    number = row.id
    rollback()

    def again() -> bool:
        undo(find_write_off(number), clerk)
        return True

    done = at_once(app, *(again for _n in range(8)))
    assert len([each for each in done if each is True]) == 1
    assert all(each is True or isinstance(each, Refused | OutOfDate | IntegrityError) for each in done), done
    assert (owed(invoice).outstanding_yen, db.session.query(WriteOffReversal).count()) == (800_000, 1)


@pytest.mark.database
def test_money_that_came_meanwhile_is_seen(app: Flask, clerk: Any, monkeypatch: Any) -> None:
    """800,000 yen were read as owed; 700,000 of them have come by then: that is another rest than was shown."""
    invoice = partly_paid(clerk)
    pay(invoice, 700_000, clerk)
    fresh, calls = settlement.debt_of, []

    def old_at_first(invoice_id: int) -> Debt:
        calls.append(1)
        return Debt(1_100_000, 800_000) if len(calls) == 1 else fresh(invoice_id)

    monkeypatch.setattr(settlement, "debt_of", old_at_first)
    with pytest.raises(OutOfDate):
        off(invoice, clerk, 800_000)
    assert len(calls) == 2
    monkeypatch.setattr(settlement, "debt_of", fresh)
    rollback()
    assert any_invoice(invoice.id).receivable.outstanding_yen == 100_000
    owed(invoice)
