"""Our books against the provider's: what was missed is applied, planted differences are found, nothing else is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import stripe
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.billing.enums import DifferenceKind, PaymentSource, PayMethod, ReceivableState
from portal.billing.models import (
    JournalEntry,
    Payment,
    ProviderDifference,
    ProviderLook,
    Receivable,
    WebhookEvent,
)
from portal.billing.queries.book_rules import book_problems
from portal.billing.services import comparison, ledger
from portal.billing.services.comparison import compare_with_provider
from portal.billing.services.differences import resolve_difference
from portal.billing.services.returns.comparing import fee_source
from portal.billing.services.returns.remedies import ADVICE, apply_remedy, remedies_of
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain import ledger as books
from portal.domain.ledger import Account, EntryKind
from tests.billing.payer import Payer
from tests.billing.returning import ask_back, attempt_of, balances, give_back, orders, settle_down
from tests.support.billing import bill
from tests.support.people import actor_of, company, person, staff


@pytest.fixture
def contact(app):
    return actor_of(person(at=company(), roles=(Role.BILLING,)))


def state_of(invoice) -> ReceivableState:
    rollback()
    return db.session.get_one(Receivable, invoice.id, populate_existing=True).state


def differences() -> list[tuple[DifferenceKind, str]]:
    rollback()
    return sorted((each.kind, each.reference) for each in db.session.query(ProviderDifference))


def paid_by_card(payer: Payer, contact):
    invoice = bill(company())
    payer.choose(payer.open(invoice, contact), "card")
    return invoice


def charge_without_us(payer: Payer, amount: int) -> str:
    """Somebody pays at the provider past the portal."""
    sdk = stripe.StripeClient(
        "sk_test_stand_in", base_addresses={"api": payer.stand_in.url}, max_network_retries=0
    )
    intent = sdk.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": "jpy",
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    return intent.id


def book_without_them(invoice, reference: str) -> None:
    """A payment in our books that the provider never saw."""
    with transaction() as session:
        session.add(
            Payment(
                provider=PaymentSource.STRIPE,
                provider_reference=reference,
                method=PayMethod.CARD,
                organisation_id=invoice.organisation_id,
                invoice_id=invoice.id,
                amount_yen=1000,
                received_on=clock.today(),
                created_at=clock.now(),
            )
        )


def book_twice(invoice) -> None:
    """A yen too many in our books for a payment that both know."""
    first = db.session.query(Payment).filter_by(invoice_id=invoice.id).one()
    with transaction() as session:
        session.add(
            Payment(
                provider=PaymentSource.STRIPE,
                provider_reference=first.provider_reference.replace("1100000", "1"),
                method=PayMethod.CARD,
                organisation_id=invoice.organisation_id,
                invoice_id=invoice.id,
                attempt_id=first.attempt_id,
                amount_yen=1,
                received_on=clock.today(),
                created_at=clock.now(),
            )
        )


def test_news_that_never_came_is_found_and_applied(payer: Payer, contact, run_jobs):
    payer.stand_in.webhooks(drop=True)
    invoices = [paid_by_card(payer, contact) for _n in range(3)]
    rollback()
    look = compare_with_provider()
    assert look is not None
    assert look.events_missed == look.events_found > 0
    assert [state_of(each) for each in invoices] == [ReceivableState.PAID] * 3
    assert differences() == []
    run_jobs()
    again = compare_with_provider()
    assert (again.events_missed, again.differences_found) == (0, 0)
    assert {event.origin for event in db.session.query(WebhookEvent)} == {"found"}
    rollback()
    assert book_problems() == []


class Planted:
    """Differences of every kind, each planted so that nothing but looking finds it."""

    def __init__(self, payer: Payer, contact, clerk, run_jobs) -> None:
        self.payer, self.contact, self.clerk, self.run_jobs = payer, contact, clerk, run_jobs
        self.paid = [paid_by_card(payer, contact) for _n in range(12)]
        self.parts = [self._begun() for _n in range(2)]
        settle_down(payer, run_jobs)
        rollback()
        self.wanted: Counter[DifferenceKind] = Counter()

    def _begun(self):
        """A transfer of which a part has arrived."""
        invoice = bill(company())
        attempt = self.payer.open(invoice, self.contact, PayMethod.BANK_TRANSFER)
        self.payer.transfer(self.payer.choose(attempt, "bank_transfer"), 300_000)
        return invoice

    def intent(self, invoice) -> str:
        return str(attempt_of(invoice).intent_id)

    def plant(self) -> None:
        """20 of 12 kinds; 3 events that never come and 3 changes of state are no differences but simply applied."""
        kinds = DifferenceKind
        strangers = [charge_without_us(self.payer, 5000 + n) for n in range(4)]
        self.payer.stand_in.control.dispute(strangers[0])
        for n in range(2):
            book_without_them(bill(company()), f"pi_never{n}:1000")
        for n, invoice in enumerate(self.paid[:3]):
            self.payer.provider.refund(
                payment_intent_id=self.intent(invoice), amount_yen=1000, idempotency_key=f"there{n}"
            )
        for invoice in self.parts:
            self.payer.provider.cancel_payment_intent(self.intent(invoice))
        book_twice(self.paid[10])
        self._refunds()
        self._disputes()
        for amount in (-800, 300):
            self.payer.stand_in.control.move_balance(amount)
        self.wanted += Counter(
            {
                kinds.UNKNOWN_PAYMENT: 4, kinds.DISPUTE_WITHOUT_INVOICE: 1, kinds.NOT_AT_PROVIDER: 2, kinds.REFUNDED: 3,
                kinds.PART_RELEASED: 2, kinds.MOVEMENT: 2, kinds.AMOUNT_DIFFERS: 1,
            }
        )  # fmt: skip

    def _refunds(self) -> None:
        """One of ours that the provider does not know, one over another amount, one that waits there."""
        self.payer.stand_in.control.begin_refunds_as("pending")
        for n, invoice in enumerate(self.paid[3:6]):
            give_back(invoice, self.clerk, 100_000, key=f"p{n}")
            ask_back(invoice, self.clerk, 110_000, once=f"p{n}")
        self.run_jobs()
        rollback()
        lost, other, waits = orders()[-3:]
        state = self.payer.stand_in._state
        with state.transaction():
            state.rows("DELETE FROM objects WHERE id = ?", lost.provider_id)
            body = state.find(other.provider_id)
            state.save(body | {"amount": 110_001})
        self.payer.stand_in.control.decide_refund(waits.provider_id, "succeeded")
        self.wanted += Counter({DifferenceKind.REFUND_UNKNOWN: 1, DifferenceKind.REFUND_DIFFERS: 1})

    def _disputes(self) -> None:
        """Two known here: the provider forgets one and charges more for the other; two that never reached us."""
        names = [self.payer.stand_in.control.dispute(self.intent(each))["id"] for each in self.paid[6:8]]
        settle_down(self.payer, self.run_jobs)
        self.payer.stand_in.webhooks(drop=True)
        state = self.payer.stand_in._state
        with state.transaction():
            state.rows("DELETE FROM objects WHERE id = ?", names[0])
            body = state.find(names[1])
            body["balance_transactions"][0]["amount"] += 500
            state.save(body)
            fee = next(iter(state.scan("balance_transaction", type="charge")))
        with transaction():
            ledger.post(
                EntryKind.PROVIDER_FEE, source=fee_source(fee["id"]), transfers=books.provider_fee(Account.STRIPE_FEES, 1),
                booked_on=clock.today(),
            )  # fmt: skip
        lost = self.payer.stand_in.control.dispute(self.intent(self.paid[8]))["id"]
        self.payer.stand_in.control.decide_dispute(lost, "lost")
        self.payer.stand_in.control.dispute(self.intent(self.paid[9]), is_inquiry=True)
        self.wanted += Counter(
            {
                DifferenceKind.DISPUTE_UNKNOWN: 1,
                DifferenceKind.DISPUTE_DIFFERS: 1,
                DifferenceKind.FEE_DIFFERS: 1,
            }
        )


@pytest.fixture
def planted(payer: Payer, contact, run_jobs) -> Planted:
    return Planted(payer, contact, actor_of(staff(Role.SECRETARIAT)), run_jobs)


def test_twenty_planted_differences_are_found_and_no_other(planted: Planted) -> None:
    planted.plant()
    rollback()
    compare_with_provider()
    found = Counter(kind for kind, _reference in differences())
    assert found == planted.wanted
    assert found.total() == 20
    assert state_of(planted.paid[8]) is ReceivableState.UNPAID  # lost there, and nobody had told us
    assert {state_of(each) for each in planted.paid[9:]} == {ReceivableState.PAID}
    again = compare_with_provider()
    assert (again.differences_found, Counter(kind for kind, _reference in differences())) == (0, found)


def test_every_difference_has_a_way_out(planted: Planted) -> None:
    """One click where the portal can act, else words; afterwards the books fit and nothing is found again."""
    planted.plant()
    rollback()
    compare_with_provider()
    rollback()
    acted = Counter()
    for number in [each.id for each in db.session.query(ProviderDifference)]:
        difference = db.session.get_one(ProviderDifference, number)
        assert str(ADVICE[difference.kind])
        remedies = remedies_of(difference)
        with transaction():
            mine = db.session.get_one(ProviderDifference, number)
            if remedies:
                apply_remedy(difference=mine, remedy=remedies[0], by=planted.clerk)
                acted[mine.kind] += 1
            else:
                resolve_difference(difference=mine, note="確認済み", by=planted.clerk)
        rollback()
    assert acted == {kind: planted.wanted[kind] for kind in (
        DifferenceKind.REFUNDED, DifferenceKind.PART_RELEASED, DifferenceKind.MOVEMENT, DifferenceKind.FEE_DIFFERS
    )}  # fmt: skip
    assert compare_with_provider().differences_found == 0


def test_an_amount_in_our_books_that_differs_is_found(payer: Payer, contact, run_jobs):
    invoice = paid_by_card(payer, contact)
    payer.deliver()
    run_jobs()
    book_twice(invoice)
    compare_with_provider()
    assert [kind for kind, _reference in differences()] == [DifferenceKind.AMOUNT_DIFFERS]


def test_a_payment_begun_before_the_list_is_no_difference(payer: Payer, contact, run_jobs):
    """Not listed, but still there when asked for by name."""
    paid_by_card(payer, contact)
    payer.deliver()
    run_jobs()
    yesterday = clock.now() - timedelta(days=1)
    assert comparison._compare_books(payer.provider, (), yesterday) == 0
    book_without_them(bill(company()), "pi_never:1000")
    assert comparison._compare_books(payer.provider, (), yesterday) == 1


def test_the_next_look_begins_where_the_last_one_ended(payer: Payer, contact):
    first, second = compare_with_provider(), compare_with_provider()
    assert second.since == first.until - comparison.OVERLAP
    assert db.session.query(ProviderLook).count() == 2


@pytest.mark.parametrize("ahead", [timedelta(minutes=3), timedelta(hours=3)], ids=str)
def test_money_is_booked_on_no_day_that_has_not_come(payer: Payer, contact, run_jobs, ahead: timedelta):
    """The provider's clock is ahead of ours. Mutant: its day is taken as it is told."""
    late = datetime(2026, 11, 21, 14, 58, tzinfo=UTC)  # 23:58 in Tokyo
    with clock.frozen(late):
        payer.stand_in.control.move_clock(at=(late + ahead).timestamp())
        paid_by_card(payer, contact)
        payer.deliver()
        run_jobs()
        compare_with_provider()
        rollback()
        assert [each.received_on for each in db.session.scalars(select(Payment))] == [date(2026, 11, 21)]
        assert db.session.scalar(select(func.max(JournalEntry.booked_on))) == date(2026, 11, 21)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=2), timedelta(days=2), timedelta(days=40)])
def test_a_clock_that_was_ahead_during_one_look_loses_no_fee(
    payer: Payer, contact, run_jobs, ahead: timedelta
):
    """Mutants: no overlap; the look of the wrong clock taken for the last one."""
    now = datetime(2026, 11, 21, 3, tzinfo=UTC)

    def look(hours: int, skew: timedelta = timedelta(0)) -> None:
        nonlocal now
        now += timedelta(hours=hours)
        payer.stand_in.control.move_clock(at=now.timestamp())
        with clock.frozen(now + skew):
            compare_with_provider()
            rollback()

    look(0)
    look(6, ahead)
    with clock.frozen(now + timedelta(minutes=10)):
        payer.stand_in.control.move_clock(at=clock.now().timestamp())
        paid_by_card(payer, contact)
        payer.deliver()
        run_jobs()
    for hours in (6, 6, 24, 480):
        look(hours)
    kept = sum(each.fee_yen for each in payer.provider.list_movements(now - timedelta(days=60)))
    assert kept > 0
    assert balances()[Account.STRIPE_FEES] == kept


def test_after_a_long_silence_fees_are_still_found(payer: Payer, contact, run_jobs):
    """The provider keeps its events for a month, movements of the balance for good."""
    start = datetime(2026, 6, 1, 3, tzinfo=UTC)
    payer.stand_in.control.move_clock(at=start.timestamp())
    with clock.frozen(start):
        compare_with_provider()
        rollback()
        paid_by_card(payer, contact)
        payer.deliver()
        run_jobs()
    later = start + timedelta(days=60)
    payer.stand_in.control.move_clock(at=later.timestamp())
    with clock.frozen(later):
        compare_with_provider()
    rollback()
    assert balances()[Account.STRIPE_FEES] == sum(
        each.fee_yen for each in payer.provider.list_movements(start)
    )


def test_without_a_provider_there_is_nothing_to_compare(app):
    assert compare_with_provider() is None
