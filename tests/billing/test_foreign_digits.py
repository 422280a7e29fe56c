"""Digits of banks and payers keep no deposit from its invoice; a settled number of ours does, letters or not.

Mutants that must fail here: the last numbers not asked, or those of another kind of document.
"""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.deposits import DepositState
from portal.billing.services.bank.sure import apply_sure_deposits
from portal.core.transaction import rollback
from tests.billing.test_writeoffs import off
from tests.support.bank import bring, deposits, know, standing, transfer
from tests.support.billing import bill
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("text", "applied"),
    [("202611210001", True), ("PO-2026-004711", True), ("{settled}", False), ("INV-2026-004711", False)],
)
def test_only_a_number_that_we_issued_is_a_doubt(app: Flask, text: str, applied: bool) -> None:
    clerk, buyer = actor_of(staff(Role.SECRETARIAT)), company(name_kana="ミホンセイヤク")
    settled = bill(buyer, source_key="settled")
    off(settled, clerk)
    digits = settled.number.removeprefix("INV-").replace("-", "")
    bill(buyer)
    know(buyer, "ミホンセイヤク", clerk)
    bring(transfer(1_100_000, "ミホンセイヤク", edi=text.format(settled=digits)), by=clerk, itself=True)
    apply_sure_deposits()
    rollback()
    (deposit,) = deposits()
    assert standing(deposit).state is (DepositState.APPLIED if applied else DepositState.OPEN)
