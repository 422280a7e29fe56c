"""Check, return, decide: by two persons, with a day and minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.application_flow import ApplicationState
from portal.membership import queries
from portal.membership import services as membership
from portal.membership.enums import Decision
from portal.membership.models import Application
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import actor_of, person, staff

pytestmark = pytest.mark.database


def test_returned_corrected_and_sent_again(app: Flask) -> None:
    given.season()
    who = person()
    application = given.submitted(who)
    clerk, number = staff(), application.receipt_number
    by = actor_of(clerk)
    with transaction():
        membership.return_application(
            application=application, comments={"plan.summary": "もう少し詳しく", "": ""}, note="全体に", by=by
        )
    assert application.state is ApplicationState.RETURNED
    assert {(c.path, c.text) for c in queries.comments_on(application)} == {
        ("plan.summary", "もう少し詳しく"),
        ("", "全体に"),
    }
    given.submit(application, who, plan={"summary": "詳しい計画"})
    assert (application.state, application.revision, application.receipt_number) == (
        ApplicationState.SUBMITTED,
        2,
        number,
    )
    changes = queries.changes_since(application, 1)
    assert [(c.path, c.new) for c in changes] == [("plan.summary", "詳しい計画")]
    assert queries.comments_on(application) == []
    rollback()
    events = list(db.session.scalars(select(Message.event).order_by(Message.id)))
    assert events.count("membership/returned") == 1
    assert events.count("membership/to_check") == 1  # the clerk came after the first one


def test_returning_says_something(app: Flask) -> None:
    given.season()
    application, by = given.submitted(person()), actor_of(staff())
    with pytest.raises(Refused) as refused, transaction():
        membership.return_application(application=application, comments={"plan.summary": " "}, by=by)
    assert refused.value.field == "note"


def test_whoever_checked_does_not_decide(app: Flask) -> None:
    given.season()
    clerk = staff(Role.SECRETARIAT, Role.STEERING_COMMITTEE)
    application = given.checked(given.submitted(person()), clerk)
    with pytest.raises(Refused) as refused:
        given.approve(application, by=actor_of(clerk))
    assert refused.value.field == "decision"
    assert given.approve(application, by=actor_of(staff())).application_id == application.id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"minute_reference": " "}, "minute_reference"),
        ({"decided_on": date(2999, 1, 1)}, "decided_on"),
        ({"decided_on": date(2000, 1, 1)}, "decided_on"),
    ],
)
def test_a_decision_has_a_day_and_minutes(app: Flask, values: dict[str, Any], field: str) -> None:
    given.season()
    application = given.checked(given.submitted(person()), staff())
    with pytest.raises(Refused) as refused:
        given.approve(application, **values)
    assert refused.value.field == field
    rollback()
    assert db.session.get_one(Application, application.id).state is ApplicationState.CHECKED


def test_nobody_reviews_the_own_company(app: Flask) -> None:
    given.season()
    clerk = staff()
    application = given.submitted(clerk)
    with pytest.raises(Refused):
        given.checked(application, clerk)


def test_an_unchecked_application_is_not_decided(app: Flask) -> None:
    given.season()
    with pytest.raises(Refused) as refused:
        given.approve(given.submitted(person()))
    assert refused.value.field == "decision"


def test_deferred_then_approved(app: Flask) -> None:
    given.season()
    application = given.checked(given.submitted(person()), staff())
    by = actor_of(staff(Role.STEERING_COMMITTEE))
    with transaction():
        membership.decide_application(
            application=application,
            decision=Decision.DEFER,
            decided_on=clock.today(),
            minute_reference="1",
            by=by,
        )
    assert application.state is ApplicationState.DEFERRED
    assert application.moved_at < (application.decided_at or application.moved_at) == application.changed_at
    given.approve(application)
    assert application.state is ApplicationState.APPROVED


def test_withdrawn_frees_company_and_place(app: Flask) -> None:
    year = given.season(places=1)
    who = person()
    application = given.submitted(who)
    window = queries.window_of(year)
    assert window is not None
    assert queries.places_in(window).left == 0
    rollback()
    by = actor_of(who)
    with transaction():
        membership.withdraw_application(application=application, by=by, note="都合により")
    assert queries.places_in(window).left == 1
    rollback()
    with transaction():
        fresh = membership.start_application(
            fiscal_year=year, once="fresh", by=by, organisation_id=application.organisation_id
        )
    assert fresh.id != application.id
    with pytest.raises(OutOfDate), transaction():
        membership.withdraw_application(application=application, by=by)
