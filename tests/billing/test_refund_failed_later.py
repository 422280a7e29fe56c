"""A refund of an advance fails after the invoice has come to be owed again: the money pays it, and who depends on it is told."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.billing.models import CheckoutAttempt
from portal.billing.queries.invoices import any_invoice
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.notifications.models import Message
from tests.billing.payer import Payer
from tests.billing.returning import ask_back, orders, owed, settle_down
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, staff


@pytest.mark.database
def test_what_comes_back_pays_and_the_membership_goes_on(app: Flask, payer: Payer, run_jobs: Any) -> None:
    clerk = actor_of(staff(Role.SECRETARIAT))
    with season.on(given.DECEMBER):
        season.house()
        admin = given.member("C", paid_yen=0)
        invoice_id = given.invoice_of(admin).id
        control = payer.stand_in.control
        control.move_clock(at=clock.now().timestamp())
        payer.choose(payer.open(any_invoice(invoice_id), actor_of(admin)), "card")
        settle_down(payer, run_jobs)
        given.pay(invoice_id, 200_000)
        rollback()
        control.begin_refunds_as("pending")
        ask_back(any_invoice(invoice_id), clerk, 200_000)
        settle_down(payer, run_jobs)
        intent = str(db.session.scalars(select(CheckoutAttempt.intent_id)).one())
        rollback()
        control.decide_dispute(str(control.dispute(intent, amount=150_000)["id"]), "lost")
        settle_down(payer, run_jobs)
        assert owed(any_invoice(invoice_id)).outstanding_yen == 150_000
        assert given.term_of(admin).activated_on is None
        rollback()
        control.decide_refund(orders()[0].provider_id, "failed")
        settle_down(payer, run_jobs)
        now = owed(any_invoice(invoice_id))
        assert (now.outstanding_yen, now.excess_yen) == (0, 50_000)
        assert given.term_of(admin).activated_on is not None
        mails = db.session.scalars(select(Message.text).where(Message.event == "billing/refund_failed")).all()
        assert mails
        assert all("¥50,000の返金方法" in text and "¥150,000をお支払いに充当" in text for text in mails)
