"""Every step is written about, once, to whom it concerns."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.limits import TooOften
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership import mail
from portal.membership import services as membership
from portal.membership.enums import Decision
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import actor_of, person, staff

pytestmark = pytest.mark.database


def story(language: str) -> None:
    """A company's whole way, with everything that is written about."""
    given.season()
    clerk, committee = staff(language=language), staff(Role.STEERING_COMMITTEE, language=language)
    who = person(language=language)
    application = given.draft(who)
    own, by, decider = actor_of(who), actor_of(clerk), actor_of(committee)
    with transaction():
        membership.share_application(application=application, email="friend@mihon.example", by=own)
    given.submit(application, who)
    with transaction():
        membership.return_application(application=application, comments={"plan.summary": "?"}, by=by)
    given.submit(application, who)
    given.checked(application, clerk)
    for decision in (Decision.DEFER, Decision.APPROVE):
        with transaction():
            membership.decide_application(
                application=application, decision=decision, decided_on=clock.today(), minute_reference="7",
                note="註", by=decider,
            )  # fmt: skip
    with transaction():
        membership.activate_term(term_id=1, paid_on=clock.today())


EVENTS = (
    "active", "approved", "checked", "decision_recorded", "deferred", "received", "returned", "shared", "to_check", "to_decide",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_mail_of_a_story_is_whole_in_both_languages(app: Flask, language: str) -> None:
    """Sender first in the subject, a way to the page, nothing left of a template."""
    story(language)
    rollback()
    found = db.session.scalars(select(Message).where(Message.event.startswith("membership/"))).all()
    assert sorted({message.event for message in found}) == [f"membership/{event}" for event in EVENTS]
    for message in found:
        assert message.language == (language if message.event != "membership/shared" else "")
        expected = (
            "[Medical Data Science Consortium] "
            if message.language == "en"
            else "【医療データ科学コンソーシアム】"
        )
        assert message.subject.startswith(expected)
        assert "http://localhost/" in message.text
        assert "%(" not in message.text + message.subject
        assert "None" not in message.text


@pytest.mark.parametrize("decision", [Decision.DECLINE, None])
def test_refusal_and_withdrawal_are_written_about(app: Flask, decision: Decision | None) -> None:
    given.season()
    who, clerk = person(), staff()
    application = given.checked(given.submitted(who), clerk)
    by = actor_of(staff(Role.STEERING_COMMITTEE)) if decision else actor_of(who)
    with transaction():
        if decision:
            membership.decide_application(
                application=application, decision=decision, decided_on=clock.today(), minute_reference="8",
                note="計画の範囲が異なるため", by=by,
            )  # fmt: skip
        else:
            membership.withdraw_application(application=application, by=by)
    event, reader = ("declined", who) if decision else ("withdrawn", clerk)
    rollback()
    message = db.session.scalars(select(Message).where(Message.event == f"membership/{event}")).one()
    assert message.address == reader.email
    assert ("計画の範囲が異なるため" in message.text) is bool(decision)


def test_the_same_news_goes_out_once(app: Flask) -> None:
    given.season()
    application = given.submitted(person())
    with transaction():
        mail.tell_received(application)
        mail.tell_received(application)
    rollback()
    assert len(db.session.scalars(select(Message).where(Message.event == "membership/received")).all()) == 1


def test_a_draft_shared_again_and_again_is_mailed_five_times_a_day(app: Flask) -> None:
    given.season()
    own = actor_of(person())
    application = given.draft(own)
    answers = []
    for n in range(8):
        try:
            with transaction():
                asked = membership.share_application(
                    application=application, email=f"friend+{n}@mihon.example", by=own
                )
                membership.stop_sharing(application=application, collaborator_id=asked.id, by=own)
            answers.append(True)
        except TooOften:
            answers.append(False)
    assert answers == [True] * 5 + [False] * 3
    assert len(list(db.session.scalars(select(Message).where(Message.event == "membership/shared")))) == 5


def test_the_approval_says_the_good_news_first_and_leads_to_the_invoice(app: Flask) -> None:
    given.season()
    who = person()
    given.approve(given.checked(given.submitted(who), staff()))
    rollback()
    mail = db.session.scalars(select(Message).where(Message.event == "membership/approved")).one()
    news, task = mail.text.index("ご入会を心より歓迎いたします"), mail.text.index("お支払いくださいますよう")
    assert news < task
    assert "（INV-" in mail.text
    assert "keiri@mihon.example" in mail.text
    assert "http://localhost/billing/invoices/1" in mail.text


def test_remarks_at_fields_and_on_the_whole_are_told_apart(app: Flask) -> None:
    given.season()
    application, by = given.submitted(person()), actor_of(staff())
    with transaction():
        membership.return_application(
            application=application,
            comments={"plan.summary": "?", "plan.theme": "?"},
            note="急ぎません",
            by=by,
        )
    rollback()
    mail = db.session.scalars(select(Message).where(Message.event == "membership/returned")).one()
    assert "2件の項目" in mail.text
    assert "申込全体について：\n急ぎません" in mail.text


def test_a_remark_on_the_whole_alone_counts_no_fields(app: Flask) -> None:
    given.season()
    application, by = given.submitted(person()), actor_of(staff())
    with transaction():
        membership.return_application(application=application, comments={}, note="急ぎません", by=by)
    rollback()
    mail = db.session.scalars(select(Message).where(Message.event == "membership/returned")).one()
    assert "件の項目" not in mail.text
    assert "急ぎません" in mail.text
