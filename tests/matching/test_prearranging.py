"""Placements arranged before the match: four say yes, one no ends it, and no seat is given twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.accounts.models import Person
from portal.audit.enums import Audience
from portal.audit.models import AuditEntry
from portal.careers.models import Supervision
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.internships.models import Approval, ApprovalLink, InternshipHost, InternshipPosting
from portal.internships.pages import posting_facts
from portal.internships.queries.approvals import asked_again
from portal.internships.queries.interests import interest_in
from portal.internships.queries.postings import posting_for_company
from portal.internships.services.approvals import veto_pair
from portal.internships.services.interests import withdraw_interest
from portal.internships.services.writing import withdraw_posting
from portal.matching.enums import ExclusionKind, Side
from portal.matching.models import Exclusion, Prearrangement
from portal.matching.proposing import own_pairs
from portal.matching.queries.prearranged import arranged_by_link, arranged_for, settled_in, sides_of
from portal.matching.services.markets import market_of
from portal.matching.services.prearranging import agree_placement, end_placement, propose_placement
from portal.notifications.models import Message
from tests.support import internships as given
from tests.support import matching as told
from tests.support.academics import supervisor
from tests.support.interests import guided
from tests.support.matching import Scene
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.reader import Reader

pytestmark = pytest.mark.database
ALL = set(Side)


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = told.scene()
    with clock.frozen(told.RANKING):
        yield made


def propose(scene: Scene, student: Person, side: Side, by: Person, posting: int = 0) -> int:
    with given.acting(by) as actor:
        offer = db.session.get_one(InternshipPosting, posting or scene.posting)
        return propose_placement(
            posting=offer, student_id=student.id, side=side, words="共同研究の継続", by=actor
        ).id


def speak(pair: int, side: Side, scene: Scene, *, ends: bool = False) -> None:
    """One side's word, past the question of who speaks."""
    with transaction():
        arranged = _loaded(pair)
        (end_placement if ends else agree_placement)(arranged=arranged, side=side, by=scene.office.id)


def _loaded(pair: int) -> Any:
    row = db.session.get_one(Prearrangement, pair)
    return next(each for each in arranged_by_link(row.student_id, row.round_id) if each.pair.id == pair)


def now(pair: int) -> Prearrangement:
    rollback()
    return db.session.get_one(Prearrangement, pair, populate_existing=True)


def by_side(scene: Scene, student: Person) -> dict[Side, Person]:
    return {Side.STUDENT: student, Side.COMPANY: scene.admin, Side.OFFICE: scene.office}


@pytest.mark.parametrize("side", [Side.STUDENT, Side.COMPANY, Side.OFFICE])
def test_it_stands_once_all_four_have_agreed(scene: Scene, side: Side) -> None:
    one = scene.student()
    pair = propose(scene, one, side, by_side(scene, one)[side])
    for other in ALL - {side}:
        assert not now(pair).is_fixed
        assert market_of(told.season(scene.round_id))["fixed"] == []
        speak(pair, other, scene)
    assert now(pair).is_fixed
    market = market_of(told.season(scene.round_id))
    assert market["fixed"] == [[f"s{one.id}", f"p{scene.posting}"]]
    assert market["students"] == {}


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("when", ["open", "fixed"])
def test_any_side_ends_it_and_it_can_begin_anew(scene: Scene, side: Side, when: str) -> None:
    one = scene.applicant()
    pair = propose(scene, one, Side.STUDENT, one)
    for other in (Side.COMPANY, Side.SUPERVISOR, Side.OFFICE) if when == "fixed" else ():
        speak(pair, other, scene)
    speak(pair, side, scene, ends=True)
    assert (now(pair).is_fixed, now(pair).ended_by) == (False, side.value)
    for ends in (True, False):
        with pytest.raises(OutOfDate):
            speak(pair, Side.COMPANY, scene, ends=ends)
    assert propose(scene, one, Side.COMPANY, scene.admin) == pair
    fresh = now(pair)
    assert (fresh.student_at, fresh.company_at is not None, fresh.ended_at, fresh.ended_by) == (
        None,
        True,
        None,
        "",
    )


def test_after_the_lock_nothing_moves(scene: Scene) -> None:
    one, two = scene.applicant(), scene.applicant()
    pair = propose(scene, one, Side.STUDENT, one)
    with clock.frozen(given.TIMES.locks_at):
        for ends in (True, False):
            with pytest.raises(OutOfDate):
                speak(pair, Side.COMPANY, scene, ends=ends)
        with pytest.raises(OutOfDate):
            propose(scene, two, Side.STUDENT, two)


def test_who_may_propose(scene: Scene) -> None:
    one, two, stranger = scene.applicant(), scene.applicant(), told.trained(scene.place)
    rival = given.host()
    for side, who, by in (
        (Side.STUDENT, one, two), (Side.STUDENT, stranger, stranger), (Side.COMPANY, one, rival), (Side.COMPANY, stranger, scene.admin),
        (Side.OFFICE, one, scene.admin), (Side.SUPERVISOR, one, one), (Side.OFFICE, rival, scene.office),
    ):  # fmt: skip
        with pytest.raises(Refused):
            propose(scene, who, side, by)
    assert propose(scene, stranger, Side.OFFICE, scene.office)
    with pytest.raises(OutOfDate):
        propose(scene, stranger, Side.OFFICE, scene.office)


def test_two_who_are_kept_apart_cannot_be_arranged(scene: Scene) -> None:
    one = scene.applicant()
    pair = propose(scene, one, Side.STUDENT, one)
    for side in (Side.COMPANY, Side.SUPERVISOR):
        speak(pair, side, scene)
    with transaction() as session:
        session.add(
            Exclusion(
                student_id=one.id, organisation_id=scene.company, kind=ExclusionKind.EXCLUSION, reason="-",
                created_at=clock.now(), created_by_id=scene.office.id,
            )
        )  # fmt: skip
    with pytest.raises(Refused):
        speak(pair, Side.OFFICE, scene)
    assert not now(pair).is_fixed


def last_word(scene: Scene, posting: int = 0, student: Person | None = None) -> int:
    """A placement to which only the office has yet to agree."""
    who = student or scene.applicant()
    pair = propose(scene, who, Side.OFFICE, scene.office, posting)
    told.change(
        Prearrangement, pair, student_at=clock.now(), company_at=clock.now(), supervisor_at=clock.now(), office_at=None
    )  # fmt: skip
    return pair


def test_a_student_has_one_fixed_place(scene: Scene) -> None:
    one, second = scene.applicant(), told.offer(scene.admin, scene.round_id)
    first, other = last_word(scene, student=one), last_word(scene, second, one)
    speak(first, Side.OFFICE, scene)
    with pytest.raises(Refused):
        speak(other, Side.OFFICE, scene)
    assert not now(other).is_fixed


@pytest.mark.parametrize("limit", ["posting", "company"])
def test_no_more_than_there_are_places_also_at_once(app: Flask, scene: Scene, limit: str) -> None:
    if limit == "posting":
        told.change(InternshipPosting, scene.posting, places=1)
    else:
        with transaction() as session:
            host = InternshipHost(
                round_id=scene.round_id, organisation_id=scene.company, places=1, changed_by_id=scene.admin.id,
                changed_at=clock.now(),
            )  # fmt: skip
            session.add(host)
    pairs = [last_word(scene) for _n in range(4)]
    done = at_once(app, *(lambda n=pair: speak(n, Side.OFFICE, scene) for pair in pairs))  # type: ignore[misc]
    assert [each for each in done if each is None] == [None], done
    assert all(isinstance(each, Refused) for each in done if each is not None)
    rollback()
    assert settled_in(scene.round_id)[1] == {scene.posting: 1}


def test_each_speaks_for_their_own_side(scene: Scene) -> None:
    one, rival = scene.applicant(), given.host()
    guide = supervisor(scene.place)
    guided(one, guide)
    pair = propose(scene, one, Side.STUDENT, one)
    expected = {
        one: (Side.STUDENT,), scene.admin: (Side.COMPANY,), guide: (Side.SUPERVISOR,), scene.office: (Side.OFFICE,),
    }  # fmt: skip
    for who, sides in expected.items():
        actor = actor_of(who)
        assert sides_of(actor, arranged_for(actor, pair)) == sides
    rollback()
    for stranger in (rival, scene.applicant()):
        with pytest.raises(NotFound):
            arranged_for(actor_of(stranger), pair)


def reader_of(who: Person, language: str = "ja") -> Reader:
    told.change(Person, who.id, language=language)
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def mails(event: str = "matching/prearranged") -> list[str]:
    rollback()
    return sorted(db.session.scalars(select(Message.address).where(Message.event == event)).all())


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_pages_of_all_four(app: Flask, scene: Scene, language: str) -> None:
    one = scene.applicant()
    guided(one, None)
    student, mentor, office = (reader_of(who, language) for who in (one, scene.admin, scene.office))
    page = student.get("/matching/prearrangements")
    student.submit(page.form("/prearrangements"), status=422, pair="")
    shown = student.submit(
        page.form("/prearrangements"), pair=f"{one.id}:{scene.posting}", words="共同研究を続けたい。"
    )
    rollback()
    (pair,) = db.session.scalars(select(Prearrangement.id)).all()
    asked = mails()
    assert {scene.admin.email, scene.office.email} <= set(asked)
    assert one.email not in asked
    assert len(asked) == 3  # and the supervisor, who has no account
    theirs = mentor.get(mentor.get("/matching/prearrangements").link(one.name))
    mentor.submit(theirs.form("/answer"), status=422, button="answer=jump")
    agreed = mentor.submit(theirs.form("/answer"), button="answer=agree")
    mentor.submit(theirs.form("/answer"), status=409, button="answer=agree")
    rollback()
    secret = db.session.scalars(select(ApprovalLink.secret)).one()
    rollback()
    anybody = Reader(app.test_client())
    linked = anybody.get(f"/matching/prearrangements/open?token={secret}")
    assert now(pair).supervisor_at is None
    anybody.submit(linked.form("/open"), button="answer=agree")
    there = office.get(f"/staff/matching/rounds/{scene.round_id}/prearrangements")
    whole = office.get(there.link(one.name))
    office.submit(whole.form("/answer"), button="answer=agree")
    assert now(pair).is_fixed
    office.get(f"/staff/matching/rounds/{scene.round_id}/prearrangements")
    student.get(f"/matching/rounds/{scene.round_id}/list")
    anybody.get("/matching/prearrangements/open?token=wrong", status=404)
    mentor.submit(agreed.form("/answer"), button="answer=end")
    assert not now(pair).is_fixed
    student.submit(shown.form("/answer"), status=409, button="answer=end")
    office.submit(
        there.form("/prearrangements"), status=422, email="nobody@example.co.jp", posting=str(scene.posting)
    )
    office.submit(there.form("/prearrangements"), email=one.email, posting=str(scene.posting))
    assert now(pair).proposed_as is Side.OFFICE


def taken_away(scene: Scene, student: Person, how: str) -> None:
    """What a placement stands on goes, by the verbs of the rounds."""
    if how == "interest":
        with given.acting(student) as by:
            withdraw_interest(interest=interest_in(scene.posting, student.id), by=by)  # type: ignore[arg-type]
    elif how == "posting":
        with given.acting(scene.admin) as by:
            withdraw_posting(posting=posting_for_company(by, scene.posting), reason="担当者の異動", by=by)
    else:
        with transaction():
            number = db.session.scalars(select(Approval.id)).one()
            veto_pair(asked=asked_again(number), reason="輸出管理", version=1, by=None)


@pytest.mark.parametrize(
    ("how", "side"), [("interest", Side.STUDENT), ("posting", Side.COMPANY), ("veto", Side.SUPERVISOR)]
)
@pytest.mark.parametrize("when", ["open", "fixed"])
def test_it_ends_with_what_it_stands_on_and_the_others_are_told(
    scene: Scene, how: str, side: Side, when: str
) -> None:
    one = scene.applicant()
    guided(one, None)
    pair = propose(scene, one, Side.STUDENT, one)
    for other in (Side.COMPANY, Side.SUPERVISOR, Side.OFFICE) if when == "fixed" else ():
        speak(pair, other, scene)
    taken_away(scene, one, how)
    assert (now(pair).ended_at is not None, now(pair).ended_by) == (True, side.value)
    assert market_of(told.season(scene.round_id))["fixed"] == []
    rollback()
    ended = [each for each in db.session.scalars(select(Message)) if "終了" in each.subject]
    told_of_it = {each.address for each in ended}
    everybody = {Side.STUDENT: one.email, Side.COMPANY: scene.admin.email, Side.OFFICE: scene.office.email}
    assert {address for who, address in everybody.items() if who is not side} <= told_of_it
    assert everybody.get(side) not in told_of_it
    assert all("希望" in each.text for each in ended)
    assert all("\n終了した側：" in each.text for each in ended)


def test_the_company_does_not_read_in_its_trail_who_supervises(scene: Scene) -> None:
    one = scene.applicant()
    guide = db.session.get_one(Supervision, guided(one, None)).name
    rollback()
    pair = propose(scene, one, Side.STUDENT, one)
    with transaction():
        agree_placement(arranged=_loaded(pair), side=Side.SUPERVISOR, by=None)
    rollback()
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.note == guide)).all()
    assert [each.audience for each in noted] == [Audience.STAFF]


def test_a_veto_is_not_gone_round_by_a_placement_beforehand(scene: Scene) -> None:
    one = told.trained(scene.place)
    told.apply(one, scene.posting, ApprovalState.VETOED)
    pair = propose(scene, one, Side.STUDENT, one)
    with pytest.raises(Refused):
        speak(pair, Side.SUPERVISOR, scene)
    assert now(pair).supervisor_at is None


@pytest.mark.parametrize("language", ["ja", "en"])
def test_whoever_is_asked_reads_days_place_and_pay(app: Flask, scene: Scene, language: str) -> None:
    one = scene.applicant()
    guided(one, None)
    told.change(Person, scene.admin.id, language=language)
    with app.test_request_context():
        posting = db.session.get_one(InternshipPosting, scene.posting)
        with in_language(language):
            facts = [value for _label, value in posting_facts(posting)]
    rollback()
    pair = propose(scene, one, Side.STUDENT, one)
    rollback()
    texts = {each.address: each.text for each in db.session.scalars(select(Message))}
    rollback()
    secret = db.session.scalars(select(ApprovalLink.secret)).one()
    rollback()
    page = reader_of(scene.admin, language).get(f"/matching/prearrangements/{pair}").main.text
    assert len(facts) > 3
    for value in facts:
        assert value in page
        assert value in texts[scene.admin.email]
    linked = Reader(app.test_client()).get(f"/matching/prearrangements/open?token={secret}").main.text
    assert "期間" in linked


def test_a_student_proposes_postings_that_the_supervisor_has_not_ruled_out(scene: Scene) -> None:
    who = scene.applicant()
    vetoed = told.offer(scene.admin, scene.round_id)
    told.apply(who, vetoed, ApprovalState.VETOED)
    offered = [value for value, _words in own_pairs(actor_of(who))]
    assert offered == [f"{who.id}:{scene.posting}"]
    rollback()
