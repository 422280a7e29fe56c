"""Every step of a renewal is written about, once, in the reader's language, with the day first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.formats import day
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.membership.renewing import DeclineReason
from portal.membership.services import renewals
from portal.notifications.models import Message
from tests.support import renewals as season
from tests.support.people import actor_of, staff

pytestmark = pytest.mark.database
EVENTS = (
    "active", "renewal_confirmed", "renewal_declined", "renewal_declined_office", "renewal_extended", "renewal_lapsed",
    "renewal_lapsed_office", "renewal_missed", "renewal_offer", "renewal_paid_late", "renewal_paid_late_office",
    "renewal_reinstated", "renewal_reminder", "renewal_suspended",
)  # fmt: skip
ANSWERABLE = {"renewal_offer", "renewal_reminder"}


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def speak(language: str, *people: Person) -> None:
    """The readers' language."""
    with transaction() as session:
        for person in people:
            session.get_one(Person, person.id).language = language


def until_the_end(admin: Person) -> date:
    """The calendar alone, day by day, to the end."""
    last = season.OFFERS
    while (following := season.renewal_of(admin).next_on) is not None:
        last = following
        season.look(last)
    return last


def story(language: str) -> None:
    """Members that go every way there is."""
    clerk = staff(language=language)
    by = actor_of(clerk)
    silent, broke, leaving, paying = (season.member() for _ in range(4))
    speak(language, silent, broke, leaving, paying)
    season.begin()
    season.look(season.OFFERS)
    season.pay(season.renew(paying))
    term = season.renew(broke)
    season.do(renewals.decline, leaving, reason=DeclineReason.BUDGET, note="註", by=actor_of(leaving))
    season.do(renewals.reinstate, leaving, until=season.DEADLINE, reason="撤回", by=by)
    season.do(renewals.extend, leaving, until=season.DEADLINE + timedelta(days=5), reason="決裁", by=by)
    season.do(renewals.extend, broke, until=season.DEADLINE + timedelta(days=40), reason="入金予定", by=by)
    for offset in (-60, -30, 0, 14, 30):
        season.look(season.DEADLINE + timedelta(days=offset))
    until_the_end(silent)
    with season.on(until_the_end(broke) + timedelta(days=1)):
        season.pay(term)
        season.do(renewals.reinstate, broke, until=date(2027, 12, 1), reason="入金", by=by)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_mail_is_whole_in_both_languages(app: Flask, language: str) -> None:
    story(language)
    rollback()
    found = db.session.scalars(
        select(Message).where(Message.event.startswith("membership/"), Message.language == language)
    ).all()
    assert sorted({message.event for message in found}) == [f"membership/{event}" for event in EVENTS]
    for message in found:
        start = "【" if language == "ja" else "["
        assert message.subject.startswith(start)
        assert "http://localhost/" in message.text
        for rest in ("%(", "None", "{{", "RenewalState", "DeclineReason"):
            assert rest not in message.text + message.subject, message.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_who_is_asked_reads_the_last_day_in_the_subject_and_first(app: Flask, language: str) -> None:
    admin = season.member()
    speak(language, admin)
    season.begin()
    season.look(season.OFFERS)
    season.look(season.DEADLINE - timedelta(days=30))
    season.look(season.DEADLINE)
    for offset in (1, 14):
        season.look(season.DEADLINE + timedelta(days=offset))
    rollback()
    with in_language(language):
        deadline, grace_ends = day(season.DEADLINE), day(season.DEADLINE + timedelta(days=season.GRACE))
    asked = db.session.scalars(
        select(Message)
        .where(Message.event.in_([f"membership/{event}" for event in ANSWERABLE]))
        .order_by(Message.id)
    ).all()
    assert len(asked) == 4
    for message in asked[:3]:
        assert deadline in message.subject
        assert deadline in message.text.partition("http")[0]
    assert grace_ends in asked[3].subject


def test_a_second_time_nobody_is_told_again(app: Flask) -> None:
    story("ja")
    before = db.session.scalar(select(func.count(Message.id)))
    for offset in (0, 1, 200, 400):
        season.look(season.DEADLINE + timedelta(days=offset))
    rollback()
    assert db.session.scalar(select(func.count(Message.id))) == before


def test_who_renews_is_not_welcomed_as_a_new_member() -> None:
    admin, _renewal = season.offered()
    speak("en", admin)
    season.pay(season.renew(admin))
    rollback()
    told = select(Message).where(Message.event == "membership/active", Message.person_id == admin.id)
    mail = db.session.scalars(told.order_by(Message.id.desc())).first()
    assert mail is not None
    assert "is renewed" in mail.subject
    assert "invite" not in mail.text
