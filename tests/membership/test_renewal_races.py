"""Renewals at once: one contract, one invoice, one winner. Each race is run again with a mutant that has to lose it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.session import token_hash
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership import queries
from portal.membership.models import ContractTerm, Renewal, RenewalLink, RenewalNotice
from portal.membership.queries import Places
from portal.membership.renewing import AnswerWay, DeclineReason, NoticeState
from portal.membership.services import renewals, terms
from portal.membership.services.renewals import answers, notices, office
from portal.notifications import services as outbox
from portal.notifications.models import Message
from tests.support import renewals as season
from tests.support.people import actor_of
from tests.support.races import at_once

pytestmark = pytest.mark.database
EIGHT = range(8)


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


def count(model: Any, *where: Any) -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0)


def next_terms() -> int:
    return count(ContractTerm, ContractTerm.fiscal_year == season.YEAR)


def take_whatever_it_was(
    renewal: Renewal, act: Any, party: Any, *, by: Any, seen: Any = None, agreed: Any = None, note: str = "",
    changes: Any = None, **values: Any,
) -> Any:  # fmt: skip
    """Mutant: last writer wins."""
    from portal.domain.renewal_flow import Act

    after = {
        Act.RENEW: S.RENEWED, Act.INVOICE: S.INVOICED, Act.DECLINE: S.DECLINED, Act.EXTEND: renewal.state,
        Act.MISS: S.GRACE,
    }  # fmt: skip
    for name, value in (values | {"state": after[act], "moved_at": clock.now()}).items():
        setattr(renewal, name, value)
    db.session.flush()
    if act in (Act.EXTEND, Act.DECLINE):
        from portal.audit.services import record

        record(verb=f"renewal.{act.value}ed".replace("ee", "e"), subject=renewal, by=by)


# renew


def renew_eight_times(app: Flask, *, by: Actor, number: int) -> list[Any]:
    accepted = season.accepted()

    def call() -> int:
        with transaction():
            return renewals.renew(renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by).id

    return at_once(app, *[call] * 8)


def one_contract_stands(results: list[Any]) -> None:
    assert len([result for result in results if isinstance(result, int)]) == 1, results
    assert all(isinstance(result, OutOfDate) for result in results if not isinstance(result, int)), results
    assert next_terms() == count(Invoice) == 1
    assert count(AuditEntry, AuditEntry.verb == "renewal.renewed") == 1
    assert count(Message, Message.event == "membership/renewal_confirmed") == 1


def test_eight_clicks_on_renew_make_one_contract_and_one_invoice(app: Flask) -> None:
    admin, renewal = season.offered()
    one_contract_stands(renew_eight_times(app, by=actor_of(admin), number=renewal.id))


def test_last_writer_wins_would_renew_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the contract's own key would be left, and eight people would be told eight different things."""
    admin, renewal = season.offered()
    monkeypatch.setattr(answers, "take", take_whatever_it_was)
    with pytest.raises(AssertionError):
        one_contract_stands(renew_eight_times(app, by=actor_of(admin), number=renewal.id))


def test_renewed_and_declined_at_once_is_one_of_the_two(app: Flask) -> None:
    admin, renewal = season.offered()
    by, number, accepted = actor_of(admin), renewal.id, season.accepted()

    def yes() -> str:
        with transaction():
            renewals.renew(renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by)
        return "yes"

    def no() -> str:
        with transaction():
            renewals.decline(renewal=db.session.get_one(Renewal, number), reason=DeclineReason.OTHER, by=by)
        return "no"

    results = at_once(app, *[yes, no] * 4)
    said = [result for result in results if isinstance(result, str)]
    assert len(said) == 1, results
    assert season.renewal_of(admin).state is (S.INVOICED if said == ["yes"] else S.DECLINED)
    assert next_terms() == count(Invoice) == int(said == ["yes"])


# the last place


def renew_eight_companies(app: Flask) -> list[Any]:
    with transaction():
        window = queries.window_of(season.YEAR)
        assert window is not None
        window.places = 1
    admins = [season.member() for _ in EIGHT]
    season.begin()
    season.look(season.OFFERS)
    accepted = season.accepted()

    def renew(by: Actor, number: int) -> Callable[[], Any]:
        def call() -> int:
            with transaction():
                return renewals.renew(
                    renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by
                ).id

        return call

    pairs = [(actor_of(admin), season.renewal_of(admin).id) for admin in admins]
    return at_once(app, *(renew(*pair) for pair in pairs))


def one_place_is_taken(results: list[Any]) -> None:
    assert len([result for result in results if isinstance(result, int)]) == 1, results
    assert [result.field for result in results if isinstance(result, Refused)] == ["tier"] * 7
    assert next_terms() == count(Invoice) == 1


def test_the_last_place_goes_to_one_of_eight_members(app: Flask) -> None:
    one_place_is_taken(renew_eight_companies(app))


def test_places_counted_beforehand_would_go_to_all_members(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "places_in", lambda window: Places(1, 0, 0, 8))
    with pytest.raises(AssertionError):
        one_place_is_taken(renew_eight_companies(app))


# two of the office


def act_as_two_of_the_office(app: Flask) -> list[Any]:
    admin, renewal = season.offered()
    clerks, number, seen = [season.clerks_actor() for _ in EIGHT], renewal.id, renewal.version
    rollback()

    def extend(by: Actor) -> Callable[[], int]:
        def call() -> int:
            with transaction():
                renewals.extend(
                    renewal=db.session.get_one(Renewal, number), until=season.DEADLINE + timedelta(days=by.id % 90 + 1),
                    reason="決裁待ち", by=by, seen=seen,
                )  # fmt: skip
            return by.id

        return call

    def decline(by: Actor) -> Callable[[], int]:
        def call() -> int:
            with transaction():
                renewals.decline_by_telephone(
                    renewal=db.session.get_one(Renewal, number),
                    reason=DeclineReason.BUDGET,
                    note="電話",
                    by=by,
                    seen=seen,
                )
            return by.id

        return call

    return at_once(app, *((decline if n % 2 else extend)(by) for n, by in enumerate(clerks)))


def one_act_stands(results: list[Any]) -> None:
    assert len([result for result in results if isinstance(result, int)]) == 1, results
    assert all(isinstance(result, OutOfDate) for result in results if not isinstance(result, int)), results
    verbs = ["renewal.extended", "renewal.declined"]
    assert count(AuditEntry, AuditEntry.verb.in_(verbs)) == 1
    assert count(Renewal, Renewal.version == 2) == 1


def test_of_eight_acts_of_the_office_one_stands(app: Flask) -> None:
    one_act_stands(act_as_two_of_the_office(app))


def test_acts_on_whatever_it_was_would_all_stand(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "take", take_whatever_it_was)
    monkeypatch.setattr(answers, "take", take_whatever_it_was)
    with pytest.raises(AssertionError):
        one_act_stands(act_as_two_of_the_office(app))


# the link


def answer_by_one_link_eight_times(app: Flask) -> list[Any]:
    admin, renewal = season.offered()
    number, reader, accepted = renewal.id, admin.id, season.accepted()
    with transaction() as session:
        link = session.scalars(select(RenewalLink)).one()
        link.token_hash = token_hash("secret")

    def call() -> int:
        with transaction():
            found = renewals.answer_link("secret")
            if found is None:
                raise renewals.SpentAnswer(renewals.SPENT)
            renewals.spend_answer_link(found)
            return renewals.renew(
                renewal=db.session.get_one(Renewal, number), accepted=accepted, by=reader, way=AnswerWay.MAIL
            ).id

    return at_once(app, *[call] * 8)


def one_answer_counts(results: list[Any]) -> None:
    assert len([result for result in results if isinstance(result, int)]) == 1, results
    spent = [result for result in results if isinstance(result, renewals.SpentAnswer)]
    assert len(spent) == 7, results
    assert next_terms() == count(Invoice) == 1


def test_a_link_answers_once(app: Flask) -> None:
    one_answer_counts(answer_by_one_link_eight_times(app))


def test_the_link_and_the_portal_at_once_wait_for_one_another_in_one_order(app: Flask) -> None:
    """Locked the other way round, two would wait for one another for ever."""
    admin, renewal = season.offered()
    number, by, accepted = renewal.id, actor_of(admin), season.accepted()
    with transaction() as session:
        session.scalars(select(RenewalLink)).one().token_hash = token_hash("secret")

    def from_the_mail() -> str:
        with transaction():
            found = renewals.answer_link("secret")
            if found is None:
                raise renewals.SpentAnswer(renewals.SPENT)
            renewals.spend_answer_link(found)
            renewals.decline(
                renewal=db.session.get_one(Renewal, number),
                reason=DeclineReason.OTHER,
                by=by.id,
                way=AnswerWay.MAIL,
            )
        return "no"

    def on_the_portal() -> str:
        with transaction():
            renewals.renew(renewal=db.session.get_one(Renewal, number), accepted=accepted, by=by)
        return "yes"

    results = at_once(app, *[from_the_mail, on_the_portal] * 4)
    said = [result for result in results if isinstance(result, str)]
    assert len(said) == 1, results
    assert all(isinstance(result, Refused) for result in results if not isinstance(result, str)), results
    assert next_terms() == count(Invoice) == int(said == ["yes"])


def test_a_link_that_is_only_looked_at_would_be_tried_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: neither spent when it is used, nor forgotten when the renewal is answered."""
    monkeypatch.setattr(renewals, "spend_answer_link", lambda link: None)
    monkeypatch.setattr(answers, "forget_answer_links", lambda renewal: None)
    with pytest.raises(AssertionError):
        one_answer_counts(answer_by_one_link_eight_times(app))


# the ladder


def run_eight_workers(app: Flask) -> None:
    season.offered()
    day = season.DEADLINE - timedelta(days=30)
    rollback()
    number = db.session.scalars(select(Renewal.id)).one()
    rollback()
    with season.on(day):

        def call() -> None:
            with transaction():
                renewals.advance_renewal(number)

        at_once(app, *[call] * 8)


def one_reminder_went_out() -> None:
    assert count(Message, Message.event == "membership/renewal_reminder") == 1
    assert count(AuditEntry, AuditEntry.verb == "renewal.reminded") == 1
    assert count(RenewalNotice, RenewalNotice.state == NoticeState.SENT) == 1


def test_eight_workers_send_one_reminder(app: Flask) -> None:
    run_eight_workers(app)
    one_reminder_went_out()


def test_a_second_run_without_claim_and_key_would_send_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mutant: the step is not claimed before it is sent, and the message has no key."""
    monkeypatch.setattr(notices, "settle", lambda notice, state: True)
    real = outbox.send_mail
    from portal.membership import renewal_mail

    monkeypatch.setattr(renewal_mail, "send_mail", lambda **values: real(**(values | {"key": None})))
    run_eight_workers(app)
    with pytest.raises(AssertionError):
        one_reminder_went_out()


def test_the_mutants_change_what_the_services_call() -> None:
    """The names that the mutants replace are the ones in use."""
    from portal.membership.services.renewals import moves

    assert answers.take is office.take is moves.take
