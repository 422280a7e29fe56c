"""Eight at once: one winner. Each race is run again with a mutant of our code, which has to lose it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.application_flow import ApplicationState
from portal.membership import services as membership
from portal.membership.enums import Decision
from portal.membership.models import Application, ApplicationRevision, ContractTerm, MonitorUse
from portal.membership.queries import Places
from portal.membership.services import moves, review, submission, terms
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import actor_of, corporate_number, person, staff
from tests.support.races import at_once

pytestmark = pytest.mark.database
EIGHT = range(8)


def count(model: Any, *where: Any) -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0)


def move_whatever_it_was(application: Application, new: ApplicationState, mover: Any, **values: Any) -> Any:
    """Mutant: last writer wins."""
    values.pop("revision", None)
    application.state, application.moved_at = new, clock.now()
    for name, value in values.items():
        setattr(application, name, value)
    db.session.flush()


# approve or decline


def decide_eight_times(app: Flask) -> list[Any]:
    given.season()
    application = given.checked(given.submitted(person()), staff())
    deciders = [actor_of(staff(Role.STEERING_COMMITTEE)) for _ in EIGHT]
    number = application.id

    def decide(by: Actor, decision: Decision) -> Callable[[], Any]:
        def call() -> Any:
            with transaction():
                membership.decide_application(
                    application=db.session.get_one(Application, number), decision=decision,
                    decided_on=clock.today(), minute_reference=f"議事録{by.id}", by=by,
                    note="理由",
                )  # fmt: skip
            return by.id

        return call

    kinds = [Decision.DECLINE if n % 2 else Decision.APPROVE for n in EIGHT]
    return at_once(app, *(decide(by, kind) for by, kind in zip(deciders, kinds, strict=True)))


def one_decision_stands(results: list[Any]) -> None:
    winners = [result for result in results if isinstance(result, int)]
    assert len(winners) == 1
    assert all(isinstance(result, OutOfDate) for result in results if not isinstance(result, int)), results
    rollback()
    application = db.session.scalars(select(Application)).one()
    assert application.decided_by_id == winners[0]
    approved = application.state is ApplicationState.APPROVED
    assert count(ContractTerm) == count(Invoice) == int(approved)
    verbs = [f"application.{word}" for word in ("approved", "declined")]
    assert count(AuditEntry, AuditEntry.verb.in_(verbs)) == 1
    assert count(Message, Message.event.in_([f"membership/{w}" for w in ("approved", "declined")])) == 1


def test_eight_decisions_at_once_make_one(app: Flask) -> None:
    one_decision_stands(decide_eight_times(app))


def test_last_writer_wins_would_decide_several_times(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "move", move_whatever_it_was)
    with pytest.raises(AssertionError):
        one_decision_stands(decide_eight_times(app))


# send in


def submit_eight_times(app: Flask, keys: list[str]) -> list[Any]:
    given.season()
    staff()
    who = actor_of(person())
    number = given.draft(who).id
    accepted = given.accepted()

    def call(once: str) -> Callable[[], Any]:
        def submit() -> Any:
            with transaction():
                sent = membership.submit_application(
                    application=db.session.get_one(Application, number),
                    answers=given.clean(), accepted=accepted, once=once, by=who,
                )  # fmt: skip
                return sent.receipt_number

        return submit

    return at_once(app, *(call(key) for key in keys))


def one_submission_stands(results: list[Any], *, refused: int) -> None:
    numbers = {result for result in results if isinstance(result, str)}
    assert len(numbers) == 1
    assert sum(isinstance(result, OutOfDate) for result in results) == refused, results
    assert count(ApplicationRevision) == 1
    assert count(Message, Message.event == "membership/received") == 1
    assert count(Message, Message.event == "membership/to_check") == 1
    rollback()
    assert db.session.scalars(select(Application.receipt_number)).all() == list(numbers)


def test_one_button_pressed_eight_times_sends_once(app: Flask) -> None:
    """The same key again gets the first result."""
    one_submission_stands(submit_eight_times(app, ["once"] * 8), refused=0)


def test_eight_open_pages_send_once(app: Flask) -> None:
    """Keys of their own: the others are told that it has been sent."""
    one_submission_stands(submit_eight_times(app, [f"page-{n}" for n in EIGHT]), refused=7)


def test_last_writer_wins_would_send_eight(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "move", move_whatever_it_was)
    with pytest.raises(AssertionError):
        one_submission_stands(submit_eight_times(app, [f"page-{n}" for n in EIGHT]), refused=7)


# begin


def test_eight_beginnings_with_one_key_make_one_draft(app: Flask) -> None:
    year = given.season()
    who = actor_of(person())

    def begin() -> int:
        with transaction():
            return membership.start_application(fiscal_year=year, once="start", by=who).id

    results = at_once(app, *[begin] * 8)
    assert len(set(results)) == 1, results
    assert count(Application) == 1


def test_eight_colleagues_begin_one_application_of_their_company(app: Flask) -> None:
    """Whoever comes later is led to the one that is under way."""
    year = given.season()
    first = person()
    application, who = given.draft(first), actor_of(first)
    with transaction():
        membership.withdraw_application(application=application, by=who)
    firm = given.company_of(application)
    firm_id = firm.id
    people = [actor_of(person(at=firm, roles=(Role.COMPANY_ADMIN,))) for _ in EIGHT]

    def begin(by: Actor) -> Callable[[], int]:
        def call() -> int:
            with transaction():
                return membership.start_application(
                    fiscal_year=year, once=f"colleague-{by.id}", by=by, organisation_id=firm_id
                ).id

        return call

    results = at_once(app, *(begin(by) for by in people))
    assert len(set(results)) == 1, results
    assert count(Application, Application.state == ApplicationState.DRAFT) == 1


# the last place


def approve_eight_companies(app: Flask) -> list[Any]:
    given.season(places=1)
    clerk, committee = staff(), actor_of(staff(Role.STEERING_COMMITTEE))
    numbers = []
    for n in EIGHT:
        number = corporate_number(600_000_000_000 + n)
        application = given.submitted(person(), number=number, company={"corporate_number": number})
        numbers.append(given.checked(application, clerk).id)

    def approve(number: int) -> Callable[[], Any]:
        def call() -> Any:
            with transaction():
                membership.decide_application(
                    application=db.session.get_one(Application, number), decision=Decision.APPROVE,
                    decided_on=clock.today(), minute_reference="議事録", by=committee,
                )  # fmt: skip
            return number

        return call

    return at_once(app, *(approve(number) for number in numbers))


def one_place_is_taken(results: list[Any]) -> None:
    assert [isinstance(result, int) for result in results].count(True) == 1
    refused = [result for result in results if isinstance(result, Refused)]
    assert [refusal.field for refusal in refused] == ["beyond_places"] * 7
    assert count(ContractTerm) == count(Invoice) == 1
    assert count(Application, Application.state == ApplicationState.CHECKED) == 7


def test_the_last_place_goes_to_one_of_eight(app: Flask) -> None:
    one_place_is_taken(approve_eight_companies(app))


def test_places_counted_beforehand_would_go_to_all(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "places_in", lambda window: Places(1, 0, 8))
    with pytest.raises(AssertionError):
        one_place_is_taken(approve_eight_companies(app))


# paid


def test_a_payment_told_eight_times_activates_once(app: Flask) -> None:
    given.season()
    application = given.checked(given.submitted(person()), staff())
    committee = actor_of(staff(Role.STEERING_COMMITTEE))
    with transaction():
        term = membership.decide_application(
            application=application, decision=Decision.APPROVE, decided_on=clock.today(), minute_reference="議事録",
            by=committee,
        )  # fmt: skip
    assert term is not None
    number = term.id

    def pay() -> bool:
        with transaction():
            return membership.activate_term(term_id=number, paid_on=clock.today())

    assert sorted(at_once(app, *[pay] * 8), key=str) == [False] * 7 + [True]
    assert count(AuditEntry, AuditEntry.verb == "term.activated") == 1
    assert count(Message, Message.event == "membership/active") == 1


def test_the_mutants_change_what_the_services_call() -> None:
    """The names that the mutants replace are the ones in use."""
    assert review.move is submission.move is moves.move
    assert MonitorUse.__table__.c.corporate_number.unique
