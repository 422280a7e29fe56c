"""Contracts: what approval makes, what payment changes, and the places."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.billing.models import Invoice
from portal.billing.signals import invoice_paid
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.terms import StandingState, TermState
from portal.membership import queries
from portal.membership import services as membership
from portal.membership.models import Application, ContractTerm
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import actor_of, corporate_number, person, staff

pytestmark = pytest.mark.database


def test_approval_makes_term_and_invoice_and_payment_makes_a_member(app: Flask, run_jobs: Any) -> None:
    year = given.season()
    application = given.checked(given.submitted(person()), staff())
    term = given.approve(application)
    assert (term.starts_on, term.ends_on) == (date(year, 4, 1), date(year + 1, 3, 31))
    assert term.state is TermState.AWAITING_PAYMENT
    invoice = db.session.scalars(select(Invoice)).one()
    assert (invoice.total_yen, invoice.source_key, invoice.fiscal_year) == (
        2_200_000,
        f"term:{term.id}",
        year,
    )
    assert (invoice.buyer["name"], invoice.buyer["department"], invoice.buyer["email"]) == (
        "株式会社見本", "経理部", "keiri@mihon.example",
    )  # fmt: skip
    assert invoice.purchase_order == "PO-77"
    rollback()
    with transaction():
        invoice_paid.send(invoice, paid_on=clock.today())
        invoice_paid.send(invoice, paid_on=clock.today())
    rollback()
    term = db.session.get_one(ContractTerm, term.id)
    assert term.state is TermState.UPCOMING
    assert queries.standing_of(term.organisation_id, date(year, 4, 1)).state is StandingState.ACTIVE
    assert queries.standing_of(term.organisation_id, date(year + 1, 4, 1)).state is StandingState.ENDED
    events = list(db.session.scalars(select(Message.event)))
    assert events.count("membership/approved") == events.count("membership/active") == 1
    assert events.count("billing/invoice_issued") == 1


def test_the_news_of_membership_reaches_who_began_the_application(app: Flask) -> None:
    given.season()
    term = given.approve(given.checked(given.submitted(person()), staff()))
    organisation = db.session.get_one(Organisation, term.organisation_id)
    colleague = person(at=organisation, roles=(Role.PARTICIPANT,))
    rollback()
    with transaction():
        db.session.get_one(Application, term.application_id).started_by_id = colleague.id
    with transaction():
        invoice_paid.send(db.session.scalars(select(Invoice)).one(), paid_on=clock.today())
    rollback()
    told = select(Message.address).where(Message.event == "membership/active")
    assert colleague.email in set(db.session.scalars(told))


def test_a_term_of_the_running_year_begins_with_the_decision(app: Flask) -> None:
    year = given.season(fiscal_year=queries.this_year())
    term = given.approve(given.checked(given.submitted(person(), fiscal_year=year), staff()))
    assert (term.starts_on, term.ends_on) == (clock.today(), date(year + 1, 3, 31))


def test_monitor_price_is_given_once_per_corporate_number(app: Flask) -> None:
    year = queries.this_year()
    rollback()
    words = dict.fromkeys(("name_ja", "name_en", "eligible_ja", "eligible_en"), "モニター")
    given.season(fiscal_year=year)
    given.season(fiscal_year=year + 1)
    with transaction():
        membership.save_tier(
            tier=None, by=None, code="MON", valid_from=year, valid_to=None, annual_fee_yen=500_000, training_seats=None,
            is_monitor=True, **words,
        )  # fmt: skip
    who, pages = person(), {"tier": {"learners_wanted": "1", "tier": "MON"}}
    term = given.approve(given.checked(given.submitted(who, fiscal_year=year, **pages), staff()))
    by = actor_of(who)
    with transaction():
        again = membership.start_application(
            fiscal_year=year + 1, once="again", by=by, organisation_id=term.organisation_id
        )
    with pytest.raises(Refused) as refused:
        given.submit(again, who, **pages)
    assert refused.value.field == "tier"


def test_beyond_the_places_only_on_purpose(app: Flask) -> None:
    given.season(places=1)
    clerk = staff()
    given.approve(given.checked(given.submitted(person()), clerk))
    number = corporate_number(622_222_222_222)
    second = given.submitted(person(), number=number, company={"corporate_number": number})
    given.checked(second, clerk)
    with pytest.raises(Refused) as refused:
        given.approve(second)
    assert refused.value.field == "beyond_places"
    given.approve(second, beyond_places=True)
    rollback()
    assert db.session.scalar(select(func.count()).select_from(ContractTerm)) == 2
    marks = select(ContractTerm.beyond_places).order_by(ContractTerm.id)
    assert db.session.scalars(marks).all() == [False, True]
