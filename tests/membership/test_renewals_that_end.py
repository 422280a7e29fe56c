"""A renewal whose contract of this year ends is closed, and begins anew for who is a member again.

Mutants that must fail here: an offer that stands after its contract was given back; a closed one that nobody offers anew;
an end that nobody told, found with the next reminder alone.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.credits import issue_credit_note
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState
from portal.membership import queries
from portal.membership.models import RenewalCampaign, RenewalNotice
from portal.membership.queries.contract_checks import contract_problems
from portal.membership.renewing import NoticeState
from portal.membership.services import renewals
from portal.membership.services.renewals.contracts import restore_term
from portal.membership.services.submission import frozen_price
from portal.membership.services.terms import activate_term, add_term, cancel_term
from portal.notifications.models import Message
from tests.support import changes as given
from tests.support import renewals as season

pytestmark = pytest.mark.database
JANUARY = date(2027, 1, 10)
LATER = (date(2027, 1, 30), date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 1))


@pytest.fixture
def offered(app: Flask) -> Person:
    """A member of 2026 that has paid and has the offer for 2027."""
    return given.offered()


def give_back_whole(invoice_id: int, key: str = "whole") -> None:
    clerk = season.clerks_actor()
    amounts = left_of_lines(any_invoice(invoice_id))
    rollback()
    with transaction():
        issue_credit_note(
            invoice=any_invoice(invoice_id), amounts=amounts, reason="x", by=clerk, source_key=key
        )


def mails() -> list[str]:
    found = [str(event) for event in db.session.scalars(select(Message.event).order_by(Message.id))]
    rollback()
    return found


def places_held() -> int:
    rollback()
    window = queries.window_of(season.YEAR)
    assert window is not None
    return queries.places_in(window).held


def a_member_again(admin: Person) -> None:
    """By a new application, say."""
    body = season.body_of(admin).id
    with transaction():
        tier = queries.tier_for("A", season.YEAR - 1)
        assert tier is not None
        term = add_term(
            organisation=db.session.get_one(Organisation, body), tier=tier, price=frozen_price(tier, season.YEAR - 1),
            fiscal_year=season.YEAR - 1, first_day=JANUARY, by=None,
        )  # fmt: skip
    with transaction():
        activate_term(term_id=term.id, paid_on=JANUARY)


def test_the_offer_is_closed_with_the_contract(offered: Person) -> None:
    with season.on(JANUARY):
        held = places_held()
        give_back_whole(given.invoice_of(offered).id)
        assert season.renewal_of(offered).state is RenewalState.LAPSED
        assert places_held() == held - 1
        before = mails()
        assert "membership/renewal_ended_office" in before
        with pytest.raises(Refused):
            season.renew(offered)
        rollback()
        clerk = season.clerks_actor()
        with pytest.raises(Refused):
            season.do(renewals.reinstate, offered, until=LATER[0], reason="x", by=clerk)
    for day in LATER:
        season.look(day)
    assert mails() == before
    planned = RenewalNotice.state == NoticeState.PLANNED
    assert db.session.scalars(select(RenewalNotice.id).where(planned)).all() == []


def test_a_contract_that_ended_unseen_is_found_by_the_calendar(offered: Person) -> None:
    with season.on(JANUARY):
        number = given.term_of(offered).id
        with transaction():
            cancel_term(term_id=number, on=JANUARY)
        assert contract_problems()
        rollback()
    season.look(JANUARY + timedelta(days=1))  # not only when the next reminder is due
    assert season.renewal_of(offered).state is RenewalState.LAPSED
    assert contract_problems() == []


def test_a_member_again_is_offered_anew(offered: Person) -> None:
    with season.on(JANUARY):
        give_back_whole(given.invoice_of(offered).id)
        a_member_again(offered)
    season.look(LATER[0])
    again = season.renewal_of(offered)
    assert (again.state, again.from_term_id) == (RenewalState.OFFERED, given.term_of(offered).id)
    assert mails().count("membership/renewal_offer") == 2
    with season.on(LATER[0]):
        assert season.renew(offered).tier_code == "A"


def test_a_contract_that_stands_again_is_offered_its_next_year_anew(offered: Person) -> None:
    """Its renewal for the year before was taken up again: the company is a member as if nothing had been."""
    with season.on(JANUARY):
        number = given.term_of(offered).id
        with transaction():
            cancel_term(term_id=number, on=JANUARY)
    season.look(JANUARY + timedelta(days=1))
    assert season.renewal_of(offered).state is RenewalState.LAPSED
    with season.on(LATER[0]):
        clerk = season.clerks_actor()
        with transaction():
            restore_term(number, clerk)
    season.look(LATER[0])
    again = season.renewal_of(offered)
    assert (again.state, again.from_term_id) == (RenewalState.OFFERED, number)


def test_a_later_deadline_offers_nothing_anew_to_what_lapsed_by_its_days(offered: Person) -> None:
    for day in (date(2027, 4, 1), date(2027, 5, 1), date(2027, 5, 31)):
        season.look(day)
    with season.on(date(2027, 6, 1)):
        clerk = season.clerks_actor()
        with transaction():
            campaign = db.session.scalars(select(RenewalCampaign)).one()
            renewals.change_campaign(
                campaign=campaign, offers_on=campaign.offers_on, deadline_on=date(2027, 7, 31), grace_days=campaign.grace_days,
                suspension_days=campaign.suspension_days, ladder=campaign.ladder, by=clerk,
            )  # fmt: skip
    season.look(date(2027, 6, 2))
    assert season.renewal_of(offered).state is RenewalState.LAPSED


def test_what_lapsed_by_its_days_is_not_offered_anew(offered: Person) -> None:
    for day in (date(2027, 4, 1), date(2027, 5, 1), date(2027, 5, 31), date(2027, 6, 1)):
        season.look(day)
    assert season.renewal_of(offered).state is RenewalState.LAPSED


def test_a_next_year_that_was_agreed_stands_and_the_office_is_told(offered: Person) -> None:
    with season.on(season.OFFERS):
        following = season.renew(offered)
    with season.on(JANUARY):
        give_back_whole(given.invoice_of(offered).id)
        assert season.renewal_of(offered).state is RenewalState.INVOICED
        number = season.invoice_of(following).number
        told = select(Message.text).where(Message.event == "membership/renewal_ended_office")
        assert number in str(db.session.scalars(told).first())
