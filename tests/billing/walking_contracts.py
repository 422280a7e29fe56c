"""Deeds on contracts beside those of the walk: seats, changes taken back, transfers less a fee, deposits undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from portal.billing.deposits import DepositState
from portal.billing.models import BankDeposit, DepositStanding, Receivable
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.undoing import undo_deposit
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.domain.tier_change_flow import ChangeState
from portal.membership import queries
from portal.membership.models import ContractTerm, SeatArrangement, TierChange
from portal.membership.services.seats.arranging import end_seats, propose_seats
from portal.membership.services.seats.planning import plan_seats
from portal.membership.services.tier_changes.taking_back import plan_taking_back, take_back_change
from tests.billing.walking import Walk, debt
from tests.support import bank


class ContractWalk(Walk):
    """The walk with these among its deeds."""

    def deeds(self) -> Sequence[Callable[[], object]]:
        more = (
            self.seats,
            self.seats,
            self.end,
            self.take_back,
            self.take_back,
            self.transfer,
            self.transfer,
            self.undo_transfer,
        )
        return (*super().deeds(), *more * 3)  # every other step one of these

    def seats(self) -> None:
        """Agreed to by telephone."""
        body = self.dice.choice(list(self.payers))
        term = next((each for each in queries.terms_of(body) if each.ends_on >= clock.today()), None)
        if term is None:
            raise Refused("")
        said = {
            "seats": self.dice.choice((1, 3)),
            "price_yen": self.dice.choice((99_999, 200_000)),
            "category": self.dice.choice((TaxCategory.STANDARD_10, TaxCategory.EXEMPT)),
        }
        number, seen = term.id, plan_seats(term, *said.values(), goes_on=True).fingerprint  # type: ignore[arg-type]
        rollback()
        with transaction():
            propose_seats(
                term_id=number, goes_on=True, note="n", is_agreed=True, seen=seen, once=self.key(), by=self.clerk, **said
            )  # type: ignore[arg-type]  # fmt: skip

    def end(self) -> None:
        number = self.some(SeatArrangement, SeatArrangement.state == SeatState.AGREED).id
        with transaction():
            end_seats(
                arrangement=db.session.get_one(SeatArrangement, number),
                reason="r",
                by=self.clerk,
                settled=True,
            )

    def take_back(self) -> None:
        number = self.some(TierChange, TierChange.state == ChangeState.AGREED).id
        change = db.session.get_one(TierChange, number)
        seen = plan_taking_back(change, db.session.get_one(ContractTerm, change.term_id)).fingerprint
        rollback()
        with transaction():
            take_back_change(
                change=db.session.get_one(TierChange, number), reason="r", seen=seen, by=self.clerk
            )

    def transfer(self) -> None:
        """Of the whole, less a fee as often as not."""
        invoice = self.invoice(Receivable.outstanding_yen > 1000)
        owed, fee_yen = debt(invoice).outstanding_yen, self.dice.choice((0, 440, 660))
        number = invoice.id
        rollback()
        bank.bring(bank.transfer(owed - fee_yen, f"ナマエ{self.step}"), by=self.clerk)
        deposit = bank.deposits()[-1].id
        seen = db.session.get_one(DepositStanding, deposit).round
        rollback()
        with transaction():
            apply_deposit(
                deposit=db.session.get_one(BankDeposit, deposit), shares=[Share(number, owed - fee_yen, fee_yen, owed)],
                seen=seen, by=self.clerk, reasons="", is_automatic=False,
            )  # fmt: skip

    def undo_transfer(self) -> None:
        number = self.some(
            BankDeposit,
            BankDeposit.id.in_(
                select(DepositStanding.deposit_id).where(DepositStanding.state == DepositState.APPLIED)
            ),
        ).id
        with transaction():
            deposit = db.session.get_one(BankDeposit, number)
            seen = db.session.get_one(DepositStanding, number).round
            undo_deposit(deposit=deposit, reason="r", seen=seen, by=self.clerk)
