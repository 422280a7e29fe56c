"""Half-time and the end: each side answers for itself, neither reads the other too early, no single voice shows in a sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.domain.placements.duties import Task
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.notifications.models import Message
from portal.placements.models import PlacementCheck
from portal.placements.queries.duties import duties_of
from portal.placements.queries.evaluations import evaluation_of, host_sums, readable_by
from portal.placements.queries.placements import any_placement
from portal.placements.services import checks, evaluations
from portal.placements.services.calendar import keep_calendar
from tests.placements.test_pages import reader_of
from tests.placements.test_preparing import at, start
from tests.support import internships as given
from tests.support.people import actor_of
from tests.support.placements import FIRST, LAST, Case, case, ready
from tests.support.races import at_once

pytestmark = pytest.mark.database
MIDDLE = date(2026, 10, 16)
OVER = LAST + timedelta(days=1)
ANSWER: dict[str, Any] = {"progress": 4, "support": 3, "words": "", "has_concern": False, "concern": ""}
OF_INTERN: dict[str, Any] = {
    "marks": {each.value: 4 for each in Criterion}, "remarks": {}, "overall": 4, "words": "期待以上でした。", "interviewed_on": LAST,
    "interviewer": "研究開発部 部長 見本 花子", "interviewer_en": "Hanako Mihon, Head of R&D",
}  # fmt: skip
OF_HOST: dict[str, Any] = {
    "marks": {each.value: 5 for each in HostCriterion}, "remarks": {}, "overall": 5, "words": "よい経験でした。",
    "is_open_to_host": False,
}  # fmt: skip


@pytest.fixture
def running(app: Flask) -> Iterator[Case]:
    """Under way, at half-time."""
    found = ready()
    with clock.frozen(at(FIRST)):
        start(found)
    with clock.frozen(at(MIDDLE)):
        yield found


def ended(found: Case | None = None) -> Case:
    """After its last day."""
    found = ready(found)
    with clock.frozen(at(FIRST)):
        start(found)
    with clock.frozen(at(OVER)):
        keep_calendar()
    return found


def send(found: Case, who: Any, values: dict[str, Any], version: int = 0) -> None:
    with clock.frozen(max(clock.now(), at(OVER))):
        found.act(who, evaluations.send_evaluation, values=values, version=version)


def test_each_side_answers_once_and_concerns_reach_the_office(running: Case) -> None:
    running.act(
        running.student,
        checks.answer_check,
        **(ANSWER | {"has_concern": True, "concern": "指導がありません"}),
    )
    running.act(running.admin, checks.answer_check, **ANSWER)
    with pytest.raises(OutOfDate):
        running.act(running.student, checks.answer_check, **ANSWER)
    rollback()
    told = db.session.scalars(select(Message).where(Message.event == "placements/office")).all()
    assert [mail.person_id for mail in told] == [running.officer.id]
    assert not any("指導がありません" in mail.text for mail in told)
    assert Task.CONCERN in [duty.task for duty in duties_of([running.now()])[running.id]]
    check = db.session.scalars(select(PlacementCheck).where(PlacementCheck.has_concern)).one()
    running.act(running.officer, checks.follow_concern, check=check, words="面談しました")
    with pytest.raises(OutOfDate):
        running.act(running.officer, checks.follow_concern, check=check, words="もう一度")
    assert Task.CONCERN not in [duty.task for duty in duties_of([running.now()])[running.id]]


def test_a_concern_is_said_in_words(running: Case) -> None:
    with pytest.raises(Refused) as refused:
        running.act(running.student, checks.answer_check, **(ANSWER | {"has_concern": True}))
    assert refused.value.field == "concern"


def test_half_time_opens_a_week_before(running: Case) -> None:
    with clock.frozen(at(MIDDLE - timedelta(days=9))), pytest.raises(OutOfDate):
        running.act(running.student, checks.answer_check, **ANSWER)


def test_the_last_evaluation_ends_it(app: Flask) -> None:
    found = ended()
    send(found, found.admin, OF_INTERN)
    assert found.now().state is PlacementState.ENDED
    assert set(readable_by(found.now(), Side.STUDENT)) == set()
    assert set(readable_by(found.now(), Side.COMPANY)) == {Side.COMPANY}
    send(found, found.student, OF_HOST)
    assert found.now().state is PlacementState.EVALUATED
    assert set(readable_by(found.now(), Side.STUDENT)) == {Side.STUDENT, Side.COMPANY}
    assert set(readable_by(found.now(), Side.COMPANY)) == {Side.COMPANY}, "the student did not agree"
    assert set(readable_by(found.now(), Side.OFFICE)) == {Side.STUDENT, Side.COMPANY}
    assert readable_by(found.now(), None) == {}, "a supervisor reads none"


def test_the_company_reads_what_the_student_opened(app: Flask) -> None:
    found = ended()
    send(found, found.student, OF_HOST | {"is_open_to_host": True})
    assert set(readable_by(found.now(), Side.COMPANY)) == set()
    send(found, found.admin, OF_INTERN)
    assert set(readable_by(found.now(), Side.COMPANY)) == {Side.STUDENT, Side.COMPANY}


def test_after_the_time_is_over_the_companys_alone_is_enough(app: Flask) -> None:
    found = ended()
    send(found, found.admin, OF_INTERN)
    with clock.frozen(at(LAST + timedelta(days=28))):
        keep_calendar()
        assert found.now().state is PlacementState.ENDED
        assert set(readable_by(found.now(), Side.STUDENT)) == set()
    with clock.frozen(at(LAST + timedelta(days=29))):
        assert set(readable_by(found.now(), Side.STUDENT)) == set()
        keep_calendar()
    assert found.now().state is PlacementState.EVALUATED
    assert set(readable_by(found.now(), Side.STUDENT)) == {Side.COMPANY}


def test_a_late_company_reads_the_student_only_after_it_has_sent(app: Flask) -> None:
    found = ended()
    send(found, found.student, OF_HOST | {"is_open_to_host": True})
    with clock.frozen(at(LAST + timedelta(days=40))):
        keep_calendar()
        assert found.now().state is PlacementState.ENDED
        assert readable_by(found.now(), Side.COMPANY) == {}
        send(found, found.admin, OF_INTERN)
        assert set(readable_by(found.now(), Side.COMPANY)) == {Side.STUDENT, Side.COMPANY}


def test_a_student_with_a_draft_reads_when_it_can_no_longer_be_sent(app: Flask) -> None:
    found = ended()
    with clock.frozen(at(OVER)):
        found.act(found.student, evaluations.save_evaluation, values=OF_HOST, version=0)
    send(found, found.admin, OF_INTERN)
    with clock.frozen(at(LAST + timedelta(days=40))):
        keep_calendar()
        assert set(readable_by(found.now(), Side.STUDENT)) == {Side.COMPANY}
        with pytest.raises(OutOfDate):
            send(found, found.student, OF_HOST | {"overall": 1}, version=1)


def test_a_correction_after_reading_changes_no_mark(app: Flask) -> None:
    found = ended()
    send(found, found.admin, OF_INTERN)
    send(found, found.student, OF_HOST | {"is_open_to_host": True})
    found.act(found.officer, evaluations.reopen_evaluation, reason="部署名")
    other = {"marks": OF_INTERN["marks"] | {Criterion.RESULT.value: 1}, "overall": 1}
    with pytest.raises(Refused) as refused:
        send(found, found.admin, OF_INTERN | other, version=1)
    assert set(refused.value.messages) == {"overall", "mark_result"}  # type: ignore[attr-defined]
    send(found, found.admin, OF_INTERN | {"words": "部署名を訂正しました。"}, version=1)


def test_a_late_evaluation_of_the_company_still_counts(app: Flask) -> None:
    found = ended()
    with clock.frozen(at(LAST + timedelta(days=60))):
        keep_calendar()
        assert found.now().state is PlacementState.ENDED
        send(found, found.admin, OF_INTERN)
    assert found.now().state is PlacementState.EVALUATED


@pytest.mark.parametrize(
    "missing", ["overall", "words", "interviewed_on", "interviewer", "interviewer_en", "marks"]
)
def test_nothing_is_sent_half_written(app: Flask, missing: str) -> None:
    found = ended()
    empty = OF_INTERN | {
        missing: {} if missing == "marks" else None if missing in ("overall", "interviewed_on") else ""
    }
    with pytest.raises(Refused) as refused:
        send(found, found.admin, empty)
    fields = set(refused.value.messages)  # type: ignore[attr-defined]
    assert fields == ({f"mark_{each}" for each in Criterion} if missing == "marks" else {missing})
    rollback()
    assert evaluation_of(found.id, Side.COMPANY) is None


def test_what_was_sent_stays(app: Flask) -> None:
    found = ended()
    send(found, found.admin, OF_INTERN)
    with pytest.raises(OutOfDate):
        send(found, found.admin, OF_INTERN | {"overall": 1}, version=2)
    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(text("UPDATE placement_evaluations SET overall = 1"))


def test_two_of_a_side_do_not_overwrite_each_other(app: Flask) -> None:
    found = ended()
    with clock.frozen(at(OVER)):
        found.act(found.admin, evaluations.save_evaluation, values=OF_INTERN, version=0)
        found.act(found.admin, evaluations.save_evaluation, values=OF_INTERN | {"words": "改"}, version=1)
        for version in (0, 1):
            with pytest.raises(OutOfDate):
                found.act(found.admin, evaluations.save_evaluation, values=OF_INTERN, version=version)


def test_both_sides_at_once_end_it_once(app: Flask) -> None:
    found = ended()
    company, intern, number = actor_of(found.admin), actor_of(found.student), found.id

    def sending(by: Any, values: dict[str, Any]) -> Any:
        def call() -> None:
            with transaction():
                evaluations.send_evaluation(placement=any_placement(number), values=values, version=0, by=by)

        return call

    with clock.frozen(at(OVER)):
        answers = at_once(app, sending(company, OF_INTERN), sending(intern, OF_HOST))
    assert answers == [None, None]
    assert found.now().state is PlacementState.EVALUATED


def test_a_correction_is_another_revision(app: Flask) -> None:
    found = ended()
    send(found, found.admin, OF_INTERN)
    send(found, found.student, OF_HOST)
    found.act(found.officer, evaluations.reopen_evaluation, reason="氏名の誤り")
    with pytest.raises(OutOfDate):
        found.act(found.officer, evaluations.reopen_evaluation, reason="二度目")
    rollback()
    standing = evaluation_of(found.id, Side.COMPANY, is_sent=True)
    assert standing is not None
    assert standing.revision == 1
    send(found, found.admin, OF_INTERN | {"words": "訂正しました。"}, version=1)
    rollback()
    newest = evaluation_of(found.id, Side.COMPANY, is_sent=True)
    assert newest is not None
    assert (newest.revision, newest.words) == (2, "訂正しました。")


def test_the_company_learns_means_of_five_never_a_single_voice(app: Flask) -> None:
    """A sixth answer changes nothing: whoever compared two readings would read it alone."""
    admin, officer = given.host(), given.officer()
    company, shown = given.company_of(admin), []
    for mark in (5, 5, 5, 5, 3, 1):
        found = ended(case(admin, officer))
        send(found, found.admin, OF_INTERN)
        send(found, found.student, OF_HOST | {"marks": {each.value: mark for each in HostCriterion}})
        rollback()
        shown.append(host_sums(company))
    assert shown[:4] == [None] * 4
    assert shown[4] is not None
    assert (shown[4].count, set(shown[4].means.values())) == (5, {46})
    assert shown[5] == shown[4]
    rival = given.host()
    assert host_sums(given.company_of(rival)) is None


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages(app: Flask, language: str) -> None:
    found = ready()
    with clock.frozen(at(FIRST)):
        start(found)
    with clock.frozen(at(MIDDLE)):
        intern, office = reader_of(found.student, language), reader_of(found.officer, language)
        page = intern.get(f"/placements/{found.id}/check")
        intern.submit(page.form("/check"), status=422)
        asked = {"progress": "2", "support": "1", "has_concern": "y"}
        intern.submit(page.form("/check"), status=422, **asked)
        intern.submit(page.form("/check"), **asked, concern="指導がありません")
        intern.submit(page.form("/check"), status=409, **asked, concern="もう一度")
        assert "指導がありません" not in reader_of(found.admin).get(f"/placements/{found.id}").text
        seen = office.get(f"/staff/placements/{found.id}/evaluations")
        assert "指導がありません" in seen.text
        asked = office.submit(seen.form("/follow"), status=422)
        assert ("対応の内容をお書きください。" if language == "ja" else "what was done") in str(asked.errors)
        office.submit(seen.form("/follow"), words="面談しました")
    with clock.frozen(at(OVER)):
        keep_calendar()
        company, intern = reader_of(found.admin, language), reader_of(found.student, language)
        page = company.get(f"/placements/{found.id}/evaluation")
        wrong = company.submit(page.form("/evaluation"), status=422, button="send=1", mark_result="3")
        assert len(wrong.errors) == 11
        strange = company.submit(wrong.form("/evaluation"), status=422, words="よく働きました👍")
        assert any("👍" in error for error in strange.errors), "the sheet could not be printed"
        kept = company.submit(wrong.form("/evaluation"), words="よく働きました")
        marks = {f"mark_{each}": "4" for each in Criterion}
        more = {
            "overall": "5",
            "interviewed_on": "2026-11-30",
            "interviewer": "部長",
            "interviewer_en": "Head",
        }
        company.submit(kept.form("/evaluation"), button="send=1", **marks, **more)
        assert "よく働きました" not in intern.get(f"/placements/{found.id}/evaluations").text
        mine = intern.get(f"/placements/{found.id}/evaluation")
        hosts = {f"mark_{each}": "2" for each in HostCriterion}
        done = intern.submit(
            mine.form("/evaluation"), button="send=1", **hosts, overall="2", words="静かな声"
        )
        assert "よく働きました" in done.text
        assert "静かな声" not in company.get(f"/placements/{found.id}/evaluations").text
        office = reader_of(found.officer, language)
        seen = office.get(f"/staff/placements/{found.id}/evaluations")
        assert "静かな声" in seen.text
        office.submit(seen.form("/reopen"), status=422)
        office.submit(seen.form("/reopen"), reason="部署名をお書きください")
        again = company.get(f"/placements/{found.id}/evaluation")
        assert "よく働きました" in again.text


def test_the_page_saves_by_itself() -> None:
    found = ended()
    with clock.frozen(at(OVER)):
        reader = reader_of(found.student, "ja")
        page, elsewhere = (reader.get(f"/placements/{found.id}/evaluation") for _n in range(2))
        form = page.form("/evaluation")
        assert form.element["data-autosave"] == f"/placements/{found.id}/evaluation/draft"
        values = form.values().to_dict()
        kept = reader.client.post(f"/placements/{found.id}/evaluation/draft", data=values | {"words": "途中"})
        assert (kept.status_code, kept.json["version"]) == (200, 1)
        more = values | {"words": "続き", "version": "1"}
        assert reader.client.post(f"/placements/{found.id}/evaluation/draft", data=more).status_code == 200
        late = elsewhere.form("/evaluation").values().to_dict()
        assert reader.client.post(f"/placements/{found.id}/evaluation/draft", data=late).status_code == 409
        rollback()
        draft = evaluation_of(found.id, Side.STUDENT)
        assert draft is not None
        assert draft.words == "続き"
