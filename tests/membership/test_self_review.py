"""Nobody judges what they worked on themselves.

Mutants that must fail here: `hands_on` without collaborators, without those who were sent away, without the pages' writers
(now or before), without who gave a file or sent it in; `_refuse_unfit` or `may_check` that do not ask.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.domain.application_flow import ApplicationState
from portal.membership import policy, queries
from portal.membership import services as membership
from portal.membership.enums import AttachmentKind, Decision
from portal.membership.models import Application
from tests.support import membership as given
from tests.support import uploads
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
Hand = Callable[[Application, Person, Person], None]


def share(application: Application, owner: Person, clerk: Person) -> None:
    by = actor_of(owner)
    with transaction():
        link = membership.share_application(application=application, email=clerk.email, by=by)
        membership.join_application(link=link, person=clerk)


def share_and_take_back(application: Application, owner: Person, clerk: Person) -> None:
    share(application, owner, clerk)
    by = actor_of(owner)
    with transaction():
        (link,) = queries.collaborators_of(application)
        membership.stop_sharing(application=application, collaborator_id=link.id, by=by)


def write(application: Application, owner: Person, clerk: Person, page: str = "plan") -> None:
    by = actor_of(clerk)
    with transaction():
        seen = db.session.get_one(Application, application.id).page_version(page)
        membership.save_draft(
            application=application, page=page, typed={"theme": "手伝い"}, editor="clerk", seen=seen, by=by
        )


def write_and_be_followed(application: Application, owner: Person, clerk: Person) -> None:
    write(application, owner, clerk)
    write(application, clerk, owner)


def give_a_file(application: Application, owner: Person, clerk: Person) -> None:
    by = actor_of(clerk)
    with transaction():
        file = FileStorage(io.BytesIO(uploads.png()), "計画.png")
        membership.add_attachment(application=application, storage=file, kind=AttachmentKind.PLAN, by=by)


def send(application: Application, owner: Person, clerk: Person) -> None:
    given.submit(application, clerk)


HANDS: dict[str, Hand] = {
    each.__name__: each
    for each in (share, share_and_take_back, write, write_and_be_followed, give_a_file, send)
}


def sent_in(hand: Hand, clerk: Person) -> Application:
    """An application that waits to be checked, in which the clerk had a hand."""
    given.season()
    owner = person()
    application = given.draft(owner)
    hand(application, owner, clerk)
    if hand is not send:
        given.submit(application, owner)
    rollback()
    return db.session.get_one(Application, application.id)


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_whoever_had_a_hand_in_it_does_not_check_it(app: Flask, hand: Hand) -> None:
    clerk = staff()
    application = sent_in(hand, clerk)
    by, hands = actor_of(clerk), queries.hands_on(application)
    assert not policy.may_check(by, application, hands)
    assert not policy.may_return(by, application, hands)
    for verb in (
        lambda: membership.check_application(application=application, by=by, checklist={}),
        lambda: membership.return_application(
            application=application, comments={}, note="直してください", by=by
        ),
    ):
        with pytest.raises(Refused), transaction():
            verb()
    given.checked(db.session.get_one(Application, application.id), staff())


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_whoever_had_a_hand_in_it_does_not_decide_on_it(app: Flask, hand: Hand) -> None:
    member = staff(Role.STEERING_COMMITTEE)
    application = sent_in(hand, member)
    given.checked(application, staff())
    rollback()
    by, application = actor_of(member), db.session.get_one(Application, application.id)
    assert not policy.may_decide_on(by, application, queries.hands_on(application))
    with pytest.raises(Refused), transaction():
        membership.decide_application(
            application=application, decision=Decision.APPROVE, decided_on=clock.today(),
            minute_reference="議事録3", by=by,
        )  # fmt: skip
    rollback()
    assert db.session.get_one(Application, application.id).state is ApplicationState.CHECKED
    given.approve(db.session.get_one(Application, application.id))


def test_the_page_says_why(app: Flask) -> None:
    clerk = staff()
    application = sent_in(share, clerk)
    number = application.id
    rollback()
    page = Reader(browser_of(app, clerk)).get(f"/staff/membership/applications/{number}/check")
    assert "ご自身が作成に携わられた申込ですので" in page.text


def test_who_was_asked_but_never_took_the_link_may_still_judge(app: Flask) -> None:
    """Else a company could keep every reviewer away by sharing."""
    clerk = staff()

    def only_ask(application: Application, owner: Person, clerk: Person) -> None:
        by = actor_of(owner)
        with transaction():
            membership.share_application(application=application, email=clerk.email, by=by)

    application = sent_in(only_ask, clerk)
    assert policy.may_check(actor_of(clerk), application, queries.hands_on(application))
