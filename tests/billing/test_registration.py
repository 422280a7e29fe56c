"""Papers that follow a sale are registered as the sale was, whatever the issuer is by then.

Mutants that must fail here: the number of the day on a credit note, on a correction, on an invoice issued anew, on a receipt.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.services.office import own_office
from portal.billing.enums import FeeProduct
from portal.billing.models import CreditNote, Invoice, Receipt
from portal.billing.queries.books.tax import tax_summary
from portal.billing.queries.invoices import any_invoice
from portal.billing.queries.versions import latest_version
from portal.billing.services.corrections import Correction, correct_invoice
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.pint import credit_note_pint
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tax import RoundingMode
from tests.golden.pint_rules import broken_rules
from tests.support.billing import ISSUER, bill, buyer, fee, issuer
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database
NUMBER = str(ISSUER["registration_number"])


@pytest.fixture
def clerk(app: Flask) -> Actor:
    return actor_of(staff(Role.SECRETARIAT))


def sold(number: str) -> Invoice:
    """A sale of yesterday by an issuer with this number; from today on it is the other way round, and it has moved."""
    yesterday = clock.now() - timedelta(days=1)
    with clock.frozen(yesterday):
        issuer(valid_from=clock.today(), registration_number=number)
        made = bill(company(), fee(10_000))
    with transaction():
        own_office().corporate_number = "7123456789012"
    other = "" if number else NUMBER
    issuer(
        valid_from=clock.today(),
        registration_number=other,
        address_ja="新しい住所",
        rounding=RoundingMode.CEIL,
    )
    return any_invoice(made.id)


def number_on(paper: Any) -> str:
    return str(paper.issuer["party"]["registration_number"])


@pytest.mark.parametrize("number", ["", NUMBER])
def test_a_return_is_qualified_as_its_sale_was(clerk: Actor, number: str) -> None:
    invoice = sold(number)
    with transaction():
        whole = any_invoice(invoice.id)
        issue_credit_note(
            invoice=whole, amounts={whole.lines[0].id: 1_005}, reason="値引き", by=clerk, source_key="c"
        )
    rollback()
    note = db.session.query(CreditNote).one()
    assert number_on(note) == number
    assert note.issuer["party"]["address"] == "新しい住所"
    assert note.tax_yen == 100  # rounded as the sale was
    file = credit_note_pint(note)
    assert list(broken_rules(file)) == []
    assert (b"nontaxinvoice" in file) is not bool(number)
    (row,) = tax_summary(date(2020, 1, 1), date(2030, 1, 1)).rows
    assert (row.key.is_registered, row.sales_net_yen, row.return_net_yen) == (bool(number), 10_000, 1_005)


@pytest.mark.parametrize("number", ["", NUMBER])
def test_a_correction_a_receipt_and_one_issued_anew(clerk: Actor, number: str) -> None:
    invoice = sold(number)
    words = Correction(buyer=buyer(name="改名株式会社"), subject="会費", purchase_order="", descriptions={})
    with transaction():
        correct_invoice(
            invoice=any_invoice(invoice.id), wanted=words, reason="社名", by=clerk, source_key="w"
        )
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=11_000, received_on=clock.today(), payer_name="", by=clerk, once="p"
        )  # fmt: skip
    wanted = Replacement(
        buyer=buyer(), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(9_000, product=FeeProduct.MEMBERSHIP)]
    )  # fmt: skip
    with transaction():
        new = replace_invoice(
            invoice=any_invoice(invoice.id), wanted=wanted, reason="金額", by=clerk, source_key="r"
        )
    papers = [latest_version(any_invoice(invoice.id)), any_invoice(new.id), *db.session.query(Receipt)]
    assert {number_on(each) for each in papers} == {number}
    assert len(papers) == 4
