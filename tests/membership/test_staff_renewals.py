"""The office's pages of renewals: a campaign is seen before it begins, the board counts, hand-made acts are previewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.renewal_flow import RenewalState as S
from portal.membership import queries
from portal.membership.models import Renewal, RenewalCampaign
from portal.membership.queries.renewal_board import funnel_of
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.services import renewals
from portal.notifications.models import Message
from tests.support import renewals as season
from tests.support.people import actor_of, browser_of, staff
from tests.support.reader import Page, Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def day_of_offers(app: Flask) -> Iterator[None]:
    with season.on(season.OFFERS):
        season.house()
        yield


@pytest.fixture
def clerk(app: Flask) -> Reader:
    return Reader(browser_of(app, staff()))


def number_of(kind: type, *where: object) -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(kind).where(*where)) or 0)  # type: ignore[arg-type]


def step(reader: Reader, path: str, **typed: str) -> Page:
    """Fill in, look at the effect, confirm."""
    plan = reader.submit(reader.get(path).form(), **typed)
    return reader.submit(plan.form(), button="step=confirm")


FEWER = {"before_1": "10", "before_2": "", "before_3": "", "after_1": "", "after_2": ""}

# begin


def test_a_campaign_is_seen_before_it_begins(clerk: Reader) -> None:
    season.member(name_ja="株式会社あきつ")
    season.member("B", name_ja="株式会社いぶき", employees=9, founded_on=date(2019, 1, 1))
    season.member(paid=False)
    form = clerk.get("/staff/membership/renewals/new").form()
    assert form.values()["deadline_on"] == "2027-03-31"
    typed = form.values()
    assert [typed[f"before_{n}"] for n in range(1, 5)] == ["90", "60", "30", ""]
    assert [typed[f"after_{n}"] for n in range(1, 4)] == ["14", "30", ""]
    plan = clerk.submit(form)
    assert "90日前、60日前、30日前、最終日、14日後、30日後" in plan.text
    assert "株式会社あきつ" in plan.text
    assert "¥2,200,000" in plan.text
    assert "別の会員種別の選択が必要" in plan.text
    assert number_of(RenewalCampaign) == number_of(Message, Message.event == "membership/renewal_offer") == 0
    board = clerk.submit(plan.form(), button="step=confirm")
    assert "株式会社いぶき" in board.text
    assert number_of(Renewal) == 2
    season.look(season.OFFERS)
    assert number_of(Message, Message.event == "membership/renewal_offer") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("after_1", "31"),
        ("after_3", "14"),
        ("before_1", "0"),
        ("before_1", "367"),
        ("before_1", "thirty"),
        ("deadline_on", "2026-12-31"),
        ("deadline_on", "2030-01-01"),
        ("deadline_on", "31.3.2027 ?"),
        ("grace_days", "999"),
        ("fiscal_year", "1"),
        ("fiscal_year", "99999999999999999999"),
        ("offers_on", ""),
    ],
)
def test_days_that_make_no_sense_are_refused_at_their_field(clerk: Reader, field: str, value: str) -> None:
    page = clerk.submit(clerk.get("/staff/membership/renewals/new").form(), status=422, **{field: value})
    assert page.errors
    assert number_of(RenewalCampaign) == 0


def test_a_year_has_one_campaign(clerk: Reader) -> None:
    season.begin()
    page = clerk.submit(clerk.get("/staff/membership/renewals/new").form(), status=422, fiscal_year="2027")
    assert page.errors == ["エラー： この年度の更新の受付はすでにあります。"]


def test_the_days_of_a_campaign_are_changed(clerk: Reader) -> None:
    admin = season.member()
    campaign = season.begin()
    season.look(season.OFFERS)
    path = f"/staff/membership/renewals/{campaign.id}/edit"
    clerk.submit(clerk.get(path).form(), deadline_on="2027-04-20", grace_days="20", **FEWER)
    rollback()
    assert db.session.get_one(RenewalCampaign, campaign.id).ladder == [-10, 0]
    assert season.renewal_of(admin).deadline_on == date(2027, 4, 20)
    clerk.submit(clerk.get(path).form(), status=422, offers_on="2026-12-01")
    assert number_of(AuditEntry, AuditEntry.verb == "renewal_campaign.changed") == 1


# the board


def in_several_states() -> RenewalCampaign:
    admins = [season.member(name_ja=f"株式会社{n}番") for n in "一二三四五"]
    campaign = season.begin()
    season.look(season.OFFERS)
    season.pay(season.renew(admins[0]))
    season.renew(admins[1], tier_code="C")
    season.do(renewals.decline, admins[2], reason=DeclineReason.BUDGET, by=actor_of(admins[2]))
    clerk = season.clerks_actor()
    season.do(renewals.extend, admins[3], until=date(2027, 4, 30), reason="理事会", by=clerk)
    return campaign


def test_the_board_counts_and_the_funnel_narrows(clerk: Reader) -> None:
    campaign = in_several_states()
    rollback()
    funnel = funnel_of(campaign.id)
    assert funnel.stages == (("due", 5), ("offered", 5), ("answered", 3), ("renewed", 2), ("paid", 1))
    assert (funnel.changed_tier, funnel.declined, funnel.unanswered, funnel.lapsed) == (1, 1, 0, 0)
    assert (funnel.agreed_yen, funnel.paid_yen) == (2_200_000 + 550_000, 2_200_000)
    assert funnel.reasons == {DeclineReason.BUDGET: 1}
    board = clerk.get(f"/staff/membership/renewals/{campaign.id}")
    for words in ("株式会社一番", "株式会社五番", "予算の都合"):
        assert words in board.text
    declined = clerk.get(f"/staff/membership/renewals/{campaign.id}?state=declined")
    assert "株式会社三番" in declined.text
    assert "株式会社一番" not in declined.text
    changed = clerk.get(f"/staff/membership/renewals/{campaign.id}?changed=1")
    assert "株式会社二番" in changed.text
    assert "株式会社一番" not in changed.text
    assert "株式会社四番" in clerk.get(f"/staff/membership/renewals/{campaign.id}?q=四番").text


def test_nonsense_in_the_address_filters_nothing(clerk: Reader) -> None:
    campaign = in_several_states()
    page = clerk.get(f"/staff/membership/renewals/{campaign.id}?state=x&sort=%00&dir=up&changed=7&q=%00")
    assert "株式会社一番" in page.text
    assert clerk.client.get(f"/staff/membership/renewals/{campaign.id}?after=nonsense").status_code == 404


def test_the_list_is_cut_by_key_and_asks_little(app: Flask) -> None:
    for n in range(3):
        season.member(name_ja=f"株式会社{n}号")
    number = season.begin().id
    reader = browser_of(app, staff())
    asked = []
    for path in (
        f"/staff/membership/renewals/{number}", f"/staff/membership/renewals/{number}?q=株式会社",
        "/staff/membership/renewals",
    ):  # fmt: skip
        reader.get(path)
        with count_sql() as sql:
            assert reader.get(path).status_code == 200
        asked.append(len(sql))
        assert len(sql) <= 8, str(sql)
    season.member(name_ja="株式会社99号")
    season.look(season.OFFERS)
    with count_sql() as sql:
        reader.get(f"/staff/membership/renewals/{number}")
    assert len(sql) == asked[0], str(sql)


def test_the_list_goes_on_after_its_first_page(app: Flask) -> None:
    from portal.membership.queries.renewal_board import BoardFilter, BoardOrder, find_renewals

    for n in range(5):
        season.member(name_ja=f"株式会社{n}号")
    campaign = season.begin()
    clerk = season.clerks_actor()
    for order in BoardOrder:
        for down in (False, True):
            wanted = BoardFilter(campaign.id, order=order, is_descending=down)
            whole = [row[0] for row in find_renewals(clerk, wanted).items]
            parts, cursor = [], None
            while True:
                part = find_renewals(clerk, wanted, cursor=cursor, size=2)
                parts += [row[0] for row in part.items]
                cursor = part.next_cursor
                if cursor is None:
                    break
            assert parts == whole
            assert len(set(parts)) == 5
    rollback()


def test_the_list_leaves_as_a_file_and_stands_in_the_trail(app: Flask, clerk: Reader) -> None:
    campaign = in_several_states()
    form = clerk.get(f"/staff/membership/renewals/{campaign.id}").form("/export")
    answer = clerk.client.post(form.action, data=form.values())
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert "株式会社三番" in answer.get_data(as_text=True)
    assert number_of(AuditEntry, AuditEntry.verb == "list.exported") == 1


# one member


def test_more_time_is_previewed_and_told(clerk: Reader) -> None:
    admin, renewal = season.offered()
    path = f"/staff/membership/renewals/members/{renewal.id}/extend"
    plan = clerk.submit(clerk.get(path).form(), until="2027-05-01", reason="理事会が4月のため")
    assert admin.email in plan.text
    assert season.renewal_of(admin).deadline_on == season.DEADLINE
    shown = clerk.submit(plan.form(), button="step=confirm")
    assert "理事会が4月のため" in shown.text
    assert season.renewal_of(admin).deadline_on == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("until", "reason"), [("2026-12-31", "x"), ("2027-03-30", "x"), ("2031-01-01", "x"), ("", "x"), ("2027-05-01", "")]
)  # fmt: skip
def test_days_and_reasons_that_do_not_do(clerk: Reader, until: str, reason: str) -> None:
    _admin, renewal = season.offered()
    path = f"/staff/membership/renewals/members/{renewal.id}/extend"
    page = clerk.submit(clerk.get(path).form(), status=422, until=until, reason=reason)
    assert page.errors


def test_a_decline_told_by_telephone(clerk: Reader) -> None:
    admin, renewal = season.offered()
    path = f"/staff/membership/renewals/members/{renewal.id}/decline"
    step(clerk, path, reason="reorganised", note="10/14 総務部 山田様より電話")
    renewal = season.renewal_of(admin)
    assert (renewal.state, renewal.answer_way, renewal.decline_reason) == (
        S.DECLINED, AnswerWay.TELEPHONE, DeclineReason.REORGANISED,
    )  # fmt: skip
    assert number_of(Message, Message.event == "membership/renewal_declined") == 1


def test_taken_up_again(clerk: Reader) -> None:
    admin, renewal = season.offered()
    season.do(renewals.decline, admin, reason=DeclineReason.OTHER, by=actor_of(admin))
    path = f"/staff/membership/renewals/members/{renewal.id}/reinstate"
    shown = step(clerk, path, until="2027-03-31", reason="取りやめるとの連絡の撤回")
    assert "取りやめるとの連絡の撤回" in shown.text
    assert season.renewal_of(admin).state is S.OFFERED
    blocked = clerk.get(path)
    assert "この操作は現在できません" in blocked.text


def test_two_clerks_with_the_same_page_open(app: Flask, clerk: Reader) -> None:
    admin, renewal = season.offered()
    path = f"/staff/membership/renewals/members/{renewal.id}/extend"
    second = clerk.get(path).form()
    season.do(renewals.extend, admin, until=date(2027, 4, 10), reason="先の担当", by=season.clerks_actor())
    page = clerk.submit(second, status=409, until="2027-04-20", reason="後の担当")
    assert "記録も送信もされていません" in page.text
    assert season.renewal_of(admin).deadline_on == date(2027, 4, 10)


def test_nobody_acts_on_their_own_company(app: Flask) -> None:
    admin, renewal = season.offered()
    body = season.body_of(admin)
    both = staff()
    with transaction() as session:
        from portal.accounts.models import Affiliation

        session.add(
            Affiliation(
                person_id=both.id, organisation_id=body.id, role=Role.PARTICIPANT, starts_on=date(2026, 4, 1)
            )
        )
    page = Reader(browser_of(app, both)).get(f"/staff/membership/renewals/members/{renewal.id}/extend")
    assert "ご自身が所属する企業" in page.text
    with pytest.raises(Exception, match="操作できません|cannot act"):
        season.do(renewals.extend, admin, until=date(2027, 5, 1), reason="x", by=actor_of(both))


def test_the_committee_reads_and_does_not_act(app: Flask) -> None:
    _admin, renewal = season.offered()
    committee = browser_of(app, staff(Role.STEERING_COMMITTEE))
    assert committee.get(f"/staff/membership/renewals/members/{renewal.id}").status_code == 200
    assert committee.get(f"/staff/membership/renewals/members/{renewal.id}/extend").status_code == 403
    assert committee.get("/staff/membership/renewals/new").status_code == 403


def test_a_lapsed_invoice_is_in_sight(clerk: Reader) -> None:
    admin, _renewal = season.offered()
    term = season.renew(admin)
    day = season.renewal_of(admin).next_on
    while day is not None:
        season.look(day)
        day = season.renewal_of(admin).next_on
    with season.on(date(2027, 8, 1)):
        fresh = Reader(browser_of(clerk.client.application, staff()))
        assert season.invoice_of(term).number in fresh.get("/staff/membership/renewals").text
        assert "失効後の請求書または入金の扱いを決める更新 1件" in fresh.get("/staff").text
        page = fresh.get(f"/staff/membership/renewals/members/{season.renewal_of(admin).id}")
        assert "請求書が未入金のまま残っています" in page.text


def test_places_held_are_said_where_applications_are_decided(app: Flask) -> None:
    season.offered()
    rollback()
    window = queries.window_of(season.YEAR)
    assert window is not None
    assert queries.places_in(window) == queries.Places(40, 0, 0, 1)
