"""The life of an invitation."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.enums import InvitationState, Role
from portal.accounts.models import Invitation, Organisation, Person
from portal.accounts.services import people_of
from portal.accounts.services.accepting import CannotAccept, accept_invitation
from portal.accounts.services.invitations import invite_person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.transaction import rollback, transaction
from tests.accounts.conftest import Visitor, mails, token_of
from tests.support.people import actor_of, browser_of, company, person, staff

pytestmark = pytest.mark.database
Visit = Callable[..., Visitor]


@pytest.fixture
def aoba(app: Flask) -> Organisation:
    return company("株式会社青葉")


@pytest.fixture
def boss(aoba: Organisation) -> Person:
    return person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE), name="青葉 花子")


@pytest.fixture
def desk(app: Flask, boss: Person, run_jobs: Callable[[], int]) -> Visitor:
    """The administrator's browser."""
    return Visitor(browser_of(app, boss), run_jobs=run_jobs)


def invite(
    desk: Visitor, aoba: Organisation, email: str = "jiro@aoba.example", roles: tuple[str, ...] = ("billing",)
) -> str:
    page = desk.get(f"/organisations/{aoba.id}/people/invite")
    desk.submit(page.form("/invite"), email=email, name="青葉 次郎", roles=list(roles))
    return desk.mailed_path("invitation", email)


def members(organisation: Organisation, *roles: Role) -> list[Person]:
    rollback()
    found = people_of(organisation, *roles)
    for who in found:
        db.session.refresh(who)
    return found


def invitation() -> Invitation:
    rollback()
    found = db.session.query(Invitation).order_by(Invitation.id.desc()).first()
    rollback()
    assert found is not None
    return found


def test_somebody_new_comes_in(desk: Visitor, visit: Visit, aoba: Organisation) -> None:
    path = invite(desk, aoba, roles=("billing", "training"))
    new = visit()
    page = new.get(path)
    assert page.form("/invitation").values()["name"] == "青葉 次郎"
    page = new.submit(
        page.form("/invitation"),
        name="青葉 二郎",
        language="en",
        password="nine brass lanterns swing at dusk",
    )
    assert page.url == "/home"
    made = members(aoba, Role.TRAINING)[0]
    assert (made.name, made.language, made.email_key) == ("青葉 二郎", "en", "jiro@aoba.example")
    assert made.password_hash is not None
    assert invitation().state is InvitationState.ACCEPTED


def test_opening_the_page_changes_nothing(
    desk: Visitor, visit: Visit, aoba: Organisation, boss: Person
) -> None:
    path = invite(desk, aoba)
    for _ in range(5):
        visit().get(path)
    assert members(aoba) == [boss]


def test_a_bad_password_is_told_and_nobody_comes_in(
    desk: Visitor, visit: Visit, aoba: Organisation, boss: Person
) -> None:
    new, path = visit(), invite(desk, aoba)
    page = new.submit(new.get(path).form("/invitation"), 422, password="short")
    assert page.errors == ["エラー： 15文字以上にしてください。"]
    assert members(aoba) == [boss]


def test_somebody_known_and_signed_in_accepts_with_a_button(
    app: Flask, desk: Visitor, aoba: Organisation
) -> None:
    jiro = person(email="jiro@aoba.example")
    path = invite(desk, aoba)
    own = Visitor(browser_of(app, jiro))
    page = own.get(path)
    assert own.submit(page.form("/invitation")).url == "/home"
    assert members(aoba, Role.BILLING) == [jiro]


def test_somebody_known_but_signed_out_is_signed_in_by_it(
    desk: Visitor, visit: Visit, aoba: Organisation
) -> None:
    person(email="jiro@aoba.example")
    own, path = visit(), invite(desk, aoba)
    assert own.submit(own.get(path).form("/invitation")).url == "/home"


def test_somebody_else_is_told_so_and_cannot_accept(
    app: Flask, desk: Visitor, aoba: Organisation, boss: Person
) -> None:
    path = invite(desk, aoba)
    other = Visitor(browser_of(app, person(email="other@midori.example")))
    page = other.get(path)
    assert "other@midori.example" in page.text
    assert "jiro@aoba.example" in page.text
    token = page.form("/sign-out").values()["csrf_token"]
    other.post("/invitation", {"token": token_of(path), "csrf_token": token}, status=409)
    assert members(aoba) == [boss]


def test_an_accepted_invitation_works_no_more(desk: Visitor, visit: Visit, aoba: Organisation) -> None:
    new, path = visit(), invite(desk, aoba)
    new.submit(new.get(path).form("/invitation"))
    for _ in range(10):
        visit().get(path, status=410)


def test_of_eight_at_once_one_accepts(app: Flask, aoba: Organisation, boss: Person, desk: Visitor) -> None:
    secret = token_of(invite(desk, aoba))

    def accept(_: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    accept_invitation(secret=secret, name="", language="ja", by=None)
                return True
            except CannotAccept:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(accept, range(8))) == 1


def test_a_withdrawn_one_says_whom_to_ask(desk: Visitor, visit: Visit, aoba: Organisation) -> None:
    path = invite(desk, aoba)
    page = desk.get(f"/organisations/{aoba.id}/people")
    desk.submit(page.form("/revoke"))
    assert "青葉 花子" in visit().get(path, status=410).text


def test_after_fourteen_days_it_has_expired_and_can_be_sent_again(
    app: Flask, desk: Visitor, visit: Visit, aoba: Organisation, boss: Person
) -> None:
    first = invite(desk, aoba)
    with clock.frozen(clock.now() + timedelta(days=14, seconds=1)):
        assert "青葉 花子" in visit().get(first, status=410).text
    with clock.frozen(clock.now() + timedelta(days=13)):
        later = Visitor(browser_of(app, boss))
        page = later.get(f"/organisations/{aoba.id}/people")
        later.submit(page.form("/resend"))
        again = desk.mailed_path("invitation", "jiro@aoba.example")
    visit().get(first, status=404)
    with clock.frozen(clock.now() + timedelta(days=20)):
        visit().get(again)


def test_an_expired_one_makes_room_for_a_new_one(app: Flask, aoba: Organisation, boss: Person) -> None:
    by = actor_of(boss)
    with transaction():
        invite_person(organisation=aoba, email="jiro@aoba.example", name="", roles=["billing"], by=by)
    with pytest.raises(Refused), transaction():
        invite_person(organisation=aoba, email="JIRO@aoba.example", name="", roles=["billing"], by=by)
    with clock.frozen(clock.now() + timedelta(days=15)), transaction():
        invite_person(organisation=aoba, email="jiro@aoba.example", name="", roles=["billing"], by=by)


@pytest.mark.parametrize("roles", [[], ["administrator"], ["billing", "secretariat"], ["nonsense"]])
def test_roles_of_the_office_cannot_be_offered(
    app: Flask, aoba: Organisation, boss: Person, roles: list[str]
) -> None:
    by = actor_of(boss)
    with pytest.raises(Refused) as refused, transaction():
        invite_person(organisation=aoba, email="jiro@aoba.example", name="", roles=roles, by=by)
    assert refused.value.field == "roles"


def test_a_colleague_is_not_invited_twice(app: Flask, aoba: Organisation, boss: Person) -> None:
    person(at=aoba, roles=(Role.BILLING,), email="jiro@aoba.example")
    by = actor_of(boss)
    with pytest.raises(Refused) as refused, transaction():
        invite_person(organisation=aoba, email="jiro@aoba.example", name="", roles=["training"], by=by)
    assert refused.value.field == "email"


def test_only_those_who_look_after_people_invite(app: Flask, aoba: Organisation, boss: Person) -> None:
    clerk = Visitor(browser_of(app, person(at=aoba, roles=(Role.BILLING,))))
    page = clerk.get(f"/organisations/{aoba.id}/people")
    assert "青葉 花子" in page.text
    assert page.form("/sign-out") is not None
    assert "青葉 花子" in clerk.get(f"/organisations/{aoba.id}/people/invite", status=403).text
    stranger = Visitor(browser_of(app, person(at=company(), roles=(Role.COMPANY_ADMIN,))))
    stranger.get(f"/organisations/{aoba.id}/people", status=404)
    stranger.get(f"/organisations/{aoba.id}/people/invite", status=404)


def test_an_unknown_reader_gets_both_languages_a_known_one_their_own(
    desk: Visitor, aoba: Organisation
) -> None:
    invite(desk, aoba)
    person(email="jane@aoba.example", language="en")
    invite(desk, aoba, email="jane@aoba.example")
    both, own = mails("invitation")
    assert "Please open the link" in both.text
    assert "下記のリンク" in both.text
    assert "下記のリンク" not in own.text


def test_an_accepted_role_of_the_office_waits_for_a_second_factor(
    app: Flask, visit: Visit, run_jobs: Callable[[], int]
) -> None:
    administrator = staff(Role.ADMINISTRATOR)
    by = actor_of(administrator)
    with transaction() as session:
        own = session.get_one(Organisation, by.organisation_ids[0])
        invite_person(organisation=own, email="new@office.example", name="", roles=["secretariat"], by=by)
    new = visit()
    page = new.get(new.mailed_path("invitation", "new@office.example"))
    assert new.submit(page.form("/invitation"), name="新任").url == "/account/security"
