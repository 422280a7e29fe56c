"""One representative, at least one administrator, whoever is fastest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries.members import members_of
from portal.accounts.services import (
    affiliate,
    give_role,
    people_of,
    register_company,
    staff_with,
    take_role,
    update_organisation,
)
from portal.accounts.services.office import set_staff_roles
from portal.accounts.services.roles import NotTheManager, remove_person, set_roles
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.transaction import rollback, transaction
from tests.support.people import actor_of, browser_of, company, corporate_number, office, person, staff

pytestmark = pytest.mark.database
FOUNDER = (Role.COMPANY_ADMIN, Role.REPRESENTATIVE)


@pytest.fixture
def aoba(app: Flask) -> Organisation:
    return company("株式会社青葉")


@pytest.fixture
def founder(aoba: Organisation) -> Person:
    return person(at=aoba, roles=FOUNDER, name="青葉 花子")


def holders(organisation: Organisation, role: Role) -> list[int]:
    rollback()
    found = [p.id for p in people_of(organisation, role)]
    rollback()
    return found


def test_the_last_administrator_stays(aoba: Organisation, founder: Person) -> None:
    by = actor_of(founder)
    with pytest.raises(Refused) as refused, transaction():
        take_role(person=founder, organisation=aoba, role=Role.COMPANY_ADMIN, by=by)
    assert refused.value.field == "roles"
    with pytest.raises(Refused), transaction():
        remove_person(person=founder, organisation=aoba, by=by)
    assert holders(aoba, Role.COMPANY_ADMIN) == [founder.id]


def test_of_two_administrators_who_take_each_other_s_role_at_once_one_remains(
    app: Flask, aoba: Organisation, founder: Person
) -> None:
    second = person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.BILLING))
    pairs = [(actor_of(founder), second.id), (actor_of(second), founder.id)]
    company_id = aoba.id
    rollback()

    def take(pair: tuple[Actor, int]) -> bool:
        with app.app_context():
            try:
                with transaction() as session:
                    whom, where = session.get_one(Person, pair[1]), session.get_one(Organisation, company_id)
                    take_role(person=whom, organisation=where, role=Role.COMPANY_ADMIN, by=pair[0])
                return True
            except Refused:
                return False
            finally:
                db.session.remove()

    for _ in range(5):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(take, pairs * 4))
        assert len(holders(aoba, Role.COMPANY_ADMIN)) == 1
        with transaction():
            for who in (founder, second):
                affiliate(who, aoba, Role.COMPANY_ADMIN)


def test_the_representative_is_handed_over(aoba: Organisation, founder: Person) -> None:
    second = person(at=aoba, roles=(Role.PARTICIPANT,))
    by = actor_of(founder)
    with transaction():
        give_role(person=second, organisation=aoba, role=Role.REPRESENTATIVE, by=by)
    assert holders(aoba, Role.REPRESENTATIVE) == [second.id]


def test_whoever_was_representative_alone_stays_as_participant(aoba: Organisation, founder: Person) -> None:
    only, second = person(), person(at=aoba, roles=(Role.PARTICIPANT,))
    with transaction():
        affiliate(only, aoba, Role.REPRESENTATIVE)
    with transaction():
        affiliate(second, aoba, Role.REPRESENTATIVE)
    assert holders(aoba, Role.REPRESENTATIVE) == [second.id]
    assert only.id in holders(aoba, Role.PARTICIPANT)


def test_of_eight_made_representative_at_once_one_is(app: Flask, aoba: Organisation, founder: Person) -> None:
    crowd = [person(at=aoba, roles=(Role.PARTICIPANT,)).id for _ in range(8)]
    company_id = aoba.id
    rollback()

    def crown(person_id: int) -> None:
        with app.app_context(), transaction() as session:
            affiliate(
                session.get_one(Person, person_id),
                session.get_one(Organisation, company_id),
                Role.REPRESENTATIVE,
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(crown, crowd))
    assert len(holders(aoba, Role.REPRESENTATIVE)) == 1


def test_the_role_of_representative_cannot_be_dropped(aoba: Organisation, founder: Person) -> None:
    by = actor_of(founder)
    with pytest.raises(Refused), transaction():
        set_roles(person=founder, organisation=aoba, roles=[Role.COMPANY_ADMIN], by=by)


def test_a_colleague_without_the_right_is_told_whom_to_ask(aoba: Organisation, founder: Person) -> None:
    clerk = person(at=aoba, roles=(Role.BILLING,))
    by = actor_of(clerk)
    with pytest.raises(NotTheManager) as refused, transaction():
        give_role(person=clerk, organisation=aoba, role=Role.COMPANY_ADMIN, by=by)
    assert "青葉 花子" in str(refused.value)


def test_the_administrator_of_another_company_has_no_say(aoba: Organisation, founder: Person) -> None:
    stranger = person(at=company(), roles=FOUNDER)
    by = actor_of(stranger)
    with pytest.raises(NotTheManager), transaction():
        take_role(person=founder, organisation=aoba, role=Role.REPRESENTATIVE, by=by)


def test_a_role_of_the_office_cannot_be_held_for_a_company(aoba: Organisation, founder: Person) -> None:
    by = actor_of(founder)
    with pytest.raises(Refused), transaction():
        give_role(person=founder, organisation=aoba, role=Role.ADMINISTRATOR, by=by)


def test_a_change_of_roles_ends_the_sessions_of_the_person_but_not_one_s_own(
    app: Flask, aoba: Organisation, founder: Person
) -> None:
    second = person(at=aoba, roles=(Role.BILLING,))
    theirs, by = browser_of(app, second), actor_of(founder)
    with transaction():
        give_role(person=second, organisation=aoba, role=Role.TRAINING, by=by)
    assert theirs.get("/account/profile").status_code == 302
    own = browser_of(app, founder)
    with transaction():
        give_role(person=founder, organisation=aoba, role=Role.BILLING, by=by)
    assert own.get("/account/profile").status_code == 302


def test_the_same_role_twice_is_one(aoba: Organisation, founder: Person) -> None:
    with transaction():
        first = affiliate(founder, aoba, Role.BILLING)
        assert affiliate(founder, aoba, Role.BILLING).id == first.id


def test_nobody_is_given_a_role_in_a_company_they_do_not_belong_to(
    aoba: Organisation, founder: Person
) -> None:
    by = actor_of(founder)
    with pytest.raises(Refused), transaction():
        give_role(person=person(), organisation=aoba, role=Role.BILLING, by=by)
    by = actor_of(founder)
    with pytest.raises(NotFound), transaction():
        remove_person(person=person(), organisation=aoba, by=by)


def test_a_person_who_is_removed_is_out_at_once(app: Flask, aoba: Organisation, founder: Person) -> None:
    second = person(at=aoba, roles=(Role.BILLING, Role.TRAINING))
    theirs = browser_of(app, second)
    by = actor_of(founder)
    with transaction():
        remove_person(person=second, organisation=aoba, by=by)
    assert theirs.get("/account/profile").status_code == 302
    assert [m.person.id for m in members_of(aoba.id)] == [founder.id]


def test_the_founder_of_a_company_represents_and_administers_it(app: Flask) -> None:
    hanako = person(name="青葉 花子")
    number = corporate_number(123_456_789_012)
    by = actor_of(hanako)
    with transaction():
        made = register_company(corporate_number=number, name_ja="株式会社青葉", name_kana="あおば", by=by)
    assert made.name_kana == "アオバ"
    assert holders(made, Role.COMPANY_ADMIN) == holders(made, Role.REPRESENTATIVE) == [hanako.id]
    by = actor_of(hanako)
    with transaction():
        again = register_company(corporate_number=f" {number} ", name_ja="別名", name_kana="", by=by)
    assert (again.id, again.name_ja) == (made.id, "株式会社青葉")
    by = actor_of(person())
    with pytest.raises(Refused) as refused, transaction():
        register_company(corporate_number=number, name_ja="青葉", name_kana="アオバ", by=by)
    assert refused.value.field == "corporate_number"
    assert "青葉 花子" not in str(refused.value)


@pytest.mark.parametrize("number", ["", "T1234567890123", "123", "1234567890123", "x" * 13, "9" * 20])
def test_a_wrong_corporate_number_is_refused_at_its_field(app: Flask, number: str) -> None:
    with pytest.raises(Refused) as refused, transaction():
        register_company(corporate_number=number, name_ja="青葉", name_kana="", by=None)
    assert refused.value.field == "corporate_number"


def test_data_are_changed_with_old_and_new_in_the_trail(aoba: Organisation, founder: Person) -> None:
    by = actor_of(founder)
    with transaction() as session:
        update_organisation(
            organisation=session.get_one(Organisation, aoba.id), by=by, employees=42, name_en="Aoba"
        )
    with pytest.raises(TypeError), transaction():
        update_organisation(organisation=aoba, by=None, corporate_number="x")


def test_the_office_keeps_an_administrator(app: Flask) -> None:
    boss = staff(Role.ADMINISTRATOR)
    by = actor_of(boss)
    with pytest.raises(Refused), transaction():
        set_staff_roles(person=boss, roles=[], by=by)
    second = person()
    with transaction():
        set_staff_roles(person=second, roles=[Role.ADMINISTRATOR, Role.SECRETARIAT], by=by)
    with transaction():
        set_staff_roles(person=boss, roles=[Role.SECRETARIAT], by=by)
    assert [p.id for p in staff_with(Role.ADMINISTRATOR)] == [second.id]
    rollback()
    by = actor_of(boss)
    with pytest.raises(NotTheManager), transaction():
        set_staff_roles(person=second, roles=[], by=by)


def test_a_secretary_of_the_office_has_no_say_in_a_company(
    app: Flask, aoba: Organisation, founder: Person
) -> None:
    by = actor_of(staff(Role.SECRETARIAT))
    with pytest.raises(NotTheManager), transaction():
        set_roles(person=founder, organisation=aoba, roles=[Role.BILLING], by=by)
    assert office().id != aoba.id
