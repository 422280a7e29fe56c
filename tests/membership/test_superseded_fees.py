"""An invoice whose whole fee a change of tier gave back carries the contract no more, whatever an undone payment asks for again."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.billing.models import AdvanceMove, BankDeposit, Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.advances import undo_move
from portal.billing.services.bank.undoing import undo_deposit
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState
from portal.membership.models import ContractTerm
from portal.membership.queries.contract_checks import contract_problems
from tests.membership.test_seats_carry_no_membership import MARCH, bank_round, moved_up, paid_by_transfer
from tests.support import changes as given
from tests.support import renewals as season

pytestmark = pytest.mark.database


@pytest.mark.parametrize("is_new_paid", [True, False])
def test_a_payment_undone_after_a_move_leaves_the_contract_on_the_new_invoice(
    app: Flask, is_new_paid: bool
) -> None:
    admin = given.offered()
    with season.on(season.OFFERS):
        term = season.renew(admin)
    old = season.invoice_of(term).id
    with season.on(MARCH):
        deposit = paid_by_transfer(old, 660)
    with season.on(date(2027, 3, 20)):
        moved_up(admin, term.id)
        rollback()
    with season.on(date(2027, 3, 22)):
        new = db.session.scalars(
            select(Invoice.id).where(Invoice.source_key.like("tier_change:%"), Invoice.id > old)
        ).one()
        _undo_all(deposit)
        assert any_invoice(old).receivable.outstanding_yen == 660
        number = new if is_new_paid else old
        given.pay(number, any_invoice(number).receivable.outstanding_yen)
        rollback()
        standing = db.session.get_one(ContractTerm, term.id, populate_existing=True)
        assert (standing.activated_on is not None) == is_new_paid
        wanted = RenewalState.PAID if is_new_paid else RenewalState.INVOICED
        assert season.renewal_of(admin).state is wanted
        assert contract_problems() == []


def _undo_all(deposit: int) -> None:
    clerk = season.clerks_actor()
    rollback()
    with transaction():
        undo_move(move=db.session.scalars(select(AdvanceMove)).one(), reason="x", by=clerk)
    rollback()
    with transaction():
        undo_deposit(
            deposit=db.session.get_one(BankDeposit, deposit), reason="x", seen=bank_round(deposit), by=clerk
        )
    rollback()
