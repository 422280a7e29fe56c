"""The pages, read like a demanding person reads them, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.services.invitations import invite_person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.settings import Mode
from tests.accounts.conftest import PASSWORD, Visitor, fresh, mails, with_password
from tests.support.people import actor_of, browser_of, company, office, person, staff
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
Visit = Callable[..., Visitor]
MEMBERS = (
    "/account/profile",
    "/account/profile/edit",
    "/account/email",
    "/account/security",
    "/account/password",
    "/people",
)
OFFICE = ("/staff/organisations", "/staff/people", "/staff/organisations?kind=company", "/staff/people?q=x")


@pytest.fixture
def aoba(app: Flask) -> Organisation:
    return company("株式会社青葉")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_of_a_member(app: Flask, aoba: Organisation, language: str) -> None:
    boss = person(
        at=aoba,
        roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE),
        language=language,
        name="Hanako Aoba" if language == "en" else "青葉 花子",
    )
    by = actor_of(boss)
    with transaction():
        invite_person(organisation=aoba, email="jiro@aoba.example", name="", roles=["billing"], by=by)
    reader = Visitor(browser_of(app, boss))
    for path in (
        *MEMBERS,
        f"/organisations/{aoba.id}/people/invite",
        f"/organisations/{aoba.id}/people/{boss.id}",
    ):
        assert reader.get(path).root.all("html")[0]["lang"] == language


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_of_the_office(app: Flask, aoba: Organisation, language: str) -> None:
    administrator = staff(
        Role.ADMINISTRATOR,
        Role.SECRETARIAT,
        language=language,
        name="Hanako" if language == "en" else "管理 花子",
    )
    member = person(at=aoba, roles=(Role.COMPANY_ADMIN,))
    reader = Visitor(browser_of(app, administrator))
    one = (
        f"/staff/organisations/{aoba.id}",
        f"/staff/organisations/{aoba.id}/edit",
        f"/staff/people/{member.id}",
        f"/staff/people/{member.id}/roles",
    )
    for path in (*OFFICE, *one):
        assert reader.get(path).root.all("html")[0]["lang"] == language


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/link", "/recover"])
def test_the_door_speaks_the_visitor_s_language_and_changes_it_at_once(visitor: Visitor, path: str) -> None:
    page = visitor.get(path, headers={"Accept-Language": "ja"})
    switch = page.form("/language", method="POST")
    page = visitor.submit(switch, button="language=en")
    assert (page.url, page.root.all("html")[0]["lang"]) == (path, "en")
    assert visitor.get(path).root.all("html")[0]["lang"] == "en"


def test_the_language_is_remembered_with_the_person(visit: Visit, hanako: Person) -> None:
    visitor = visit()
    page = visitor.sign_in("hanako@aoba.example")
    visitor.submit(page.form("/language"), button="language=en")
    assert fresh(hanako).language == "en"
    other = visit()
    assert other.sign_in("hanako@aoba.example").root.all("html")[0]["lang"] == "en"


def test_an_unknown_language_is_the_default(visitor: Visitor, hanako: Person) -> None:
    page = visitor.sign_in("hanako@aoba.example")
    visitor.submit(page.form("/language"), button="language=xx")
    assert fresh(hanako).language == "ja"


def test_the_profile_is_kept_and_a_wrong_reading_is_told(visitor: Visitor, hanako: Person) -> None:
    visitor.sign_in("hanako@aoba.example")
    page = visitor.get("/account/profile/edit")
    refused = visitor.submit(page.form(""), 422, name="青葉 はな", name_kana="青葉")
    assert refused.form("").values()["name"] == "青葉 はな"
    visitor.submit(
        refused.form(""), name="青葉 はな", name_kana="あおば はな", telephone="03-1234-5678", language="en"
    )
    kept = fresh(hanako)
    assert (kept.name, kept.name_kana, kept.telephone, kept.language) == (
        "青葉 はな",
        "アオバ ハナ",
        "03-1234-5678",
        "en",
    )


def test_a_new_password_signs_out_the_other_devices(app: Flask, visitor: Visitor, hanako: Person) -> None:
    elsewhere = browser_of(app, hanako)
    visitor.sign_in("hanako@aoba.example")
    page = visitor.get("/account/password")
    visitor.submit(page.form(""), 422, present="wrong", password="a kettle whistles in the blue kitchen")
    page = visitor.submit(page.form(""), 422, present=PASSWORD, password="hanako hanako hanako")
    assert (
        visitor.submit(page.form(""), present=PASSWORD, password="a kettle whistles in the blue kitchen").url
        == "/account/security"
    )
    assert elsewhere.get("/account/profile").status_code == 302


def test_one_device_or_all_are_signed_out(app: Flask, visitor: Visitor, hanako: Person) -> None:
    first, second = browser_of(app, hanako), browser_of(app, hanako)
    visitor.sign_in("hanako@aoba.example")
    page = visitor.get("/account/security")
    assert page.text.count("この端末") >= 1
    ends = [
        form for form in page.forms if form.action.endswith("/end") and "/sessions/end" not in form.action
    ]
    page = visitor.submit(ends[0])
    assert sorted(browser.get("/account/profile").status_code for browser in (first, second)) == [200, 302]
    assert visitor.submit(page.form("/sessions/end")).url == "/sign-in"
    assert [browser.get("/account/profile").status_code for browser in (first, second)] == [302, 302]


def test_the_session_of_somebody_else_is_not_found(app: Flask, hanako: Person) -> None:
    reader = Visitor(browser_of(app, hanako))
    token = reader.get("/account/profile").form("/sign-out").values()["csrf_token"]
    reader.post("/account/sessions/999/end", {"csrf_token": token}, status=404)


def test_roles_are_ticked_and_refusals_stand_at_the_field(app: Flask, aoba: Organisation) -> None:
    boss = person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE))
    clerk = person(at=aoba, roles=(Role.BILLING,))
    reader = Visitor(browser_of(app, boss))
    page = reader.get(f"/organisations/{aoba.id}/people/{clerk.id}")
    reader.submit(page.form(""), roles=["billing", "liaison"])
    page = reader.get(f"/organisations/{aoba.id}/people/{boss.id}")
    assert reader.submit(page.form(""), 422, roles=["billing"]).errors != []
    page = reader.get(f"/organisations/{aoba.id}/people/{clerk.id}")
    assert sorted(page.form("").values().getlist("roles")) == ["billing", "liaison"]
    reader.submit(page.form("/remove"))
    reader.get(f"/organisations/{aoba.id}/people/{clerk.id}", status=404)


def test_who_was_signed_out_by_new_roles_reads_why(app: Flask, aoba: Organisation) -> None:
    boss = person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE))
    clerk = person(at=aoba, roles=(Role.BILLING,))
    own, desk = Visitor(browser_of(app, clerk)), Visitor(browser_of(app, boss))
    page = desk.get(f"/organisations/{aoba.id}/people/{clerk.id}")
    desk.submit(page.form(""), roles=["liaison"])
    told = own.get("/account/profile")
    assert told.url.startswith("/sign-in")
    assert "役割が変更されたため、サインアウトしました" in told.text
    assert "役割が変更されたため" not in Visitor(app.test_client()).get("/sign-in").text


def test_who_cannot_be_removed_is_told_on_the_page(app: Flask, aoba: Organisation) -> None:
    boss = person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE))
    reader = Visitor(browser_of(app, boss))
    page = reader.get(f"/organisations/{aoba.id}/people/{boss.id}")
    told = reader.submit(page.form("/remove"), 422)
    assert any("企業管理者は一名以上必要です" in error for error in told.errors)
    again = told.form(f"/people/{boss.id}")  # its button saves, and does not remove
    assert sorted(again.values().getlist("roles")) == ["company_admin", "representative"]


def test_handing_the_representative_over_is_said_and_mailed_to_both(app: Flask, aoba: Organisation) -> None:
    boss = person(at=aoba, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE), name="青葉 花子")
    clerk = person(at=aoba, roles=(Role.BILLING,), name="青葉 次郎")
    reader = Visitor(browser_of(app, boss))
    page = reader.get(f"/organisations/{aoba.id}/people/{clerk.id}")
    told = reader.submit(page.form(""), roles=["billing", "representative"])
    assert "青葉 次郎様が代表者になり、青葉 花子様から交代しました" in told.text
    assert {mail.address for mail in mails("new_representative")} == {boss.email, clerk.email}


@pytest.mark.parametrize("n", [1, 3])
def test_lists_ask_the_database_the_same_whatever_their_length(app: Flask, n: int) -> None:
    administrator = staff(Role.ADMINISTRATOR)
    for _ in range(n):
        made = company()
        boss = person(at=made, roles=(Role.COMPANY_ADMIN, Role.REPRESENTATIVE))
        person(at=made, roles=(Role.BILLING, Role.TRAINING))
    for who, path in (
        (administrator, "/staff/organisations"),
        (administrator, "/staff/people"),
        (boss, f"/organisations/{made.id}/people"),
    ):
        browser = browser_of(app, who)
        with count_sql() as sql:
            assert browser.get(path).status_code == 200
        assert len(sql) <= 5, str(sql)


def test_the_list_of_organisations_goes_on_by_key(app: Flask, visit: Visit) -> None:
    for n in range(55):
        company(f"試験{n}株式会社")
    reader = Visitor(browser_of(app, staff(Role.SECRETARIAT)))
    first = reader.get("/staff/organisations?kind=company")
    second = reader.get(first.link("続きを見る"))
    names = [[e.text for e in page.main.all("th") if e["scope"] == "row"] for page in (first, second)]
    assert (len(names[0]), len(names[1])) == (50, 5)
    assert not set(names[0]) & set(names[1])


@pytest.mark.parametrize("text", ["青葉", "アオバ", "aoba", "7000", "%", "_", "\\", "' OR 1=1 --"])
def test_search_takes_names_readings_numbers_and_nonsense(app: Flask, text: str) -> None:
    company("株式会社青葉", name_kana="アオバ", name_en="Aoba", corporate_number="7000012050002")
    reader = Visitor(browser_of(app, staff(Role.SECRETARIAT)))
    page = reader.get("/staff/organisations", query_string={"q": text})
    assert ("株式会社青葉" in page.text) == (text in ("青葉", "アオバ", "aoba", "7000"))


def test_the_office_warns_of_addresses_that_look_alike(app: Flask) -> None:
    person(email="hanako@aoba.example")
    twin = person(email="hanak0@aoba.example")
    reader = Visitor(browser_of(app, staff(Role.SECRETARIAT)))
    assert "hanako@aoba.example" in reader.get(f"/staff/people/{twin.id}").text


def test_an_administrator_closes_and_opens_an_account_with_a_reason(
    app: Flask, visit: Visit, hanako: Person
) -> None:
    reader = Visitor(browser_of(app, staff(Role.ADMINISTRATOR)))
    page = reader.get(f"/staff/people/{hanako.id}")
    page = reader.submit(page.form("/disable"), 422)
    reader.submit(page.form("/disable"), reason="退職")
    visit().sign_in("hanako@aoba.example", status=422)
    page = reader.get(f"/staff/people/{hanako.id}")
    assert "退職" in page.text
    reader.submit(page.form("/enable"))
    visit().sign_in("hanako@aoba.example")


def test_the_secretariat_sees_but_does_not_step_in(app: Flask, hanako: Person) -> None:
    reader = Visitor(browser_of(app, staff(Role.SECRETARIAT)))
    page = reader.get(f"/staff/people/{hanako.id}")
    assert "/disable" not in page.source
    token = page.form("/sign-out").values()["csrf_token"]
    reader.post(f"/staff/people/{hanako.id}/disable", {"reason": "x", "csrf_token": token}, status=403)


def test_data_of_an_organisation_are_corrected(app: Flask, aoba: Organisation) -> None:
    reader = Visitor(browser_of(app, staff(Role.SECRETARIAT)))
    page = reader.get(f"/staff/organisations/{aoba.id}/edit")
    page = reader.submit(page.form(""), 422, name_kana="青葉")
    page = reader.submit(page.form(""), name_kana="アオバ", employees="1,234", name_en="Aoba")
    rollback()
    kept = db.session.get_one(Organisation, aoba.id, populate_existing=True)
    assert (kept.name_kana, kept.employees, kept.name_en) == ("アオバ", 1234, "Aoba")


def test_one_click_sign_in_exists_in_the_demonstration_alone(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = with_password(staff(Role.SECRETARIAT, name="見本 一郎"))
    assert "/demo/sign-in" not in visitor.get("/sign-in").source
    token = visitor.get("/sign-in").form("/sign-in").values()["csrf_token"]
    visitor.post("/demo/sign-in", {"person_id": clerk.id, "csrf_token": token}, status=404)
    monkeypatch.setitem(
        app.extensions, "renkei.settings", replace(app.extensions["renkei.settings"], mode=Mode.DEMO)
    )
    page = visitor.get("/sign-in?next=/account/profile")
    assert "見本 一郎" in page.text
    assert visitor.submit(page.form("/demo/sign-in")).url == "/account/profile"
    assert office().name_ja in visitor.get("/account/profile").text
    other = Visitor(app.test_client())
    token = other.get("/sign-in").form("/sign-in").values()["csrf_token"]
    for number in ("", "x", "-1", "9" * 40, "999999"):
        other.post("/demo/sign-in", {"person_id": number, "csrf_token": token}, status=404)
