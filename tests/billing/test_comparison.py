"""Our books against the provider's: what was missed is applied, planted differences are found, nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest
import stripe

from portal.accounts.enums import Role
from portal.billing.enums import DifferenceKind, PaymentSource, PayMethod, ReceivableState
from portal.billing.models import Payment, ProviderDifference, ProviderLook, Receivable, WebhookEvent
from portal.billing.queries.ledger import book_problems
from portal.billing.services import comparison
from portal.billing.services.comparison import compare_with_provider
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.billing.payer import Payer
from tests.support.billing import bill
from tests.support.people import actor_of, company, person


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


def test_twenty_planted_differences_are_found_and_no_other(payer: Payer, contact, run_jobs):
    """5 payments past us, 5 that only we have, 5 refunds there; 5 events that never came are simply applied."""
    honest = [paid_by_card(payer, contact) for _n in range(5)]
    payer.deliver()
    run_jobs()
    strangers = [charge_without_us(payer, 5000 + n) for n in range(5)]
    for n in range(5):
        book_without_them(bill(company()), f"pi_never{n}:1000")
    refunded = [paid_by_card(payer, contact) for _n in range(5)]
    payer.deliver()
    run_jobs()
    for invoice in refunded:
        payment = db.session.query(Payment).filter_by(invoice_id=invoice.id).one()
        intent = payment.provider_reference.partition(":")[0]
        payer.provider.refund(payment_intent_id=intent, amount_yen=1000, idempotency_key=f"r{invoice.id}")
    payer.stand_in.webhooks(drop=True)
    missed = [paid_by_card(payer, contact) for _n in range(5)]
    rollback()
    compare_with_provider()
    found = differences()
    assert [kind for kind, _reference in found].count(DifferenceKind.UNKNOWN_PAYMENT) == 5
    assert {ref for kind, ref in found if kind is DifferenceKind.UNKNOWN_PAYMENT} == set(strangers)
    assert [kind for kind, _reference in found].count(DifferenceKind.NOT_AT_PROVIDER) == 5
    assert [kind for kind, _reference in found].count(DifferenceKind.REFUNDED) == 5
    assert len(found) == 15
    assert {state_of(each) for each in missed + honest} == {ReceivableState.PAID}
    rollback()
    compare_with_provider()
    assert differences() == found


def test_an_amount_in_our_books_that_differs_is_found(payer: Payer, contact, run_jobs):
    invoice = paid_by_card(payer, contact)
    payer.deliver()
    run_jobs()
    attempt_id = db.session.query(Payment).filter_by(invoice_id=invoice.id).one().attempt_id
    with transaction() as session:
        session.add(
            Payment(
                provider=PaymentSource.STRIPE,
                provider_reference=db.session.query(Payment).one().provider_reference.replace("1100000", "1"),
                method=PayMethod.CARD,
                organisation_id=invoice.organisation_id,
                invoice_id=invoice.id,
                attempt_id=attempt_id,
                amount_yen=1,
                received_on=clock.today(),
                created_at=clock.now(),
            )
        )
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
    assert second.since == first.until - timedelta(hours=1)
    assert db.session.query(ProviderLook).count() == 2


def test_without_a_provider_there_is_nothing_to_compare(app):
    assert compare_with_provider() is None
