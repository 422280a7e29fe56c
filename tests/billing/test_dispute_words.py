"""How a contested payment ended cannot be read two ways: pages, trail and mails say who was right and where the money is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Dispute
from portal.core.db import db
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import attempt_of, paid_by_card, settle_down
from tests.support.people import actor_of, browser_of, company, person, staff

ENDS = {
    "won": ("当方の主張が認められました", "入金は維持されます"),
    "lost": ("当方の主張が認められませんでした", "代金は引き戻されました"),
}
NOWHERE = (
    "異議申立て：認められ",
    "異議申立てが認められ",
    "異議申立てが退けられ",
    "異議申立ての不成立",
    "代金は返還され",
)


@pytest.mark.parametrize("end", ENDS)
def test_both_sides_read_who_was_right_and_where_the_money_is(
    app: Flask, payer: Payer, run_jobs: Any, end: str
) -> None:
    office = browser_of(app, staff(Role.SECRETARIAT))
    invoice = paid_by_card(payer, actor_of(person(at=company(), roles=(Role.BILLING,))), run_jobs)
    contact = person(at=db.session.get_one(Organisation, invoice.organisation_id), roles=(Role.BILLING,))
    payer.stand_in.control.decide_dispute(
        str(payer.stand_in.control.dispute(attempt_of(invoice).intent_id)["id"]), end
    )
    settle_down(payer, run_jobs)
    state, money = ENDS[end]
    number = db.session.query(Dispute).one().id
    pages = {
        path: office.get(path).get_data(as_text=True)
        for path in (
            "/staff/billing/disputes",
            f"/staff/billing/disputes/{number}",
            f"/staff/billing/invoices/{invoice.id}",
        )
    }
    assert all(state in page for page in list(pages.values())[:2])
    company_page = browser_of(app, contact).get(f"/billing/invoices/{invoice.id}").get_data(as_text=True)
    for page in (pages[f"/staff/billing/invoices/{invoice.id}"], company_page):
        assert money in page
    (mail,) = db.session.query(Message).filter_by(event="billing/dispute_ended").all()
    assert state in mail.subject
    assert "当方の主張を認め" in mail.text
    for words in (*pages.values(), company_page, mail.subject, mail.text):
        assert not [each for each in NOWHERE if each in words]
