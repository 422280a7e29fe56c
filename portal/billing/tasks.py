"""Jobs of billing: ids in, one service call."""

from __future__ import annotations

from datetime import timedelta

from portal.billing.services import (
    archives,
    closing,
    comparison,
    events,
    part_payments,
    payer_balances,
    register,
    revenue,
)
from portal.billing.services import orders as ordering
from portal.billing.services.bank import proposing, sure
from portal.billing.services.returns import disputes, sending
from portal.jobs.registry import task
from portal.jobs.services import enqueue


@task("billing.apply_event", atomic=False)
def apply_event(event_id: int) -> None:
    """Apply one piece of the provider's news."""
    events.apply_event(event_id)


@task("billing.close_checkouts", atomic=False)
def close_checkouts(invoice_id: int) -> None:
    """Close payment pages that nobody should pay on any more."""
    closing.close_checkouts(invoice_id)


@task("billing.compare_with_provider", atomic=False, every=timedelta(hours=6))
def compare_with_provider() -> None:
    """Look for news that never reached us."""
    comparison.compare_with_provider()


@task("billing.send_refund", atomic=False)
def send_refund(order_id: int) -> None:
    """Have the provider give money back."""
    sending.send_refund(order_id)


@task("billing.pay_from_balance", atomic=False)
def pay_from_balance(attempt_id: int, customer: str) -> None:
    """Have the provider pay an invoice out of what the payer has there."""
    payer_balances.pay_from_balance(attempt_id, customer)


@task("billing.remind_of_evidence", every=timedelta(hours=12))
def remind_of_evidence() -> None:
    """Contested payments whose answer is due soon."""
    disputes.remind_of_evidence()


@task("billing.close_stale_checkouts", atomic=False, every=timedelta(hours=6))
def close_stale_checkouts() -> None:
    """Ways to pay that nobody should use any more are closed at the provider."""
    closing.close_stale_checkouts()


@task("billing.earn_fees", every=timedelta(days=1))
def earn_fees() -> None:
    """Deferred fees whose period has begun become income; as many again while there are more."""
    if revenue.earn_fees() == revenue.MOST:
        enqueue("billing.earn_fees")


@task("billing.match_deposits", every=timedelta(minutes=15))
def match_deposits() -> None:
    """Compare undecided deposits with what is owed by now."""
    proposing.match_open_deposits()


@task("billing.tell_of_parts")
def tell_of_parts(invoice_id: int, first: int, until: str) -> None:
    """One mail for the parts of an invoice that arrived in a quarter of an hour."""
    part_payments.tell_of_parts(invoice_id, first, until)


@task("billing.apply_sure_deposits", atomic=False)
def apply_sure_deposits(after: int = 0) -> None:
    """Apply a batch of deposits that need nobody."""
    sure.apply_sure_deposits(after)


@task("billing.make_archive", atomic=False)
def make_archive(archive_id: int) -> None:
    """Make a ZIP of what a search of papers found."""
    archives.make_archive(archive_id)


@task("billing.drop_archives", atomic=False, every=timedelta(hours=1))
def drop_archives() -> None:
    """Delete archives that have been kept long enough."""
    archives.drop_old_archives()


@task("billing.register_papers", atomic=False, every=timedelta(hours=6))
def register_papers() -> None:
    """Take papers into the register that are older than it."""
    register.register_old_papers()


@task("billing.expire_quotes", every=timedelta(hours=1))
def expire_quotes() -> None:
    """Quotes whose last day has passed are over."""
    ordering.expire_quotes()
