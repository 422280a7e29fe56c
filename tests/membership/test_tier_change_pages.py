"""The pages of a change of tier: what the company sees and agrees to, what the office looks at and writes down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.tier_change import Proration
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import TierChange
from portal.membership.queries.tier_changes import changes_of_term
from portal.membership.services.tier_changes.rules import decide_proration
from portal.membership.services.tier_changes.upgrades import decline_change
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Reader
from tests.support.sql import count_sql


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def only_change(admin: Any) -> Any:
    (change,) = changes_of_term(given.term_of(admin).id)
    rollback()
    return change


def reader_of(who: Any, language: str = "en") -> Reader:
    with transaction():
        db.session.get_one(Person, who.id).language = language
    return Reader(browser_of(current_app._get_current_object(), who))


def test_from_the_home_page_to_the_papers(app: Flask) -> None:
    admin = given.member("C")
    reader = reader_of(admin)
    home = reader.get("/home")
    term = reader.get(home.link("FY2026 Member C"))
    choice = reader.get(term.link("Change the tier"))
    assert "To pay now: ¥550,000 (tax included)" in choice.text
    refused = reader.submit(choice.form("/tier"), status=422)
    assert refused.errors
    preview = reader.submit(choice.form("/tier"), tier="A")
    for words in (
        "¥733,332",
        "¥550,000",
        "4 of 12 months",
        "the month of the change counts in full",
        "1 Feb 2027",
    ):
        assert words in preview.text
    refused = reader.submit(preview.form("/change"), status=422)
    assert refused.errors
    done = reader.submit(preview.form("/change"), accept="y", purchase_order="PO-9")
    change = only_change(admin)
    assert change.state is ChangeState.AGREED
    assert "INV-2026-000002" in done.text
    assert "CRN-2026-000001" in done.text
    again = reader.submit(preview.form("/change"), accept="y")  # the same form sent twice
    assert again.h1 == done.h1
    assert only_change(admin).id == change.id
    assert "Member A" in reader.get(f"/membership/terms/{change.term_id}").text


def test_a_page_that_is_out_of_date_shows_the_new_figures(app: Flask) -> None:
    admin = given.member("C")
    reader = reader_of(admin)
    number = given.term_of(admin).id
    preview = reader.get(f"/membership/terms/{number}/tier/change?tier=A")
    with transaction():
        decide_proration(proration=Proration.BY_DAY, valid_from=given.DECEMBER, by=None)
    late = reader.submit(preview.form("/change"), status=409, accept="y")
    assert "112 of 365 days" in late.text
    reader.submit(late.form("/change"), accept="y")
    assert (only_change(admin).terms or {})["units"] == 112


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_venture_waits_for_the_office(app: Flask, language: str) -> None:
    admin = given.member("C")
    clerk = staff()
    reader, office = reader_of(admin, language), reader_of(clerk, language)
    number = given.term_of(admin).id
    preview = reader.get(f"/membership/terms/{number}/tier/change?tier=B")
    reader.submit(preview.form("/change"), status=422, accept="y", employees="多い")
    reader.submit(preview.form("/change"), accept="y", employees="２０")
    change = only_change(admin)
    assert change.state is ChangeState.ASKED
    listed = office.get("/staff/membership/tier-changes")
    assert f"/staff/membership/tier-changes/{change.id}" in {link["href"] for link in listed.links}
    assert office.get("/staff").main  # the office's home counts it
    shown = office.get(f"/staff/membership/tier-changes/{change.id}")
    office.submit(shown.form("/approve"))
    assert only_change(admin).state is ChangeState.AGREED
    office.submit(shown.form("/approve"), status=409)  # pressed again
    reader.get(f"/membership/tier-changes/{change.id}")


def test_the_office_declines_with_a_reason(app: Flask) -> None:
    admin = given.member("C")
    office = reader_of(staff())
    change = given.upgrade(admin, "B")
    form = office.get(f"/staff/membership/tier-changes/{change.id}/decline").form("/decline")
    office.submit(form, status=422)
    office.submit(form, reason="従業員数が50名を超えています。")
    assert only_change(admin).state is ChangeState.DECLINED
    assert (
        "従業員数が50名を超えています。" in reader_of(admin).get(f"/membership/tier-changes/{change.id}").text
    )


def test_the_office_writes_down_what_a_company_agreed_to(app: Flask) -> None:
    admin = given.member("C")
    office = reader_of(staff())
    term = given.term_of(admin)
    member = office.get(f"/staff/membership/members/{term.organisation_id}")
    choice = office.get(member.link("Change the tier"))
    assert choice.link("See the price") == f"/staff/membership/terms/{term.id}/tier?tier=A"
    preview = office.get(f"/staff/membership/terms/{term.id}/tier?tier=A")
    office.submit(preview.form("/tier"), status=422, accept="y")
    office.submit(preview.form("/tier"), accept="y", note="見本様より電話")
    assert only_change(admin).state is ChangeState.AGREED
    assert "Member C → Member A" in office.get(f"/staff/membership/members/{term.organisation_id}").text


def test_the_way_of_counting_is_shown_before_it_is_chosen(app: Flask) -> None:
    office = reader_of(staff())
    page = office.get("/staff/membership/proration")
    assert "¥550,000" in page.text
    assert "¥506,301" in page.text
    office.submit(page.form("/proration"), status=422, proration="by_day", valid_from="2026-12-01")
    saved = office.submit(page.form("/proration"), proration="by_day", valid_from="2026-12-10")
    assert "By day from Thu 10 Dec 2026 on" in saved.text


def test_strangers_find_nothing(app: Flask) -> None:
    admin, other = given.member("C"), given.member("C")
    change = given.upgrade(admin, "B")
    reader = reader_of(other)
    for path in (
        f"/membership/terms/{change.term_id}", f"/membership/terms/{change.term_id}/tier",
        f"/membership/terms/{change.term_id}/tier/change?tier=A", f"/membership/terms/{change.term_id}/tier/plan?tier=C",
        f"/membership/tier-changes/{change.id}",
    ):  # fmt: skip
        reader.get(path, status=404)


def test_who_was_overtaken_is_told(app: Flask) -> None:
    admin = given.member("C")
    change = given.upgrade(admin, "B")
    reader = reader_of(admin)
    page = reader.get(f"/membership/tier-changes/{change.id}")
    clerk = clerk_actor()
    with transaction():
        decline_change(change=db.session.get_one(TierChange, change.id), reason="確認できません", by=clerk)
    reader.submit(page.form("/withdraw"), status=409)


def clerk_actor() -> Any:
    rollback()
    return actor_of(staff())


@pytest.mark.parametrize(
    ("path", "most"), [("/membership/terms/{term}", 8), ("/membership/tier-changes/{change}", 14)]
)
def test_pages_ask_little(app: Flask, path: str, most: int) -> None:
    admin = given.member("C")
    given.upgrade(admin, "A")
    change = only_change(admin)
    reader = reader_of(admin)
    where = path.format(term=change.term_id, change=change.id)
    reader.get(where)
    with count_sql() as asked:
        reader.get(where)
    assert len(asked) <= most, str(asked)


def test_the_company_reads_who_of_it_agreed() -> None:
    admin = given.member("C")
    change = given.upgrade(admin).id
    name = admin.name
    assert (
        name in reader_of(admin).get(f"/membership/tier-changes/{change}").text.split("What has happened")[1]
    )


def test_who_agreed_is_named_also_after_leaving_and_the_office_is_not() -> None:
    admin, clerk = given.member("C"), staff()
    change = given.upgrade(admin)
    colleague = person(at=season.body_of(admin), roles=(Role.REPRESENTATIVE, Role.COMPANY_ADMIN))
    office = actor_of(clerk)
    with transaction():
        for each in db.session.scalars(select(Affiliation).where(Affiliation.person_id == admin.id)):
            each.ended_at = clock.now()
        record(
            verb="tier_change.declined",
            subject=change,
            organisation_id=change.organisation_id,
            by=office,
            audience=Audience.PARTY,
        )
    told = (
        reader_of(colleague).get(f"/membership/tier-changes/{change.id}").text.split("What has happened")[1]
    )
    assert admin.name in told
    assert clerk.name not in told
