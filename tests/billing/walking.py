"""A house with members, walked through by chance: deeds of the office, payers, the provider and the clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.enums import FeeProduct, PayMethod
from portal.billing.models import (
    AdvanceMove,
    CheckoutAttempt,
    Dispute,
    Invoice,
    Payment,
    Receivable,
    WriteOff,
)
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.refundable import refundable
from portal.billing.returns import OPEN_DISPUTES
from portal.billing.services.advances import move_advance, undo_move
from portal.billing.services.comparison import compare_with_provider
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.refunds import record_refund
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.billing.services.returns.orders import order_refund
from portal.billing.services.returns.writeoffs import undo_write_off, write_off
from portal.billing.services.revenue import earn_fees
from portal.billing.services.reversals import reverse_payment
from portal.billing.services.settlement import debt_of
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.documents import Period
from portal.domain.settlement import Debt
from portal.domain.tax import RoundingMode, TaxCategory
from portal.domain.terms import FiscalYear
from portal.gateways.payments import ProviderRefused
from portal.gateways.stripe_standin.refusals import Refusal
from portal.jobs.services import run_due_jobs
from portal.membership import queries
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.upgrades import change_tier
from tests.billing.payer import Payer
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.billing import ISSUER, bill, buyer, fee, issuer
from tests.support.people import actor_of, staff

BEGIN = datetime(2026, 4, 20, 3, tzinfo=UTC)


def debt(invoice: Invoice) -> Debt:
    """What is owed on it at this moment."""
    return debt_of(invoice.id)


class Walk:
    """Deeds, each drawn with what it needs. What the portal refuses, it refuses; the walk goes on."""

    def __init__(self, payer: Payer, seed: int) -> None:
        self.number, self.dice, self.payer, self.now, self.step = seed, random.Random(seed), payer, BEGIN, 0
        self.is_early = False
        self.provider = payer.stand_in.control
        with season.on(given.DECEMBER):
            season.house()
        with self.at():
            members = [
                given.member(tier, paid_yen=paid) for tier, paid in (("C", 0), ("B", 0), ("C", 50_000))
            ]
            poor = given.invoice_of(members[-1]).id
            self.clerk = actor_of(staff(Role.SECRETARIAT))
            self.payers = {season.body_of(each).id: actor_of(each) for each in members}
            with transaction():  # one fee whose rest nobody will pay
                write_off(
                    invoice=any_invoice(poor), owed_yen=500_000, reason="r", by=self.clerk, source="poor"
                )
        for deed in (compare_with_provider, self.card, self.pay):  # so that there is money to move
            self.do(deed)

    def at(self) -> Any:
        """Our clock and the provider's."""
        self.provider.move_clock(at=self.now.timestamp())
        return clock.frozen(self.now)

    def go(self) -> str:
        """One step; its name."""
        return self.do(self.dice.choice(self.deeds()))

    def deeds(self) -> Sequence[Callable[[], object]]:
        """What may happen, as often as it stands here."""
        return (
            self.card, self.card, self.pay, self.pay, self.credit, self.move, self.move, self.undo, self.reverse, self.replace, self.replace,
            self.dispute, self.dispute, self.decide, self.decide, self.refund, self.order, self.lose, self.recall, self.upgrade, self.upgrade,
            self.issue, self.issue, self.issue, self.settings, self.wait, self.wait, self.look,
        )  # fmt: skip

    def do(self, deed: Callable[[], object]) -> str:
        """The deed and what it sets off."""
        self.step, self.is_early = self.step + 1, False
        with self.at():
            try:
                deed()
            except (Refused, OutOfDate, ProviderRefused, Refusal):
                pass
            finally:
                rollback()
        with self.at():
            job = self.now - timedelta(hours=self.is_early)  # that of the day before
            with clock.frozen(job), transaction():
                earn_fees()
            for _round in range(3):
                self.payer.deliver()
                run_due_jobs()
            rollback()
        return deed.__name__

    # What a deed is about

    def key(self) -> str:
        return f"walk{self.step:028}"

    def some(self, model: Any, *which: Any) -> Any:
        """A row of those, by chance. Refuses when there is none."""
        rollback()
        found = db.session.scalars(select(model).where(*which).order_by(model.id)).all()
        if not found:
            raise Refused("")
        return self.dice.choice(found)

    def invoice(self, *which: Any) -> Invoice:
        """One of those to which the condition on what is owed applies."""
        its = select(Receivable.invoice_id).where(*which)
        return any_invoice(self.some(Invoice, Invoice.id.in_(its)).id)

    def part(self, most: int) -> int:
        return self.dice.choice((most, most, max(1, most // 2), self.dice.randint(1, max(1, most))))

    # Payers and the provider

    def card(self) -> None:
        invoice = self.invoice(Receivable.outstanding_yen >= 50)
        attempt = self.payer.open(invoice, self.payers[invoice.organisation_id])
        self.payer.choose(attempt, "card")

    def dispute(self) -> None:
        attempt = self.some(CheckoutAttempt, CheckoutAttempt.received_yen > 0)
        self.provider.dispute(str(attempt.intent_id), amount=self.part(attempt.received_yen))

    def decide(self) -> None:
        dispute = self.some(Dispute, Dispute.state.in_(OPEN_DISPUTES))
        self.provider.decide_dispute(dispute.provider_id, self.dice.choice(("lost", "lost", "won")))

    def order(self) -> None:
        invoice = self.invoice(Receivable.excess_yen > 0)
        found = refundable(invoice)
        if found:
            most = min(found[0].left_yen, debt(invoice).excess_yen)
            attempt = found[0].attempt.id
            self.provider.begin_refunds_as(self.dice.choice(("succeeded", "pending", "failed")))
            with transaction():
                order_refund(
                    invoice=any_invoice(invoice.id), attempt_id=attempt, amount_yen=self.part(most), note="", by=self.clerk, once=self.key()
                )  # fmt: skip

    def look(self) -> None:
        """The comparison, by a clock that is now and then ahead; then somebody pays."""
        with clock.frozen(self.now + timedelta(hours=self.dice.choice((0, 0, 2, 30)))):
            compare_with_provider()
            rollback()
        self.card()

    # The office

    def pay(self) -> None:
        invoice = self.invoice()
        yen = self.part(debt(invoice).outstanding_yen or 1000)
        day = clock.today() - timedelta(days=self.dice.choice((0, 0, 3)))
        with transaction():
            record_bank_payment(
                invoice=any_invoice(invoice.id), amount_yen=yen, received_on=day, payer_name="", by=self.clerk, once=self.key()
            )  # fmt: skip

    def credit(self) -> None:
        invoice = self.invoice()
        amounts = {line: self.dice.choice((left, left // 3)) for line, left in left_of_lines(invoice).items()}
        with transaction():
            issue_credit_note(
                invoice=any_invoice(invoice.id),
                amounts=amounts,
                reason="r",
                by=self.clerk,
                source_key=self.key(),
            )

    def move(self) -> None:
        source = self.invoice(Receivable.excess_yen > 0)
        target = self.invoice(
            Receivable.outstanding_yen > 0, Receivable.organisation_id == source.organisation_id
        )
        yen = self.part(min(debt(source).excess_yen, debt(target).outstanding_yen))
        with transaction():
            move_advance(
                source=any_invoice(source.id), target=any_invoice(target.id), amount_yen=yen, reason="r", by=self.clerk, source_key=self.key()
            )  # fmt: skip

    def undo(self) -> None:
        number = self.some(AdvanceMove).id
        with transaction():
            undo_move(move=db.session.get_one(AdvanceMove, number), reason="r", by=self.clerk)

    def reverse(self) -> None:
        number = self.some(Payment).id
        with transaction():
            payment = db.session.get_one(Payment, number)
            reverse_payment(
                payment=payment, invoice=any_invoice(payment.invoice_id), reason="r", by=self.clerk
            )

    def refund(self) -> None:
        invoice = self.invoice(Receivable.excess_yen > 0)
        yen = self.part(debt(invoice).excess_yen)
        with transaction():
            record_refund(
                invoice=any_invoice(invoice.id), amount_yen=yen, paid_on=clock.today(), note="", by=self.clerk, once=self.key()
            )  # fmt: skip

    def lose(self) -> None:
        """Now and then with a way to pay open at the provider, from which money comes all the same."""
        invoice = self.invoice(Receivable.outstanding_yen >= 50)
        is_late = self.dice.choice((True, False))
        if is_late:
            attempt = self.payer.open(invoice, self.payers[invoice.organisation_id], PayMethod.BANK_TRANSFER)
            customer = self.payer.choose(attempt, "bank_transfer")
        with transaction():
            owed = debt(invoice).outstanding_yen
            write_off(
                invoice=any_invoice(invoice.id), owed_yen=owed, reason="r", by=self.clerk, source=self.key()
            )
        if is_late:
            self.payer.transfer(customer, self.part(attempt.amount_yen))

    def recall(self) -> None:
        number = self.some(WriteOff).id
        with transaction():
            row = db.session.get_one(WriteOff, number)
            undo_write_off(row=row, invoice=any_invoice(row.invoice_id), reason="r", by=self.clerk)

    def replace(self) -> None:
        invoice = self.invoice()
        lines = [
            fee(max(1, line.amount_yen * self.dice.choice((1, 2, 4)) // 2), product=FeeProduct(line.product), category=line.category)
            for line in invoice.lines
        ]  # fmt: skip
        wanted = Replacement(
            buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=lines
        )
        with transaction():
            replace_invoice(
                invoice=any_invoice(invoice.id),
                wanted=wanted,
                reason="r",
                by=self.clerk,
                source_key=self.key(),
            )

    def issue(self) -> None:
        """For this year or the next, often to begin on a later day."""
        body = db.session.get_one(Organisation, self.dice.choice(list(self.payers)))
        lines = [fee(self.dice.choice((9, 105, 10_001, 333_333)), category=each) for each in self.dice.sample(list(TaxCategory), 2)]  # fmt: skip
        year = FiscalYear.of(clock.today())
        year = self.dice.choice((year, year.next))
        first = max(
            year.starts_on, min(clock.today() + timedelta(days=self.dice.choice((0, 3, 9, 60))), year.ends_on)
        )
        bill(body, *lines, period=Period(first, year.ends_on), fiscal_year=year.year)

    def settings(self) -> None:
        """The issuer rounds otherwise, or is registered no more."""
        number = self.dice.choice(("", ISSUER["registration_number"]))
        issuer(
            valid_from=clock.today(),
            registration_number=number,
            rounding=self.dice.choice(list(RoundingMode)),
        )

    # Members and time

    def upgrade(self) -> None:
        body, admin = self.dice.choice(list(self.payers.items()))
        term = next((each for each in queries.terms_of(body) if each.ends_on >= clock.today()), None)
        if term is None:
            raise Refused("")
        number, tier = term.id, queries.tier_for("A", term.fiscal_year)
        assert tier is not None
        seen = plan_upgrade(term, tier).fingerprint
        rollback()
        with transaction():
            change_tier(term_id=number, code="A", seen=seen, once=self.key(), by=admin)

    def wait(self) -> None:
        """Some hours, some weeks, or until the first morning of a fiscal year, before its job has run."""
        april = datetime(clock.today().year + (clock.today() >= date(clock.today().year, 4, 1)), 3, 31, 15, 5, tzinfo=UTC)  # fmt: skip
        steps = (
            self.now + timedelta(hours=7),
            self.now + timedelta(days=1),
            self.now + timedelta(days=40),
            april,
        )
        self.now = self.dice.choice(steps)
        self.is_early = self.now == april
