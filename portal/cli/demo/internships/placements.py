"""How the interns of the first round fare: one was evaluated, one has just ended, one works, one was called off."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of
from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.internships.seasons import OVER, officer, round_of
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.domain.placements.periods import LEAST_DAYS, monday_of
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.domain.romanisation import latin_name
from portal.placements.models import Placement
from portal.placements.queries.checklist import items_of
from portal.placements.queries.hours import unsettled, week_at, weeks_of
from portal.placements.queries.placements import any_placement
from portal.placements.queries.windows import window_of
from portal.placements.services import calendar, certificates, checklist, dates, evaluations, hours, running

DAY = 480  # minutes
SHEET = "課題の背景を自ら調べ、研究員と議論しながら解析を進めました。途中の段階で早めに共有すると、さらに良くなります。"
VOICE = "実データに触れながら、解析の前提を確かめる大切さを学びました。"
REASON = "受入部署の変更により、企業と学生が合意のうえ取りやめます。"


def look(cast: Cast) -> None:
    """The result of the first round is out."""


def prepare(cast: Cast, today: date) -> None:
    """Periods are agreed upon and checklists done; the last one is called off."""
    *kept, last = _placements()
    for place, placement in enumerate(kept):
        first, until = _period(placement, today, is_long=place == 2)
        host, student = _host(placement), _student(placement)
        dates.propose_dates(
            placement=placement, starts_on=first, ends_on=until, version=placement.version, by=host
        )
        seen = any_placement(placement.id)
        dates.agree_dates(placement=seen, version=seen.version, by=student)
        for item in items_of(placement.id):
            if item.is_open:
                checklist.do_item(placement=placement, item=item, side=Side.OFFICE, by=officer(cast))
    running.cancel_placement(placement=last, reason=REASON, version=last.version, by=officer(cast))


def start(cast: Cast) -> None:
    """The first day has come."""
    calendar.keep_calendar()


def work(cast: Cast) -> None:
    """The week that is over: entered, and confirmed a week later."""
    monday = monday_of(clock.today()) - timedelta(days=7)
    for placement in _placements(PlacementState.RUNNING, PlacementState.ENDED):
        first, last = placement.starts_on, placement.last_day
        if first and last and first <= monday and monday + timedelta(days=4) <= last:
            _enter(placement, monday)
            _confirm(placement, monday - timedelta(days=7))


def end(cast: Cast) -> None:
    """The last day is over; the first two companies' interns are evaluated by both sides, or by the student alone."""
    calendar.keep_calendar()
    for place, placement in enumerate(_placements(PlacementState.ENDED)):
        said = {
            "marks": {each.value: 5 - each.value.count("e") % 2 for each in HostCriterion},
            "overall": 4,
            "words": VOICE,
        }
        evaluations.send_evaluation(placement=placement, values=said, version=0, by=_student(placement))
        if place == 0:
            marks = {each.value: 5 - place_of % 3 for place_of, each in enumerate(Criterion)}
            given = {
                "marks": marks, "overall": 4, "words": SHEET, "interviewed_on": clock.today(), "interviewer": placement.posting.mentor,
                "interviewer_en": _in_english(placement),
            }  # fmt: skip
            evaluations.send_evaluation(placement=placement, values=given, version=0, by=_host(placement))


def issue(cast: Cast) -> None:
    """Sheet and certificate of the one that is evaluated, once its hours are confirmed to the last week."""
    for placement in _placements(PlacementState.EVALUATED):
        for week in unsettled(weeks_of(placement)):
            if week.row is None:
                _enter(placement, week.monday)
            _confirm(placement, week.monday)
        certificates.issue_papers(placement=placement, by=officer(cast))


def _in_english(placement: Placement) -> str:
    """Whoever evaluates for the company, in Latin letters."""
    host = db.session.get_one(Person, _host(placement).id)
    return f"R&D, {latin_name(host.name, host.name_kana, host.name_en)}"


def _enter(placement: Placement, monday: date) -> None:
    """Five days of eight hours, as far as they lie in the stay."""
    assert placement.first_day
    assert placement.last_day
    days = [monday + timedelta(days=n) for n in range(5)]
    worked = {day: DAY if placement.first_day <= day <= placement.last_day else 0 for day in days}
    hours.save_week(
        placement=placement, monday=monday, minutes=dict(worked), day_words={}, words="データの整備と解析", version=0, reason="",
        by=_student(placement),
    )  # fmt: skip


def _confirm(placement: Placement, monday: date) -> None:
    week = week_at(placement, monday).row
    if week is not None:
        hours.confirm_week(placement=placement, week=week, version=week.version, by=_host(placement))


def _period(placement: Placement, today: date, *, is_long: bool) -> tuple[date, date]:
    window = window_of(placement)
    assert window.first is not None
    assert window.last is not None
    until = window.first + timedelta(days=LEAST_DAYS - 1)
    return window.first, min(window.last, max(until, today + timedelta(days=10))) if is_long else until


def _placements(*states: PlacementState) -> list[Placement]:
    """Of the first round, in the order in which they were made."""
    mine = select(Placement.id).where(Placement.round_id == round_of(OVER).id).order_by(Placement.id)
    found = [any_placement(number) for number in db.session.scalars(mine)]
    return [each for each in found if not states or each.state in states]


def _student(placement: Placement) -> Actor:
    return acting(db.session.get_one(Person, placement.student_id))


def _host(placement: Placement) -> Actor:
    company = db.session.get_one(Organisation, placement.organisation_id)
    return acting(hosts_of(company)[0])
