"""Supervisors decide: by the link in their mail or signed in, until the lists lock; a look changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit.models import AuditEntry
from portal.careers.models import Supervision
from portal.careers.services.supervision import choose_supervisor
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.internships.models import Approval
from portal.internships.queries.approvals import asked_again
from portal.internships.queries.interests import applicants_of, approved_pairs
from portal.internships.services.approvals import approve_pair, veto_pair
from portal.internships.services.asking import ask_supervisors
from portal.notifications.models import Message
from tests.support import interests as scenes
from tests.support import internships as given
from tests.support.academics import student, supervisor
from tests.support.people import browser_of
from tests.support.races import at_once
from tests.support.reader import Reader
from tests.support.sql import count_sql

pytestmark = pytest.mark.database
MORNING = datetime(2026, 6, 2, 0, 5, tzinfo=UTC)
PLACE = "/internships/approvals/open"


def mails(event: str) -> list[Message]:
    rollback()
    wanted = select(Message).where(Message.event == f"internships/{event}").order_by(Message.id)
    return list(db.session.scalars(wanted))


def asked_pair() -> tuple[scenes.Scene, Person, int, int]:
    """A scene, its student with a supervisor, the interest, the supervision."""
    here, who = scenes.scene(), student()
    guide = scenes.guided(who)
    return here, who, scenes.show(who, here.postings[0]), guide


def say(interest_id: int, *, version: int = 1, veto: str | None = None, **days: object) -> None:
    number = scenes.approval_of(interest_id).id
    rollback()
    with transaction():
        pair = asked_again(number)
        if veto is None:
            window = {"from_on": None, "until_on": None} | days
            approve_pair(asked=pair, version=version, by=None, **window)  # type: ignore[arg-type]
        else:
            veto_pair(asked=pair, reason=veto, version=version, by=None)


def test_an_approval_takes_the_days_of_the_posting_and_can_be_changed() -> None:
    with clock.frozen(scenes.OPEN):
        here, who, interest, guide = asked_pair()
        say(interest)
        said = scenes.approval_of(interest)
        assert (said.state, said.from_on, said.until_on, said.supervision_id) == (
            ApprovalState.APPROVED, given.SAID["starts_from"], given.SAID["ends_by"], guide,
        )  # fmt: skip
        assert approved_pairs(here.round_id) == {(who.id, here.postings[0])}
        say(interest, version=2, veto="研究の都合により")
        assert scenes.approval_of(interest).reason == "研究の都合により"
        assert approved_pairs(here.round_id) == set()
        trail = db.session.execute(
            select(AuditEntry.verb, AuditEntry.note).where(AuditEntry.subject_type == "internship_approvals")
        )
        assert [row.verb for row in trail] == ["approval.given", "approval.vetoed"]


def test_what_does_not_hold_is_refused_at_its_field() -> None:
    with clock.frozen(scenes.OPEN):
        _here, _who, interest, _guide = asked_pair()
        day = given.SAID["starts_from"]
        for field, values in (
            ("reason", {"veto": "  "}),
            ("until_on", {"until_on": day - timedelta(days=1)}),
            ("until_on", {"until_on": day + timedelta(days=20)}),
            ("until_on", {"from_on": day + timedelta(days=400), "until_on": day + timedelta(days=800)}),
        ):
            with pytest.raises(Refused) as refused:
                say(interest, **values)  # type: ignore[arg-type]
            assert refused.value.field == field
        assert scenes.approval_of(interest).state is ApprovalState.ASKED


def test_nothing_is_decided_before_its_time_after_the_lock_or_by_an_old_page() -> None:
    with clock.frozen(scenes.OPEN):
        _here, who, interest, guide = asked_pair()
        say(interest)
        with pytest.raises(OutOfDate):
            say(interest, version=1, veto="古い画面")
    with clock.frozen(given.TIMES.locks_at), pytest.raises(OutOfDate):
        say(interest, version=2, veto="遅い")
    with clock.frozen(scenes.OPEN):
        scenes.withdraw(who, interest)
        number = scenes.approval_of(interest).id
        rollback()
        with transaction():
            db.session.get_one(Supervision, guide).ended_at = clock.now()
        assert reads_nothing(number)


def reads_nothing(number: int) -> bool:
    try:
        asked_again(number)
    except Exception:
        return True
    return False


def test_eight_at_once_decide_once(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        _here, _who, interest, _guide = asked_pair()
        number = scenes.approval_of(interest).id

        def press(n: int) -> Callable[[], int]:
            def call() -> int:
                with transaction():
                    veto_pair(asked=asked_again(number), reason=f"理由{n}", version=1, by=None)
                return n

            return call

        answers = at_once(app, *(press(n) for n in range(8)))
        won = [each for each in answers if isinstance(each, int)]
        assert len(won) == 1, answers
        assert scenes.approval_of(interest).reason == f"理由{won[0]}"
        assert all(isinstance(each, int | OutOfDate) for each in answers), answers


def test_the_link_of_the_mail_decides_without_an_account(app: Flask, run_jobs: Callable[[], int]) -> None:
    with clock.frozen(scenes.OPEN):
        _here, _who, interest, _guide = asked_pair()
    with clock.frozen(MORNING):
        ask_supervisors()
        ask_supervisors()
        (mail,) = mails("approval_asked")
        assert (mail.address, mail.is_secret) == ("prof@example.ac.jp", True)
        found = re.search(r"(/internships/approvals/open\?token=[\w-]+)", mail.text)
        assert found
        reader = Reader(app.test_client())
        listed = reader.get(found[1])
        assert scenes.approval_of(interest).state is ApprovalState.ASKED
        one, number = reader.get(listed.link(given.SAID["title"])), scenes.approval_of(interest).id
        assert reader.client.get(one.url).headers["Referrer-Policy"] == "no-referrer"
        missing = reader.submit(one.form(f"/open/{number}"), status=422, decision="veto", reason=" ")
        reader.submit(missing.form(f"/open/{number}"), decision="veto", reason="学位論文の執筆に専念するため")
        assert scenes.approval_of(interest).state is ApprovalState.VETOED
        stale = reader.submit(one.form(f"/open/{number}"), status=409, decision="approve")
        assert stale.errors or stale.text
    with clock.frozen(given.TIMES.locks_at):
        assert app.test_client().get(found[1]).status_code == 410


@pytest.mark.parametrize("place", [PLACE, "/matching/prearrangements/open"])
def test_a_link_that_was_cut_off_does_not_say_that_all_is_done(app: Flask, place: str) -> None:
    """Only a link that was sent, and whose time is over, may say that nothing is needed."""
    with clock.frozen(scenes.OPEN):
        here, _who, _interest, guide = asked_pair()
        secret = scenes.secret_of(guide, here.round_id)
        for broken in (secret[:-3], "", "nonsense"):
            page = Reader(app.test_client()).get(f"{place}?token={broken}", status=404)
            assert "必要ありません" not in page.text
            assert "アドレス全体" in page.text
    with clock.frozen(given.TIMES.locks_at):
        assert "必要ありません" in Reader(app.test_client()).get(f"{place}?token={secret}", status=410).text


def test_a_link_serves_one_student_one_round_and_never_the_student(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, who, interest, guide = asked_pair()
        other = student()
        scenes.guided(other)
        theirs = scenes.approval_of(scenes.show(other, here.postings[0])).id
        secret, mine = scenes.secret_of(guide, here.round_id), scenes.approval_of(interest).id
        client = app.test_client()
        assert client.get(f"{PLACE}/{mine}?token={secret}").status_code == 200
        assert client.get(f"{PLACE}/{theirs}?token={secret}").status_code == 404
        assert client.get(f"{PLACE}/{mine}").status_code == 404
        assert browser_of(app, who).get(f"{PLACE}?token={secret}").status_code == 404
        with transaction():
            db.session.get_one(Supervision, guide).ended_at = clock.now()
        assert client.get(f"{PLACE}/{mine}?token={secret}").status_code == 410


def test_supervisors_are_asked_once_a_day_and_once_before_the_lock() -> None:
    with clock.frozen(scenes.OPEN):
        here, who, interest, _guide = asked_pair()
        office = here.office
        more = [scenes.opened(office, here.admin, here.round_id) for _n in range(2)]

    def asked_at(moment: datetime) -> int:
        with clock.frozen(moment):
            ask_supervisors()
        return len(mails("approval_asked"))

    assert asked_at(MORNING - timedelta(hours=2)) == 0
    assert asked_at(MORNING) == 1
    assert "回答期限：" in mails("approval_asked")[0].subject
    with clock.frozen(MORNING + timedelta(hours=1)):
        scenes.show(who, more[0])
    assert asked_at(MORNING + timedelta(hours=2)) == 1
    assert asked_at(MORNING + timedelta(days=1)) == 2
    assert asked_at(MORNING + timedelta(days=9)) == 2
    last = given.TIMES.locks_at - timedelta(days=2)
    assert asked_at(last.replace(hour=1)) == 3
    assert asked_at(last.replace(hour=5)) == 3
    assert asked_at(last + timedelta(days=1)) == 3
    assert "までに" in mails("approval_asked")[-1].subject
    assert interest


def test_without_a_supervisor_the_student_and_the_office_are_told(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, who = scenes.scene(), student()
        scenes.show(who, here.postings[0])
    for day in (MORNING, MORNING + timedelta(days=1)):
        with clock.frozen(day):
            ask_supervisors()
    assert [mail.address for mail in mails("unsupervised")] == [who.email]
    with clock.frozen(MORNING):
        page = Reader(browser_of(app, here.office)).get(
            f"/staff/internships/rounds/{here.round_id}/approvals"
        )
        assert "指導教員が未登録" in page.text


def test_the_student_reads_the_reason_and_the_company_does_not(
    app: Flask, run_jobs: Callable[[], int]
) -> None:
    with clock.frozen(scenes.OPEN):
        here, who, interest, _guide = asked_pair()
        say(interest, veto="秘密の理由です")
        assert "秘密の理由です" in Reader(browser_of(app, who)).get("/internships/interests").text
        (row,) = applicants_of(here.company, here.round_id)
        assert (row.approval, hasattr(row, "reason")) == (ApprovalState.VETOED, False)
    with clock.frozen(MORNING):
        run_jobs()
        (mail,) = mails("decisions")
        assert mail.address == who.email
        assert "秘密の理由です" not in mail.text


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_supervisor_with_an_account_decides_signed_in(app: Flask, language: str) -> None:
    with clock.frozen(scenes.OPEN):
        here, who, guide = scenes.scene(), student(), supervisor(language=language)
        scenes.guided(who, guide)
        interest = scenes.show(who, here.postings[0])
        reader = Reader(browser_of(app, guide))
        page = reader.get("/internships/supervision")
        number = scenes.approval_of(interest).id
        one = reader.get(page.link(given.SAID["title" if language == "ja" else "title_en"]))
        reader.submit(
            one.form(f"/approvals/{number}"), decision="approve", from_on="2026-09-01", until_on="2026-12-25"
        )
        assert scenes.approval_of(interest).decided_by_id == guide.id
        assert browser_of(app, supervisor()).get(f"/internships/approvals/{number}").status_code == 404
    with clock.frozen(given.TIMES.locks_at):
        late = Reader(browser_of(app, guide)).get(f"/internships/approvals/{number}")
        assert [form for form in late.forms if "/approvals/" in form.action] == []


def test_lists_ask_the_same_of_one_and_of_three(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, guide = scenes.scene(), supervisor()
        pages = (
            (guide, "/internships/supervision"),
            (here.office, f"/staff/internships/rounds/{here.round_id}/approvals"),
        )
        counts = []
        for more in (1, 2):
            for _n in range(more):
                who = student()
                scenes.guided(who, guide)
                scenes.show(who, here.postings[0])
            found = []
            for reader, address in pages:
                browser = browser_of(app, reader)
                browser.get(address)
                rollback()
                with count_sql() as sql:
                    assert browser.get(address).status_code == 200
                found.append(len(sql))
            counts.append(found)
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 6
        assert len(db.session.scalars(select(Approval)).all()) == 3


def test_a_veto_outlives_a_change_of_supervisor_until_the_office_lifts_it(app: Flask) -> None:
    with clock.frozen(scenes.OPEN):
        here, who, interest, guide = asked_pair()
        say(interest, veto="輸出管理上の理由")
        with given.acting(who) as by:
            choose_supervisor(name="別の 教授", email="second.mailbox@example.ac.jp", seen=guide, by=by)
        told_of_it = mails("supervisor_changed")
        assert {"prof@example.ac.jp", here.office.email} <= {each.address for each in told_of_it}
        assert "second.mailbox@example.ac.jp" not in {each.address for each in told_of_it}
        for veto in (None, "ほかの理由"):
            with pytest.raises(Refused):
                say(interest, version=2, veto=veto)
        office = Reader(browser_of(app, here.office))
        listed = office.get(f"/staff/internships/rounds/{here.round_id}/approvals?state=vetoed")
        asked = office.get(listed.link("解除"))
        office.submit(asked.form("/lift"), status=422)
        office.submit(asked.form("/lift"), reason="前の指導教員に確認済み")
        assert scenes.approval_of(interest).state is ApprovalState.ASKED
        office.get(asked.url, status=404)
        say(interest, version=3)
        assert scenes.approval_of(interest).state is ApprovalState.APPROVED


def test_the_same_supervisor_under_a_corrected_name_still_decides() -> None:
    with clock.frozen(scenes.OPEN):
        _here, who, interest, guide = asked_pair()
        say(interest, veto="日程が合いません")
        with given.acting(who) as by:
            other = choose_supervisor(name="別の 教授", email="other@example.ac.jp", seen=guide, by=by).id
        with given.acting(who) as by:
            choose_supervisor(name="指導 教授", email="prof@example.ac.jp", seen=other, by=by)
        say(interest, version=2)
        assert scenes.approval_of(interest).state is ApprovalState.APPROVED


def test_without_a_running_round_a_change_of_supervisor_is_the_student_s_own() -> None:
    with clock.frozen(scenes.OPEN):
        who = student()
        guide = scenes.guided(who)
        with given.acting(who) as by:
            choose_supervisor(name="別の 教授", email="other@example.ac.jp", seen=guide, by=by)
        assert mails("supervisor_changed") == []
