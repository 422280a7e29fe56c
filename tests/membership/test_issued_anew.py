"""A membership follows its invoice when that is issued anew with another amount."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.documents import party
from portal.billing.models import Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.billing.services.replacements import Replacement, replace_invoice
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState
from portal.home.queries.faults import faults
from portal.membership.models import ContractTerm
from portal.membership.queries.bills import bills_of, leading_bill, term_of_invoice
from portal.membership.queries.members import invoices_by_source
from portal.membership.queries.renewals import receivable_of
from portal.membership.queries.tier_changes import current_bill
from portal.membership.services.invoices import invoice_of
from tests.support import changes
from tests.support import membership as given
from tests.support import renewals as season
from tests.support.billing import fee
from tests.support.people import actor_of, browser_of, person, staff

pytestmark = pytest.mark.database


@pytest.fixture
def term(app: Flask) -> ContractTerm:
    given.season()
    return given.approve(given.checked(given.submitted(person()), staff()))


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


def pay(invoice: Invoice, clerk: Any) -> None:
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=invoice.total_yen, received_on=clock.today(), payer_name="", by=clerk,
            once=f"k{invoice.id}",
        )  # fmt: skip


def anew(invoice: Invoice, clerk: Any, net_yen: int) -> Invoice:
    with transaction():
        whole = any_invoice(invoice.id)
        wanted = Replacement(
            buyer=party(whole.buyer),
            subject={"ja": "会費", "en": "Fee"},
            purchase_order="",
            lines=[fee(net_yen)],
        )
        return replace_invoice(
            invoice=whole, wanted=wanted, reason="金額の誤り", by=clerk, source_key=f"r{invoice.id}"
        )


def fresh(term: ContractTerm) -> ContractTerm:
    rollback()
    return db.session.get_one(ContractTerm, term.id, populate_existing=True)


def test_the_contract_stands_and_is_paid_by_the_new_invoice(term: ContractTerm, clerk: Any) -> None:
    old = invoice_of(term)
    new = anew(old, clerk, 1_000_000)
    assert fresh(term).cancelled_on is None
    assert fresh(term).activated_on is None
    assert invoice_of(term).id == new.id
    pay(new, clerk)
    assert fresh(term).activated_on == clock.today()


@pytest.mark.parametrize("net_yen", [1_000_000, 2_500_000])
def test_an_active_membership_stays_active_whatever_the_amount(
    term: ContractTerm, clerk: Any, net_yen: int
) -> None:
    pay(invoice_of(term), clerk)
    since = fresh(term).activated_on
    anew(invoice_of(term), clerk, net_yen)
    assert (fresh(term).activated_on, fresh(term).cancelled_on) == (since, None)
    assert since is not None


def test_everything_that_asks_for_the_terms_invoice_finds_the_one_that_holds(
    term: ContractTerm, clerk: Any
) -> None:
    old = invoice_of(term)
    new = anew(anew(old, clerk, 1_000_000), clerk, 1_200_000)
    rollback()
    assert invoices_by_source([f"term:{term.id}"])[f"term:{term.id}"].id == new.id
    found = receivable_of(term.id)
    assert found is not None
    assert found[0].id == new.id
    assert term_of_invoice(new) == term.id
    assert current_bill(term.id) == new.id
    assert [bill.invoice_id for bill in bills_of(term.id)][-1] == new.id


def test_the_first_invoice_issued_anew_stays_before_that_of_a_change_of_tier(app: Flask, clerk: Any) -> None:
    with season.on(changes.DECEMBER):
        season.house()
        admin = changes.member("C")
        change = changes.upgrade(admin)
        first = anew(changes.invoice_of(admin), clerk, 300_000)
        term = changes.term_of(admin)
        order = [first.id, change.invoice_id]
        assert [bill.invoice_id for bill in bills_of(term.id)][1:] == order
        leading = leading_bill(term.id)
        assert leading is not None
        assert leading.invoice_id == first.id
        second = anew(any_invoice(change.invoice_id or 0), clerk, 500_000)
        assert [bill.invoice_id for bill in bills_of(term.id)][1:] == [*order, second.id]
        assert current_bill(term.id) == second.id
        assert changes.term_of(admin).cancelled_on is None


def test_a_lapsed_renewals_invoice_that_was_issued_anew_waits_for_the_office(app: Flask, clerk: Any) -> None:
    season.house()
    admin, _renewal = season.offered()
    term = season.renew(admin)
    while (day := season.renewal_of(admin).next_on) is not None:
        season.look(day)
    assert season.renewal_of(admin).state is RenewalState.LAPSED
    assert faults().lapsed.count == 1
    with season.on(season.renewal_of(admin).moved_at.date()):
        anew(season.invoice_of(term), clerk, 300_000)
    rollback()
    assert faults().lapsed.count == 1


def test_the_page_of_a_renewal_says_what_the_invoice_that_holds_is_over(app: Flask, clerk: Any) -> None:
    with season.on(season.OFFERS):
        season.house()
        admin, renewal = season.offered()
        first = season.invoice_of(season.renew(admin))
        number = renewal.id
        assert "現在有効な請求書" not in browser_of(app, admin).get(f"/membership/renewals/{number}").text
        new = anew(first, clerk, 1_800_000)
        page = browser_of(app, admin).get(f"/membership/renewals/{number}").text
        assert f"現在有効な請求書{new.number}の金額は¥1,980,000（税込）です" in page
