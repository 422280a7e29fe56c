"""Nobody has us fill a stranger's mailbox: mails that one person sends to addresses of their choosing are counted.

Mutants that must fail here: `count_mail` by the address as typed, without the pair, without the mailbox of everybody, after the
question whose address it is (an oracle), and `_refuse_crowd` taken out.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.accounts.limits import TooOften
from portal.accounts.models import Invitation, Organisation, Person
from portal.accounts.services import invitations as services
from portal.accounts.services import offers
from portal.accounts.services.emails import request_new_email
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from portal.notifications.models import Message
from tests.accounts.conftest import Visitor, mails
from tests.support.people import actor_of, browser_of, company, person

pytestmark = pytest.mark.database


@pytest.fixture
def aoba(app: Flask) -> Organisation:
    return company("株式会社青葉")


def boss_of(body: Organisation) -> Person:
    return person(at=body, roles=(Role.COMPANY_ADMIN,))


def invite(body: Organisation, email: str, by: Actor) -> bool:
    """Whether an invitation went out; it is withdrawn at once, so that the same address may be asked again."""
    try:
        with transaction():
            made = services.invite_person(organisation=body, email=email, name="", roles=["billing"], by=by)
        with transaction():
            services.revoke_invitation(invitation=made, organisation=body, by=by)
    except TooOften as refused:
        assert refused.field == "email"
        return False
    return True


def test_an_invitation_is_sent_five_times_a_day_to_one_mailbox(
    app: Flask, aoba: Organisation, run_jobs: Callable[[], int]
) -> None:
    desk = Visitor(browser_of(app, boss_of(aoba)), run_jobs=run_jobs)
    page = desk.get(f"/organisations/{aoba.id}/people/invite")
    page = desk.submit(page.form("/invite"), email="jiro@aoba.example", name="次郎", roles=["billing"])
    for _ in range(4):
        page = desk.submit(page.form("/resend"))
    for _ in range(20):
        refused = desk.submit(page.form("/resend"), 429)
    assert "このアドレスには本日すでに" in refused.text
    assert len(mails("invitation")) == 5


def test_the_form_says_so_at_the_address(app: Flask, aoba: Organisation) -> None:
    boss = boss_of(aoba)
    by = actor_of(boss)
    assert [invite(aoba, "jiro@aoba.example", by) for _ in range(5)] == [True] * 5
    desk = Visitor(browser_of(app, boss))
    page = desk.get(f"/organisations/{aoba.id}/people/invite")
    page = desk.submit(page.form("/invite"), 422, email="jiro@aoba.example", name="次郎", roles=["billing"])
    assert [error.endswith("別の方法でご連絡ください。") for error in page.errors] == [True]
    assert page.form("/invite").values()["name"] == "次郎"


def test_other_spellings_and_tags_are_the_same_mailbox(app: Flask, aoba: Organisation) -> None:
    by = actor_of(boss_of(aoba))
    spellings = [f"JIRO+{n}@ａoba.example" for n in range(6)]
    assert [invite(aoba, email, by) for email in spellings] == [True] * 5 + [False]


def test_several_persons_together_send_ten_a_day_to_one_mailbox(app: Flask, aoba: Organisation) -> None:
    sent = [invite(aoba, "jiro@else.example", by) for by in [actor_of(boss_of(aoba)) for _ in range(12)]]
    assert sent == [True] * 10 + [False] * 2


def test_one_person_sends_thirty_an_hour(app: Flask, aoba: Organisation) -> None:
    by = actor_of(boss_of(aoba))
    sent = [invite(aoba, f"n{n}@else.example", by) for n in range(32)]
    assert sent == [True] * 30 + [False] * 2
    assert invite(aoba, "n31@else.example", actor_of(boss_of(aoba)))


def test_as_many_invitations_wait_as_may(
    app: Flask, aoba: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert offers.MOST_OPEN == 200
    monkeypatch.setattr(offers, "MOST_OPEN", 3)
    by = actor_of(boss_of(aoba))

    def ask(n: int) -> Invitation:
        with transaction():
            return services.invite_person(
                organisation=aoba, email=f"n{n}@aoba.example", name="", roles=["billing"], by=by
            )

    first = [ask(n) for n in range(3)][0]
    with pytest.raises(Refused) as refused:
        ask(3)
    assert refused.value.field == "email"
    with transaction():
        services.revoke_invitation(invitation=first, organisation=aoba, by=by)
    ask(3)
    rollback()
    assert db.session.scalar(select(func.count()).select_from(Message)) == 4


def test_a_new_address_is_refused_alike_whosever_it_is(app: Flask) -> None:
    """Six times the same address: were only mails counted that go out, the sixth answer would tell."""
    person(email="taken@aoba.example")
    for address in ("taken@aoba.example", "free@aoba.example"):
        by = [actor_of(person()) for _ in range(11)]
        answers = []
        for who in by:
            try:
                with transaction():
                    request_new_email(by=who, email=address)
                answers.append(True)
            except TooOften:
                answers.append(False)
        assert answers == [True] * 10 + [False], address
