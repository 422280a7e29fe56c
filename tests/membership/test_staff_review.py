"""Check, return, decide: over HTTP, with the preview, the two-person rule and late-comers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.application_flow import ApplicationState
from portal.membership.checklist import CheckItem
from portal.membership.models import Application, ContractTerm
from portal.membership.queries import comments_on
from portal.notifications.models import Message
from tests.support.people import browser_of, staff
from tests.support.reader import Page, PageForm, Reader
from tests.support.sent_in import SentIn, approve, check, open_house, send_in, submit

TICKS = {item.value: "y" for item in CheckItem}


@pytest.fixture
def sent(app: Flask) -> SentIn:
    open_house()
    return send_in("白鷺製薬株式会社", name_en="Shirasagi Pharma K.K.")


def reader_of(app: Flask, who: Person) -> Reader:
    return Reader(browser_of(app, who))


def rows(kind: type) -> int:
    rollback()
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def mails(event: str) -> list[Message]:
    rollback()
    return list(db.session.scalars(select(Message).where(Message.event == event).order_by(Message.id)))


def preview(reader: Reader, url: str, status: int = 200, **typed: object) -> Page:
    page = reader.get(url)
    return reader.submit(page.form(url.rpartition("/")[2]), status=status, **typed)


def confirm(reader: Reader, page: Page, status: int = 200) -> Page:
    return reader.submit(page.form(), status=status, button="step=confirm")


def decision(**changes: str) -> dict[str, str]:
    return {
        "decision": "approve", "decided_on": clock.today().isoformat(), "minute_reference": "2026-05 議題3", "note": "",
    } | changes  # fmt: skip


def test_check_needs_every_point(app: Flask, sent: SentIn) -> None:
    reader = reader_of(app, staff())
    page = preview(reader, f"{sent.url}/check", 422, plan="y")
    assert len(page.errors) == len(CheckItem) - 1
    assert sent.fresh().state is ApplicationState.SUBMITTED


def test_check_previews_then_tells_the_committee(app: Flask, sent: SentIn) -> None:
    secretary, member = staff(), staff(Role.STEERING_COMMITTEE, language="en")
    reader = reader_of(app, secretary)
    page = preview(reader, f"{sent.url}/check", note="条件は電話で確認済み", **TICKS)
    assert member.email in page.text
    assert sent.fresh().state is ApplicationState.SUBMITTED
    assert mails("membership/to_decide") == []
    page = confirm(reader, page)
    assert page.url == sent.url
    made = sent.fresh()
    assert made.state is ApplicationState.CHECKED
    assert made.checklist == dict.fromkeys((i.value for i in CheckItem), True)
    assert made.checked_by_id == secretary.id
    told = mails("membership/to_decide")
    assert [(m.address, m.language) for m in told] == [(member.email, "en")]
    assert "Shirasagi Pharma K.K." in told[0].subject
    assert "条件は電話で確認済み" in page.text


def test_seats_are_asked_for_by_arrangement(app: Flask) -> None:
    open_house()
    sent = send_in(changes={"tier": {"learners_wanted": 4, "tier": "A"}})
    reader = reader_of(app, staff())
    page = preview(reader, f"{sent.url}/check", 422, agreed_seats="", **TICKS)
    assert len(page.errors) == 1
    page = reader.submit(page.form("check"), agreed_seats="４")
    confirm(reader, page)
    assert sent.fresh().agreed_seats == 4
    page = preview(reader_of(app, staff()), f"{sent.url}/decide", **decision())
    assert "4" in page.text


def test_return_previews_the_mail_and_reaches_the_applicants_fields(app: Flask, sent: SentIn) -> None:
    reader = reader_of(app, staff())
    remark = "定款の目的との関係を書いてください。"
    page = preview(
        reader, f"{sent.url}/return", note="計画の欄をご確認ください。", remark__plan__summary=remark,
        remark__billing__email="部署の宛先をお願いします。",
    )  # fmt: skip
    assert sent.applicant.email in page.text
    assert "計画の欄をご確認ください。" in page.text
    assert mails("membership/returned") == []
    confirm(reader, page)
    assert sent.fresh().state is ApplicationState.RETURNED
    assert {c.path: c.text for c in comments_on(sent.fresh())} == {
        "": "計画の欄をご確認ください。",
        "plan.summary": remark,
        "billing.email": "部署の宛先をお願いします。",
    }
    assert [m.address for m in mails("membership/returned")] == [sent.applicant.email]
    company = browser_of(app, sent.applicant)
    assert remark in company.get(f"/membership/applications/{sent.id}/steps/plan").text
    assert remark not in company.get(f"/membership/applications/{sent.id}/steps/company").text


def test_return_asks_for_a_remark(app: Flask, sent: SentIn) -> None:
    page = preview(reader_of(app, staff()), f"{sent.url}/return", 422)
    assert len(page.errors) == 1
    assert sent.fresh().state is ApplicationState.SUBMITTED


def test_what_changed_since_it_was_returned(app: Flask, sent: SentIn) -> None:
    reader = reader_of(app, staff())
    typed = {
        "remark__plan__theme": "主題をもう少し具体的に。",
        "remark__company__address": "住所をご確認ください。",
    }
    confirm(reader, preview(reader, f"{sent.url}/return", **typed))
    submit(sent, {"plan": {"theme": "画像診断のAI"}, "profile": {"employees": 1300}})
    page = reader.get(sent.url)
    for words in (
        "主題をもう少し具体的に。",
        "電子カルテからの副作用の早期発見",
        "画像診断のAI",
        "1,300",
        "住所をご確認ください。",
    ):
        assert words in page.text
    changed = [e.text for e in page.root.walk() if "correction-head" in e["class"].split()]
    assert len(changed) == 2
    assert ["変更あり" in text for text in changed] == [False, True] or [
        "変更あり" in text for text in changed
    ] == [True, False]


def test_approve_previews_the_invoice_and_makes_one_contract(app: Flask, sent: SentIn) -> None:
    check(sent, staff())
    reader = reader_of(app, staff(Role.STEERING_COMMITTEE, language="en"))
    page = preview(reader, f"{sent.url}/decide", **decision(note="Welcome."))
    assert "¥2,200,000" in page.text
    assert sent.applicant.email in page.text
    assert "hanako@mihon.example" in page.text
    assert (rows(ContractTerm), rows(Invoice)) == (0, 0)
    page = confirm(reader, page)
    assert (rows(ContractTerm), rows(Invoice)) == (1, 1)
    made = sent.fresh()
    assert made.state is ApplicationState.APPROVED
    assert (made.minute_reference, made.decision_note) == ("2026-05 議題3", "Welcome.")
    assert db.session.scalars(select(Invoice)).one().number.endswith("0001"), "the preview took no number"
    assert len(mails("membership/approved")) == 1
    assert "Approved" in page.text


def test_previewing_leaves_nothing_behind(app: Flask, sent: SentIn) -> None:
    check(sent, staff())
    before = (rows(Message), rows(AuditEntry), sent.fresh().moved_at)
    preview(reader_of(app, staff()), f"{sent.url}/decide", **decision())
    assert (rows(Message), rows(AuditEntry), sent.fresh().moved_at) == before


@pytest.mark.parametrize(
    ("verb", "state"), [("decline", ApplicationState.DECLINED), ("defer", ApplicationState.DEFERRED)]
)
def test_decline_and_defer_make_no_contract(
    app: Flask, sent: SentIn, verb: str, state: ApplicationState
) -> None:
    check(sent, staff())
    reader = reader_of(app, staff())
    confirm(
        reader, preview(reader, f"{sent.url}/decide", **decision(decision=verb, note="次回にあらためて。"))
    )
    assert sent.fresh().state is state
    assert rows(ContractTerm) == 0
    told = mails(f"membership/{state.value}")
    assert [m.address for m in told] == [sent.applicant.email]
    assert "次回にあらためて。" in told[0].text


def test_declining_asks_for_a_reason(app: Flask, sent: SentIn) -> None:
    check(sent, staff())
    page = preview(reader_of(app, staff()), f"{sent.url}/decide", 422, **decision(decision="decline"))
    assert any("不承認の理由をご入力ください" in words for words in page.errors)
    assert sent.fresh().state is ApplicationState.CHECKED


def test_change_something_brings_the_words_back(app: Flask, sent: SentIn) -> None:
    check(sent, staff())
    reader = reader_of(app, staff())
    page = preview(reader, f"{sent.url}/decide", **decision(note="ご意見をお待ちします。"))
    page = reader.submit(page.form(), button="step=change")
    assert page.form("decide").values()["note"].strip() == "ご意見をお待ちします。"
    assert page.form("decide").values()["minute_reference"] == "2026-05 議題3"


def test_two_person_rule_is_said_before_one_tries_and_held_when_one_does(app: Flask, sent: SentIn) -> None:
    secretary = staff(language="en")
    check(sent, secretary)
    reader = reader_of(app, secretary)
    words = "You checked this application. Somebody else has to record the decision."
    assert words in reader.get(sent.url).text
    page = reader.get(f"{sent.url}/decide")
    assert words in page.text
    assert [f for f in page.forms if f.action.endswith("/decide")] == []
    seen = f"1:{sent.fresh().moved_at.isoformat()}"
    token = _token(reader)
    for step in ("", "confirm"):
        answer = reader.client.post(
            f"{sent.url}/decide", data=decision() | {"seen": seen, "step": step, "csrf_token": token}
        )
        assert answer.status_code == 422
        assert "somebody else has to record the decision" in answer.text
    assert sent.fresh().state is ApplicationState.CHECKED


def _token(reader: Reader) -> str:
    page = reader.get("/staff/membership/applications")
    return next(e["value"] for e in page.root.all("input") if e["name"] == "csrf_token")


def test_places_that_are_taken_are_gone_beyond_on_purpose_only(app: Flask) -> None:
    open_house(places=1)
    first, second = send_in(), send_in()
    secretary, other = staff(), staff()
    check(first, secretary)
    check(second, secretary)
    approve(first, other)
    reader = reader_of(app, other)
    page = preview(reader, f"{second.url}/decide", 422, **decision())
    assert len(page.errors) == 1
    page = reader.submit(page.form("decide"), beyond_places="y")
    confirm(reader, page)
    assert rows(ContractTerm) == 2


def test_a_stale_page_says_who_was_faster_and_keeps_the_words(app: Flask, sent: SentIn) -> None:
    late = reader_of(app, staff())
    page = late.get(f"{sent.url}/return")
    with clock.frozen(clock.now() + timedelta(seconds=5)):
        check(sent, staff(name="先野 速子"))
    page = late.submit(page.form("return"), status=409, note="この計画では判断できません。")
    assert "先野 速子" in page.text
    assert "この計画では判断できません。" in page.text
    assert sent.fresh().state is ApplicationState.CHECKED


def test_a_corrected_application_cannot_be_checked_from_the_old_page(app: Flask, sent: SentIn) -> None:
    secretary = staff()
    reader = reader_of(app, secretary)
    page = reader.get(f"{sent.url}/check")
    confirm(reader, preview(reader, f"{sent.url}/return", note="ご確認ください。"))
    submit(sent)
    reader.submit(page.form("check"), status=409, **TICKS)
    assert sent.fresh().state is ApplicationState.SUBMITTED


def _at_once(*calls: Callable[[], int]) -> list[int]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(future.result() for future in [pool.submit(call) for call in calls])


def _press(app: Flask, form: PageForm, who: Reader) -> Callable[[], int]:
    values: MultiDict[str, str] = form.values()
    values.add("step", "confirm")
    return lambda: who.client.post(form.action, data=values).status_code


def test_two_approvals_at_once_make_one_contract_and_one_invoice(app: Flask, sent: SentIn) -> None:
    check(sent, staff())
    deciders = [reader_of(app, staff(Role.STEERING_COMMITTEE)), reader_of(app, staff())]
    forms = [preview(reader, f"{sent.url}/decide", **decision()).form() for reader in deciders]
    rollback()
    db.session.remove()
    answers = _at_once(*(_press(app, form, reader) for form, reader in zip(forms, deciders, strict=True)))
    assert answers == [302, 409]
    assert (rows(ContractTerm), rows(Invoice)) == (1, 1)
    assert len(mails("membership/approved")) == 1


def test_the_same_confirmation_twice_is_one_check(app: Flask, sent: SentIn) -> None:
    reader = reader_of(app, staff())
    form = preview(reader, f"{sent.url}/check", **TICKS).form()
    rollback()
    db.session.remove()
    assert _at_once(_press(app, form, reader), _press(app, form, reader)) == [302, 409]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.SECRETARIAT, [200, 200, 200, 200]),
        (Role.STEERING_COMMITTEE, [200, 403, 200, 200]),
        (Role.ADMINISTRATOR, [200, 403, 403, 403]),
        (Role.CAREER_SUPPORT, [403] * 4),
        (Role.HUB_COORDINATOR, [403] * 4),
    ],
)
def test_who_may_open_what(app: Flask, sent: SentIn, role: Role, expected: list[int]) -> None:
    browser = browser_of(app, staff(role))
    pages = ("", "/check", "/return", "/decide")
    assert [browser.get(sent.url + page).status_code for page in pages] == expected


def test_a_draft_is_nobodys_business(app: Flask, sent: SentIn) -> None:
    assert browser_of(app, staff()).get(f"/staff/membership/applications/{sent.id + 1}").status_code == 404
    draft = db.session.get_one(Application, sent.id)
    assert draft.revision == 1
