"""Pages of refunds, contested payments and payers' balances: the office acts on them, the company reads plain sentences."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.billing.enums import PayMethod, ReceivableState
from portal.billing.models import Dispute, PayerBalance, ProviderDifference, RefundOrder, WriteOff
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from tests.billing.payer import Payer
from tests.billing.returning import attempt_of, give_back, owed, paid_by_card, settle_down
from tests.support.billing import bill
from tests.support.people import actor_of, browser_of, company, person, staff
from tests.support.sql import count_sql


@pytest.fixture
def buyer(app: Flask) -> Any:
    return company("架空製薬株式会社", name_en="Kakuu Pharma K.K.")


@pytest.fixture
def contact(buyer: Any) -> Any:
    return person(at=buyer, roles=(Role.BILLING,))


@pytest.fixture
def clerk(app: Flask) -> Any:
    return actor_of(staff(Role.SECRETARIAT))


@pytest.fixture
def office(app: Flask) -> Any:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


def text(browser: Any, url: str, status: int = 200) -> str:
    answer = browser.get(url)
    assert answer.status_code == status, url
    return str(answer.get_data(as_text=True))


def test_the_office_previews_and_asks_once(payer: Payer, contact, clerk, office, run_jobs) -> None:
    invoice = paid_by_card(payer, actor_of(contact), run_jobs)
    url = f"/staff/billing/invoices/{invoice.id}/provider-refund"
    assert "返還請求書" in text(office, url)  # no advance yet: issue a credit note first
    give_back(invoice, clerk, 100_000)
    rollback()
    number = attempt_of(invoice).id
    assert "110000" in text(office, url)
    typed = {"payment": str(number), "amount_yen": "110,000", "note": "", "once": "d" * 32}
    preview = office.post(f"{url}/preview", data=typed)
    assert (preview.status_code, db.session.query(RefundOrder).count()) == (200, 0)
    assert "¥110,000" in preview.get_data(as_text=True)
    for wrong in ({"amount_yen": "110,001"}, {"amount_yen": "x"}, {"payment": "999"}, {"payment": ""}):
        for where in (url, f"{url}/preview"):
            assert office.post(where, data=typed | wrong).status_code == 422
    for _again in range(2):
        assert office.post(url, data=typed | {"amount_yen": "110,000"}).status_code == 303
    rollback()
    assert db.session.query(RefundOrder).count() == 1
    assert "送信中" in text(office, "/staff/billing/provider")
    settle_down(payer, run_jobs)
    assert "返金済み" in text(office, f"/staff/billing/invoices/{invoice.id}")


def test_a_difference_is_resolved_by_one_click(payer: Payer, contact, office, run_jobs) -> None:
    invoice = paid_by_card(payer, actor_of(contact), run_jobs)
    payer.provider.refund(
        payment_intent_id=attempt_of(invoice).intent_id, amount_yen=1_000, idempotency_key="x"
    )
    settle_down(payer, run_jobs)
    number = db.session.query(ProviderDifference).one().id
    assert "再び未払い" in text(office, "/staff/billing/provider")
    assert "返還請求書" in text(office, f"/staff/billing/differences/{number}/resolve")
    url = f"/staff/billing/differences/{number}/remedy"
    assert office.post(url, data={"remedy": "nonsense"}).status_code == 400
    assert office.post(url, data={"remedy": "advance"}).status_code == 422
    assert office.post(url, data={"remedy": "owed_again"}).status_code == 303
    assert owed(invoice).outstanding_yen == 1_000
    assert office.post(url, data={"remedy": "owed_again"}).status_code == 422


@pytest.fixture
def rich(payer: Payer, buyer, contact, run_jobs) -> PayerBalance:
    """A company that sent 30,000 yen too much."""
    invoice = bill(buyer)
    attempt = payer.open(invoice, actor_of(contact), PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(attempt, "bank_transfer"), 1_130_000)
    settle_down(payer, run_jobs)
    return db.session.query(PayerBalance).one()


def test_a_balance_is_used_or_sent_by_one_click(
    app: Flask, payer: Payer, buyer, contact, office, run_jobs, rich: PayerBalance
) -> None:
    other = bill(buyer)
    url = f"/staff/billing/balances/{rich.id}"
    assert "¥30,000" in text(office, "/staff/billing/provider")
    assert other.number in text(office, url)
    assert "¥30,000" in text(browser_of(app, contact), f"/billing/invoices/{other.id}")
    assert office.post(f"{url}/refund", data={"amount_yen": "30,001"}).status_code == 422
    assert office.post(f"{url}/use/{bill(company()).id}").status_code == 422
    assert office.post(f"{url}/use/{other.id}").status_code == 303
    run_jobs()
    settle_down(payer, run_jobs)
    assert owed(other).outstanding_yen == 1_070_000
    assert "¥0" in text(office, url)
    assert office.post(f"{url}/refund", data={"amount_yen": ""}).status_code == 422


def test_a_transfer_that_is_too_small_says_what_is_missing(
    app: Flask, payer: Payer, buyer, contact, office, run_jobs
) -> None:
    invoice = bill(buyer)
    attempt = payer.open(invoice, actor_of(contact), PayMethod.BANK_TRANSFER)
    payer.transfer(payer.choose(attempt, "bank_transfer"), 1_099_340)
    settle_down(payer, run_jobs)
    for page in (
        text(browser_of(app, contact), f"/billing/invoices/{invoice.id}"),
        text(office, f"/staff/billing/invoices/{invoice.id}"),
    ):
        assert "¥1,099,340" in page
        assert "¥660" in page


def test_a_case_is_read_by_both_and_given_up_by_the_office(
    app: Flask, payer: Payer, buyer, contact, office, run_jobs
) -> None:
    invoice = bill(buyer)
    payer.choose(payer.open(invoice, actor_of(contact)), "card")
    settle_down(payer, run_jobs)
    assert "異議申立てはありません" in text(office, "/staff/billing/disputes")
    reader = browser_of(app, contact)
    name = payer.stand_in.control.dispute(attempt_of(invoice).intent_id)["id"]
    settle_down(payer, run_jobs)
    number = db.session.query(Dispute).one().id
    url = f"/staff/billing/disputes/{number}"
    assert invoice.number in text(office, "/staff/billing/disputes")
    assert "証拠書類" in text(office, url)
    assert "重ねてお支払いいただく必要はありません" in text(reader, f"/billing/invoices/{invoice.id}")
    assert "貸倒処理" not in text(office, url)
    payer.stand_in.control.decide_dispute(name, "lost")
    settle_down(payer, run_jobs)
    assert "カード決済が取り消されました" in text(reader, f"/billing/invoices/{invoice.id}")
    typed = {"seen": "1100000", "reason": "回収不能", "once": "e" * 32}
    off = f"/staff/billing/invoices/{invoice.id}/write-off"
    assert off in text(office, url)
    assert office.post(f"{off}/preview", data=typed | {"reason": ""}).status_code == 422
    for wrong in ({"reason": ""}, {"seen": "1100001"}, {"seen": "0"}, {"seen": "x"}):
        assert office.post(off, data=typed | wrong).status_code == 422
    for _again in range(2):
        assert office.post(off, data=typed).status_code == 303
    rollback()
    assert db.session.query(WriteOff).count() == 1
    assert owed(invoice).state is ReceivableState.CANCELLED
    assert "回収不能" in text(office, url)


@pytest.mark.parametrize("path", ["/staff/billing/disputes", "/staff/billing/provider"])
def test_lists_ask_the_same_however_long_they_are(payer: Payer, contact, office, run_jobs, path: str) -> None:
    counts = []
    for more in (1, 2):
        for _n in range(more):
            invoice = paid_by_card(payer, actor_of(contact), run_jobs)
            payer.stand_in.control.dispute(attempt_of(invoice).intent_id)
        settle_down(payer, run_jobs)
        rollback()
        with count_sql() as seen:
            text(office, path)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_all_of_a_payment_is_asked_for_once_although_it_is_offered_no_more(
    payer: Payer, contact, clerk, office, run_jobs
) -> None:
    invoice = paid_by_card(payer, actor_of(contact), run_jobs)
    give_back(invoice, clerk, 1_000_000)
    rollback()
    typed = {"payment": str(attempt_of(invoice).id), "amount_yen": "1,100,000", "note": "", "once": "f" * 32}
    for _again in range(2):
        url = f"/staff/billing/invoices/{invoice.id}/provider-refund"
        assert office.post(url, data=typed).status_code == 303
    rollback()
    assert db.session.query(RefundOrder).count() == 1


def test_ways_that_lead_nowhere_are_not_offered(app: Flask) -> None:
    """Too much by bank and nothing else owed: it can be paid back, and neither moved nor sent back by the provider."""
    who = staff(Role.SECRETARIAT)
    clerk, browser, body = actor_of(who), browser_of(app, who), company()
    invoice = bill(body)
    with transaction():
        record_bank_payment(
            invoice=any_invoice(invoice.id), amount_yen=1_150_000, received_on=clock.today(), payer_name="ｶ)ﾐﾎﾝ", by=clerk,
            once="w",
        )  # fmt: skip
    page = browser.get(f"/staff/billing/invoices/{invoice.id}").text
    assert "カ)ミホン" in page
    offered = [
        f"/staff/billing/invoices/{invoice.id}/{way}" in page
        for way in ("refund", "advance", "provider-refund")
    ]
    assert offered == [True, False, False]
    bill(body)
    assert (
        f"/staff/billing/invoices/{invoice.id}/advance"
        in browser.get(f"/staff/billing/invoices/{invoice.id}").text
    )
