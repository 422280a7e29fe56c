"""Deposits that want the same invoice are told so where the click is; a company is known by its English name too.

Mutants that must fail here: a page that compares its deposit alone; an undone deposit that forgets the others.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.models import BankDeposit
from portal.billing.services.bank.applying import Share, apply_deposit
from portal.billing.services.bank.proposing import match_open_deposits, proposals_for
from portal.billing.services.bank.undoing import undo_deposit
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.reconciliation import Reason
from tests.support import bank
from tests.support.billing import bill
from tests.support.people import actor_of, browser_of, company, staff

pytestmark = pytest.mark.database
AMOUNT = 1_100_000


@pytest.fixture
def clerk(app: Flask) -> Any:
    return staff(Role.SECRETARIAT, language="en")


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        ((AMOUNT, AMOUNT), "But another deposit fits the same invoice."),
        ((600_000, 500_000), "Together with another deposit of this payer it is exactly what is owed."),
    ],
)
def test_the_page_of_a_deposit_leads_to_the_other_that_wants_its_invoice(
    app: Flask, clerk: Any, amounts: tuple[int, int], words: str
) -> None:
    bill(company(name_kana="ミホンセイヤク"))
    by = actor_of(clerk)
    bank.bring(*(bank.transfer(each, "ミホンセイヤク") for each in amounts), by=by)
    one, other = (each.id for each in bank.deposits())
    office = browser_of(app, clerk)
    for mine, its in ((one, other), (other, one)):
        page = office.get(f"/staff/billing/deposits/{mine}").text
        assert words in page
        assert f'href="/staff/billing/deposits/{its}"' in page


def test_an_undone_deposit_knows_of_the_others_again(app: Flask, clerk: Any) -> None:
    invoice = bill(company(name_kana="ミホンセイヤク"))
    by = actor_of(clerk)
    bank.bring(*(bank.transfer(AMOUNT, "ミホンセイヤク") for _n in range(2)), by=by)
    first, second = (each.id for each in bank.deposits())
    rollback()
    with transaction():
        deposit = db.session.get_one(BankDeposit, first)
        shares = [Share(invoice.id, AMOUNT, 0, AMOUNT)]
        apply_deposit(deposit=deposit, shares=shares, seen=0, by=by, reasons="", learns=False)
    with transaction():
        undo_deposit(deposit=db.session.get_one(BankDeposit, first), reason="x", seen=1, by=by)
    with transaction():
        match_open_deposits()
    for each in bank.deposits():
        assert Reason.OTHER_DEPOSIT in proposals_for(each).proposals[0].reasons
        assert "other_deposit" in bank.standing(each).reasons
    assert second


def test_a_payer_is_known_by_its_english_name(app: Flask, clerk: Any) -> None:
    invoice = bill(company(name_kana="エグザンプル", name_en="Example Global Health K.K."))
    bank.bring(bank.transfer(AMOUNT - 660, "EXAMPLE GLOBAL HEALTH KK"), by=actor_of(clerk))
    (deposit,) = bank.deposits()
    (best, *_others) = proposals_for(deposit).proposals
    assert (best.parts[0].invoice_id, best.reasons) == (invoice.id, {Reason.NAME, Reason.FEE})
