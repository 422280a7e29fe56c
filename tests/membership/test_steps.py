"""An application from the first page to the receipt number, as its reader sees it."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.application_flow import ApplicationState
from portal.membership.models import Application, ApplicationRevision
from portal.membership.services import return_application
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Page, Reader

pytestmark = pytest.mark.database
BASE = "/membership/applications/1"


def reader(app: Flask, language: str = "ja", who: object = None) -> Reader:
    return Reader(browser_of(app, who or person(language=language)))  # type: ignore[arg-type]


def begin(visitor: Reader) -> Page:
    page = visitor.get("/membership/start")
    return visitor.submit(page.form("/membership/start"))


def fill(visitor: Reader, page: Page, **pages: dict[str, object]) -> Page:
    """Every page of questions in turn, up to the confirmation."""
    words = given.typed(**pages)
    for name, answers in words.items():
        if not page.url.endswith(f"/steps/{name}"):
            continue
        page = visitor.submit(page.form(f"/steps/{name}"), **answers)
    assert page.url.endswith("/attachments"), page.url
    return visitor.get(page.link("次へ" if "次へ" in page.text else "Continue"))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_company_applies(app: Flask, language: str) -> None:
    """Twelve pages, one button, a receipt number, and mails to both sides."""
    given.season()
    clerk = staff()
    visitor = reader(app, language)
    page = fill(visitor, begin(visitor))
    assert page.url == f"{BASE}/confirm"
    page = visitor.submit(
        page.form("/confirm"), membership_rules="y", anti_social_pledge="y", personal_data="y"
    )
    assert page.url == BASE
    rollback()
    application = db.session.get_one(Application, 1)
    assert application.state is ApplicationState.SUBMITTED
    assert application.receipt_number
    assert application.receipt_number in page.text
    events = dict(db.session.execute(select(Message.event, func.count()).group_by(Message.event)).all())
    assert events == {"membership/received": 1, "membership/to_check": 1}
    to = set(db.session.scalars(select(Message.address).where(Message.event == "membership/to_check")))
    assert to == {clerk.email}


def test_learners_page_comes_only_when_learners_are_wanted(app: Flask) -> None:
    given.season()
    visitor = reader(app)
    page = begin(visitor)
    words = given.typed(tier={"learners_wanted": "0", "tier": "C"})
    for name in ("company", "profile", "tier", "representative", "contact"):
        page = visitor.submit(page.form(f"/steps/{name}"), **words[name])
    page = visitor.submit(page.form("/steps/billing"), **words["billing"])
    assert page.url == f"{BASE}/steps/plan"


@pytest.mark.parametrize(
    ("page_name", "field", "words", "message"),
    [
        ("company", "corporate_number", "1234567890123", "検査用数字"),
        ("company", "corporate_number", "12345678901234567890", "13桁"),
        ("company", "name_kana", "見本", "カタカナ"),
        ("company", "postal_code", "12", "7桁"),
        ("company", "name_ja", "株式\x00会社", "制御文字"),
        ("company", "address", "あ" * 100_000, "300"),
        ("company", "name_en", "日本語 Co", "英字"),
    ],
)
def test_bad_words_are_told_at_their_field_and_stay(
    app: Flask, page_name: str, field: str, words: str, message: str
) -> None:
    """4xx, the message at the field, everything typed still there, nothing written."""
    given.season()
    visitor = reader(app)
    page = begin(visitor)
    answers = given.typed()[page_name] | {field: words}
    page = visitor.submit(page.form(f"/steps/{page_name}"), status=422, **answers)
    assert any(message in error for error in page.errors), page.errors
    values = page.form(f"/steps/{page_name}").values()
    kept = {name: values[name] for name in answers if name != field}
    assert kept == {name: answers[name] for name in kept}
    if "\x00" not in words:
        assert values[field] == words
    rollback()
    application = db.session.get_one(Application, 1)
    assert application.draft == {}
    assert application.organisation_id is None


def test_tier_page_says_yes_or_no_and_why(app: Flask) -> None:
    """A company of 1,200 people cannot be a venture, and is told so; three learners go by arrangement."""
    given.season()
    visitor = reader(app)
    page = begin(visitor)
    words = given.typed()
    for name in ("company", "profile"):
        page = visitor.submit(page.form(f"/steps/{name}"), **words[name])
    assert "50名未満" in page.text
    page = visitor.submit(page.form("/steps/tier"), status=422, learners_wanted="1", tier="B")
    assert any("50名未満" in error for error in page.errors), page.errors
    page = visitor.submit(page.form("/steps/tier"), status=422, learners_wanted="1", tier="C")
    assert any("受講者枠" in error for error in page.errors), page.errors
    page = visitor.submit(page.form("/steps/tier"), status=422, learners_wanted="3", tier="B")
    assert "個別のご相談" in page.text
    page = visitor.submit(page.form("/steps/tier"), learners_wanted="3", tier="A")
    assert page.url == f"{BASE}/steps/representative"


def test_confirmation_lists_what_is_missing_and_sends_nothing(app: Flask) -> None:
    given.season()
    visitor = reader(app)
    begin(visitor)
    page = visitor.get(f"{BASE}/confirm")
    page = visitor.submit(
        page.form("/confirm"), status=422, membership_rules="y", anti_social_pledge="y", personal_data="y"
    )
    assert "会社の情報" in page.text
    rollback()
    assert db.session.scalar(select(func.count()).select_from(ApplicationRevision)) == 0


def test_confirmation_needs_every_box(app: Flask) -> None:
    given.season()
    visitor = reader(app)
    page = fill(visitor, begin(visitor))
    page = visitor.submit(page.form("/confirm"), status=422, membership_rules="y", personal_data="y")
    assert len(page.errors) == 1
    rollback()
    assert db.session.get_one(Application, 1).state is ApplicationState.DRAFT


def test_answers_that_a_later_autosave_spoilt_are_found_before_sending(app: Flask) -> None:
    """A page that was finished and then half deleted counts as not complete."""
    given.season()
    visitor = reader(app)
    page = fill(visitor, begin(visitor))
    step = visitor.get(f"{BASE}/steps/plan")
    form = step.form("/steps/plan").values()
    form["summary"] = ""
    assert visitor.client.post(f"{BASE}/draft/plan", data=form).status_code == 200
    page = visitor.get(f"{BASE}/confirm")
    page = visitor.submit(
        page.form("/confirm"), status=422, membership_rules="y", anti_social_pledge="y", personal_data="y"
    )
    assert "活動計画" in page.text


def token_of(page: Page) -> str:
    return page.form("/steps/company").values()["csrf_token"]


def test_autosave_keeps_half_words_from_form_and_json(app: Flask) -> None:
    """What makes no sense yet is kept as typed, and is there on another device."""
    given.season()
    who = person()
    visitor = reader(app, who=who)
    page = begin(visitor)
    form = page.form("/steps/company").values()
    form["corporate_number"] = "12-まだ"
    answer = visitor.client.post(f"{BASE}/draft/company", data=form)
    assert (answer.status_code, answer.get_json()["version"]) == (200, 1)
    answer = visitor.client.post(
        f"{BASE}/draft/company",
        data=json.dumps({"once": form["once"], "seen": 0, "corporate_number": "13", "name_ja": "見本"}),
        headers={"X-CSRFToken": form["csrf_token"], "Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.get_json()["version"]) == (200, 2)
    elsewhere = reader(app, who=who).get(f"{BASE}/steps/company")
    values = elsewhere.form("/steps/company").values()
    assert (values["corporate_number"], values["name_ja"]) == ("13", "見本")


def test_autosave_tells_of_a_newer_version_and_both_ways_lead_on(app: Flask) -> None:
    given.season()
    who = person()
    one, two = reader(app, who=who), reader(app, who=who)
    first = begin(one).form("/steps/company").values()
    second = two.get(f"{BASE}/steps/company").form("/steps/company").values()
    first["name_ja"], second["name_ja"] = "株式会社いち", "株式会社に"
    assert one.client.post(f"{BASE}/draft/company", data=first).status_code == 200
    refused = two.client.post(f"{BASE}/draft/company", data=second)
    assert refused.status_code == 409
    assert set(refused.get_json()) == {"message", "saved"}
    rollback()
    assert db.session.get_one(Application, 1).drafted("company")["name_ja"] == "株式会社いち"
    # compare: mine in the field, theirs beside it
    whole = given.typed()["company"] | {"name_ja": "株式会社に"}
    page = two.submit(two.get(f"{BASE}/steps/company").form("/steps/company"), status=409, seen="0", **whole)
    assert page.form("/steps/company").values()["name_ja"] == "株式会社に"
    assert "株式会社いち" in page.text
    # a third version meanwhile is shown as well, not overwritten
    first["name_ja"] = "株式会社さん"
    assert one.client.post(f"{BASE}/draft/company", data=first).status_code == 200
    page = two.submit(page.form("/steps/company"), status=409)
    assert "株式会社さん" in page.text
    page = two.submit(page.form("/steps/company"))
    assert page.url == f"{BASE}/steps/profile"
    # keep mine
    second["overwrite"] = "1"
    assert two.client.post(f"{BASE}/draft/company", data=second).status_code == 200


@pytest.mark.parametrize(
    ("words", "status"),
    [({"name_ja": "\ud800"}, 422), ({"name_ja": "あ" * 20_000}, 422), ([], 422), ("x", 422)],
)
def test_autosave_refuses_what_no_database_holds(app: Flask, words: object, status: int) -> None:
    given.season()
    visitor = reader(app)
    page = begin(visitor)
    answer = visitor.client.post(
        f"{BASE}/draft/company",
        data=json.dumps(words),
        headers={"X-CSRFToken": token_of(page), "Content-Type": "application/json"},
    )
    assert answer.status_code == status
    rollback()
    assert db.session.get_one(Application, 1).draft == {}


def test_strangers_find_no_application(app: Flask) -> None:
    given.season()
    begin(reader(app))
    other = browser_of(app, person())
    for ending in ("", "/steps/company", "/confirm", "/attachments", "/colleagues", "/withdraw"):
        assert other.get(f"{BASE}{ending}").status_code == 404, ending


def test_colleague_finishes_the_draft(app: Flask, run_jobs: object) -> None:
    """A link by mail; opening it changes nothing; the button brings the colleague in; taken back, the door is shut."""
    given.season()
    owner = reader(app)
    begin(owner)
    page = owner.get(f"{BASE}/colleagues")
    owner.submit(page.form("/colleagues"), email="friend@mihon.example")
    rollback()
    mail = db.session.scalars(select(Message).where(Message.event == "membership/shared")).one()
    path = next(line for line in mail.text.splitlines() if "/membership/shared?" in line).removeprefix(
        "http://localhost"
    )
    friend = Reader(app.test_client())
    page = friend.get(path)
    rollback()
    assert db.session.scalars(select(Application)).one().draft == {}
    page = friend.submit(page.form(), name="友 四郎")
    assert page.url == BASE
    page = fill(friend, friend.get(f"{BASE}/steps/company"))
    page = friend.submit(
        page.form("/confirm"), membership_rules="y", anti_social_pledge="y", personal_data="y"
    )
    assert page.url == BASE
    # the link is no lasting key: used once, it asks for the usual way in, and serves nobody else
    assert Reader(app.test_client()).get(path).url.startswith("/sign-in?next=")
    reader(app).get(path, status=403)


def test_whoever_is_outside_the_window_reads_when_it_opens(app: Flask) -> None:
    from datetime import timedelta

    from portal.core import clock

    opens = clock.now() + timedelta(days=20)
    given.season(opens_at=opens, closes_at=opens + timedelta(days=30))
    page = Reader(app.test_client()).get("/membership/start")
    assert opens.astimezone(clock.OFFICE_ZONE).strftime("%Y年%-m月%-d日") in page.text
    assert reader(app).get("/membership/start").h1 == page.h1


def test_stranger_is_mailed_a_link(app: Flask, run_jobs: object) -> None:
    given.season()
    visitor = Reader(app.test_client())
    page = visitor.get("/membership/start")
    page = visitor.submit(page.form("/start"), name="新 六郎", email="new@shinki.example")
    assert "new@shinki.example" in page.text
    run_jobs()  # type: ignore[operator]
    mail = db.session.scalars(select(Message).where(Message.address == "new@shinki.example")).one()
    path = next(line for line in mail.text.splitlines() if line.startswith("http")).removeprefix(
        "http://localhost"
    )
    page = visitor.get(path)
    page = visitor.submit(page.form(), status=200)
    assert page.url.startswith("/membership/start")
    assert visitor.submit(page.form("/membership/start")).url == f"{BASE}/steps/company"


def test_what_comes_next_ticks_off_what_is_behind(app: Flask) -> None:
    given.season()
    who, clerk = person(), staff()
    application = given.submitted(who)
    visitor = reader(app, who=who)

    def behind() -> int:
        return len(
            [
                item
                for item in visitor.get(f"/membership/applications/{application.id}").root.all("li")
                if "is-done" in item["class"]
            ]
        )

    assert behind() == 1
    given.checked(application, clerk)
    assert behind() == 2


def test_the_tier_of_the_button_is_named_and_kept_through_the_sign_in(app: Flask) -> None:
    given.season()
    page = Reader(app.test_client()).get("/membership/start?tier=B")
    assert "選択中の会員種別：B会員" in page.text
    ways_in = [link["href"] for link in page.links if link["href"].startswith("/sign-in?next=")]
    assert [parse_qs(urlsplit(way).query)["next"][0][-7:] for way in ways_in] == ["&tier=B"]
    own = reader(app).get("/membership/start?tier=B")
    assert "選択中の会員種別：B会員" in own.text
    assert "選択中の会員種別" not in reader(app).get("/membership/start?tier=Z").text


def test_comparing_shows_half_typed_figures_as_they_stand(app: Flask) -> None:
    """Two open pages, numbers and days that are none yet: the words of both, no failure."""
    given.season()
    who = person()
    one, two = reader(app, who=who), reader(app, who=who)
    begin(one)
    mine = one.get(f"{BASE}/steps/profile").form("/steps/profile").values()
    other = two.get(f"{BASE}/steps/profile")
    for name, words in {"employees": "約50", "founded_on": "1990年", "capital_yen": "1,000"}.items():
        mine[name] = words
    assert one.client.post(f"{BASE}/draft/profile", data=mine).status_code == 200
    page = two.submit(other.form("/steps/profile"), status=409, employees="60")
    for words in ("約50", "60名", "1990年", "¥1,000"):
        assert words in page.text, words


def test_applicant_takes_herself_as_contact(app: Flask) -> None:
    """One link fills in what the portal knows of her; nothing is saved before she goes on."""
    given.season()
    who = person(name="新規 花子", email="hanako@shinki.example")
    visitor = reader(app, who=who)
    begin(visitor)
    page = visitor.get(f"{BASE}/steps/contact")
    values = visitor.get(page.link("自分の氏名")).form("/steps/contact").values()
    assert (values["name"], values["email"]) == ("新規 花子", "hanako@shinki.example")
    rollback()
    assert db.session.get_one(Application, 1).draft == {}


def test_pages_without_a_needed_answer_may_be_left_out(app: Flask) -> None:
    """Learners' names and interests are optional: unseen, they hold nothing up and are not called incomplete."""
    given.season()
    visitor = reader(app)
    page = begin(visitor)
    words = given.typed()
    for name in ("company", "profile", "tier", "representative", "contact", "billing", "plan", "payment"):
        page = visitor.submit(visitor.get(f"{BASE}/steps/{name}").form(f"/steps/{name}"), **words[name])
    assert "未完了" not in visitor.get(BASE).text
    page = visitor.submit(
        visitor.get(f"{BASE}/confirm").form("/confirm"),
        membership_rules="y", anti_social_pledge="y", personal_data="y",
    )  # fmt: skip
    assert page.url == BASE
    assert "1,200名" in page.text


def test_a_purchase_order_number_is_needed_where_it_is_given(app: Flask) -> None:
    given.season()
    visitor = reader(app)
    fill(visitor, begin(visitor), payment={"needs_purchase_order": ""})
    values = visitor.get(f"{BASE}/steps/payment").form("/steps/payment").values()
    assert values["needs_purchase_order"]


def test_the_last_step_is_offered_when_there_is_something_to_send(app: Flask) -> None:
    given.season()
    visitor = reader(app)
    page = begin(visitor)
    assert f"{BASE}/confirm" not in page.source
    page = fill(visitor, page)
    assert f"{BASE}/confirm" in visitor.get(f"{BASE}/steps/company").source


def test_a_corrected_answer_says_so_and_asks_no_more(app: Flask) -> None:
    """What was asked stays in sight, marked as changed; its step no longer asks for a correction."""
    given.season()
    visitor = reader(app)
    page = fill(visitor, begin(visitor))
    visitor.submit(page.form("/confirm"), membership_rules="y", anti_social_pledge="y", personal_data="y")
    rollback()
    clerk = actor_of(staff())
    with transaction():
        return_application(
            application=db.session.get_one(Application, 1),
            comments={"plan.summary": "もう少し詳しく", "documents.file": "会社案内を添付"},
            note="全体に",
            by=clerk,
        )
    page = visitor.get(BASE)
    assert ("修正済み" in page.text, "添付書類" in page.text) == (False, True)
    assert page.link("申込を修正する") == f"{BASE}/steps/plan"
    step = visitor.get(f"{BASE}/steps/plan")
    assert step.text.count("（修正が必要です）") == 1  # the files; this page is the current one
    visitor.submit(step.form("/steps/plan"), summary="診療データを三年分使い、兆しを早くとらえる。")
    page = visitor.get(BASE)
    assert page.text.count("修正済み") == 1
    assert page.link("申込を修正する") == f"{BASE}/attachments"
    step = visitor.get(f"{BASE}/steps/company")
    assert step.text.count("（修正が必要です）") == 1
    assert "修正済み" in visitor.get(f"{BASE}/steps/plan").text
