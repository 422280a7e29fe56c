"""Who is kept apart, held back, limited: the office alone, with reasons that nobody else reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.matching import CapKind
from portal.internships.models import InternshipRound
from portal.matching.enums import ExclusionKind
from portal.matching.models import Exclusion, HostHold, MatchAttempt, MatchCap, MatchOutcome, Prearrangement
from portal.matching.services import exclusions, limits
from portal.matching.services.attempts import start_attempt
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.markets import market_of
from portal.notifications.models import Message
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.matching import Scene
from tests.support.people import actor_of, browser_of
from tests.support.races import at_once
from tests.support.reader import Reader

pytestmark = pytest.mark.database
SECRET = "過去の係争のため"


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = told.scene()
    with clock.frozen(told.RANKING):
        yield made


def reader_of(who: Person, language: str = "ja") -> Reader:
    told.change(Person, who.id, language=language)
    return Reader(browser_of(current_app._get_current_object(), who))  # type: ignore[attr-defined]


def count(model: type) -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def keep_apart(
    scene: Scene,
    student: Person,
    by: Person | None = None,
    reason: str = SECRET,
    *,
    ends_agreed: bool = False,
) -> int:
    with given.acting(by or scene.office) as actor:
        made = exclusions.add_exclusion(
            student=db.session.get_one(Person, student.id), company=db.session.get_one(Organisation, scene.company),
            kind=ExclusionKind.CONFLICT_OF_INTEREST, reason=reason, by=actor, ends_agreed=ends_agreed,
        )  # fmt: skip
        return made.id


def test_kept_apart_until_lifted(scene: Scene) -> None:
    one = scene.student()
    number = keep_apart(scene, one)
    assert market_of(told.season(scene.round_id))["vetoes"] == [[f"s{one.id}", f"p{scene.posting}"]]
    with pytest.raises(Refused):
        keep_apart(scene, one)
    for wanted in (None, OutOfDate):
        with given.acting(scene.office) as by:
            exclusion = db.session.get_one(Exclusion, number)
            if wanted is None:
                exclusions.lift_exclusion(exclusion=exclusion, by=by)
            else:
                with pytest.raises(wanted):
                    exclusions.lift_exclusion(exclusion=exclusion, by=by)
    assert market_of(told.season(scene.round_id))["vetoes"] == []
    assert keep_apart(scene, one) != number
    assert count(Exclusion) == 2


def test_what_was_being_arranged_between_them_ends(scene: Scene) -> None:
    one = scene.applicant()
    told.agreed(one, scene.posting)
    with pytest.raises(Refused) as refused:  # the office is told of the place before it goes
        keep_apart(scene, one)
    assert refused.value.field == "ends_agreed"
    assert count(Exclusion) == 0
    keep_apart(scene, one, ends_agreed=True)
    rollback()
    assert db.session.scalars(select(Prearrangement)).one().ended_at is not None
    mails = {each.address: each.text for each in db.session.scalars(select(Message))}
    assert {one.email, scene.admin.email} <= mails.keys()
    assert not any(SECRET in text for text in mails.values())


def test_places_of_rounds_that_are_out_stay_as_they_were(scene: Scene) -> None:
    one = scene.applicant()
    told.agreed(one, scene.posting)
    told.change(InternshipRound, scene.round_id, chosen_at=clock.now(), told_at=given.TIMES.publishes_at)
    with clock.frozen(given.TIMES.publishes_at):
        keep_apart(scene, one)
    rollback()
    assert db.session.scalars(select(Prearrangement)).one().ended_at is None
    assert db.session.scalars(select(Message).where(Message.event == "matching/prearranged")).all() == []


def test_nobody_else_and_never_of_the_own_company(scene: Scene) -> None:
    one, colleague = scene.applicant(), given.officer()
    with transaction() as session:
        session.add(
            Affiliation(
                person_id=colleague.id, organisation_id=scene.company, role=Role.PARTICIPANT, starts_on=clock.today()
            )
        )  # fmt: skip
    for other in (scene.admin, one, colleague):
        with pytest.raises(Refused):
            keep_apart(scene, one, other)
    with pytest.raises(Refused) as refused:
        keep_apart(scene, one, reason=" ")
    assert refused.value.field == "reason"
    assert count(Exclusion) == 0


def test_the_trail_names_neither_side_nor_the_reason(scene: Scene) -> None:
    keep_apart(scene, scene.applicant())
    rollback()
    columns = select(AuditEntry.organisation_id, AuditEntry.changes, AuditEntry.note)
    assert db.session.execute(columns.filter_by(verb="exclusion.added")).one() == (None, {}, "")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_register_as_the_office_uses_it(app: Flask, scene: Scene, language: str) -> None:
    one, office = scene.applicant(), reader_of(scene.office, language)
    told.change(Organisation, scene.company, corporate_number="7000000000013", name_ja="鶴亀製薬株式会社")
    page = office.get("/staff/matching/exclusions")
    form = page.form("/exclusions")
    wrong = office.submit(
        form,
        status=422,
        email="nobody@example.co.jp",
        company="鶴亀製薬株式会社",
        kind="exclusion",
        reason="-",
    )
    assert len(wrong.errors) == 1
    both = office.submit(
        form, status=422, email="nobody@example.co.jp", company="-", kind="exclusion", reason="-"
    )
    assert len(both.errors) == 2
    office.submit(
        form, status=422, email=one.email, company="存在しない株式会社", kind="exclusion", reason="-"
    )
    page = office.submit(form, email=one.email, company="7000000000013", kind="exclusion", reason=SECRET)
    assert SECRET in page.text
    office.submit(
        form, status=422, email=one.email, company="鶴亀製薬株式会社", kind="exclusion", reason=SECRET
    )
    lift = page.form("/end")
    assert SECRET in office.submit(lift).text
    office.submit(lift, status=409)
    for other in (scene.admin, one):
        for path in ("/matching/rounds", "/matching/prearrangements"):
            assert SECRET not in reader_of(other, language).get(path).source


def cap(scene: Scene, targets: dict[int, int], **values: object) -> int:
    with given.acting(scene.office) as by:
        season = db.session.get_one(InternshipRound, scene.round_id)
        said = {"kind": CapKind.REGION, "name": "関東", "places": 5} | values
        return limits.add_cap(season=season, targets=targets, by=by, **said).id  # type: ignore[arg-type]


def test_a_company_stands_under_one_limit(app: Flask, scene: Scene) -> None:
    number = cap(scene, {scene.company: 3})
    for wrong in ({scene.company: 1}, {}, {scene.company: -1}, {scene.company: 10_000}):
        with pytest.raises(Refused):
            cap(scene, wrong, name="別")
    with pytest.raises(Refused) as refused:
        cap(scene, {999_999: 1})
    assert refused.value.field == "name"
    with given.acting(scene.office) as by:
        season, standing = (
            db.session.get_one(InternshipRound, scene.round_id),
            db.session.get_one(MatchCap, number),
        )
        limits.change_cap(season=season, cap=standing, places=1, targets={scene.company: 1}, version=1, by=by)
    assert market_of(told.season(scene.round_id))["regions"] == {
        "関東": {"cap": 1, "companies": {f"c{scene.company}": 1}}
    }
    with pytest.raises(OutOfDate), given.acting(scene.office) as by:
        season, standing = (
            db.session.get_one(InternshipRound, scene.round_id),
            db.session.get_one(MatchCap, number),
        )
        limits.change_cap(season=season, cap=standing, places=9, targets={scene.company: 1}, version=1, by=by)
    with given.acting(scene.office) as by:
        season, standing = (
            db.session.get_one(InternshipRound, scene.round_id),
            db.session.get_one(MatchCap, number),
        )
        limits.remove_cap(season=season, cap=standing, by=by)
    assert count(MatchCap) == 0


def test_two_limits_at_once_never_hold_the_same_company(app: Flask, scene: Scene) -> None:
    by = actor_of(scene.office)

    def press(name: str) -> int:
        with transaction():
            season = db.session.get_one(InternshipRound, scene.round_id)
            targets = {scene.company: 1}
            return limits.add_cap(
                season=season, kind=CapKind.HUB, name=name, places=1, targets=targets, by=by
            ).id

    done = at_once(app, *(lambda n=name: press(n) for name in ("一", "二", "三", "四")))  # type: ignore[misc]
    assert sum(isinstance(each, int) for each in done) == 1, done
    assert count(MatchCap) == 1


def test_held_back_until_lifted(scene: Scene) -> None:
    office = reader_of(scene.office)
    here = f"/staff/matching/rounds/{scene.round_id}/limits"
    form = office.get(here).form("/holds")
    office.submit(form, status=422, organisation_id=str(scene.company), reason="")
    page = office.submit(form, organisation_id=str(scene.company), reason="実施協定が未締結")
    office.submit(form, status=422, organisation_id=str(scene.company), reason="二度目")
    assert "実施協定が未締結" in page.text
    lift = page.form("/end")
    office.submit(lift)
    office.submit(lift, status=409)
    assert count(HostHold) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_limits_as_the_office_sets_them(scene: Scene, language: str) -> None:
    office, here = reader_of(scene.office, language), f"/staff/matching/rounds/{scene.round_id}/limits"
    office.get(here)
    form = office.get(here + "/new").form("/new")
    share = f"share-{scene.company}"
    for wrong in ("x", "-1", "12345", ""):
        office.submit(form, status=422, kind="regions", name="関東", places="3", **{share: wrong})
    page = office.submit(form, kind="regions", name="関東", places="3", **{share: "2"})
    assert "関東" in page.text
    edit = office.get(page.link("変更" if language == "ja" else "Change")).form("/edit")
    office.submit(edit, places="4")
    office.submit(edit, status=409, places="5")
    office.submit(office.get(here).form("/remove"))
    assert count(MatchCap) == 0


def test_nothing_is_set_once_a_result_is_chosen(scene: Scene) -> None:
    told.change(InternshipRound, scene.round_id, chosen_at=clock.now())
    with pytest.raises(OutOfDate):
        cap(scene, {scene.company: 1})
    reader_of(scene.office).get(f"/staff/matching/rounds/{scene.round_id}/limits")


@pytest.mark.parametrize("side", ["student", "company"])
def test_proposing_tells_neither_side_that_they_are_kept_apart(scene: Scene, side: str) -> None:
    one, free = scene.applicant(), scene.applicant()
    keep_apart(scene, one)
    pages = []
    for who in (one, free):
        reader = reader_of(who if side == "student" else scene.admin)
        form = reader.get("/matching/prearrangements").form("/prearrangements")
        done = reader.submit(form, pair=f"{who.id}:{scene.posting}", words="共同研究の継続")
        pages.append(done.main.text.replace(who.name, "-"))
    assert pages[0] == pages[1]
    office = reader_of(scene.office)
    there = office.get(f"/staff/matching/rounds/{scene.round_id}/prearrangements")
    whole = office.get(there.link(one.name))
    assert "組み合わせの除外" in whole.main.text
    refused = office.submit(whole.form("/answer"), status=422, button="answer=agree")
    assert "登録簿" in refused.main.text
    office.submit(whole.form("/answer"), button="answer=end")


def test_the_office_is_told_why_its_own_proposal_cannot_be(scene: Scene) -> None:
    one = scene.applicant()
    keep_apart(scene, one)
    office = reader_of(scene.office)
    form = office.get(f"/staff/matching/rounds/{scene.round_id}/prearrangements").form("/prearrangements")
    refused = office.submit(form, status=422, email=one.email, posting=str(scene.posting))
    assert "登録簿" in refused.main.text


def test_the_result_gives_a_pair_that_is_kept_apart_an_answer_that_others_get_too(scene: Scene) -> None:
    one, vetoed = scene.student(), told.trained(scene.place)
    told.apply(vetoed, scene.posting, ApprovalState.VETOED)
    told.lists(vetoed, scene.round_id, scene.posting)
    told.ranks(scene.admin, scene.round_id, [one], [vetoed])
    keep_apart(scene, one)
    by = actor_of(scene.office)
    with runs.at_lock():
        with transaction():
            number = start_attempt(
                season=db.session.get_one(InternshipRound, scene.round_id), name="-", once="apart", by=by
            ).id
        runs.jobs()
        with transaction():
            choose_attempt(attempt=db.session.get_one(MatchAttempt, number), by=by)
    rollback()
    why = {row.student_id: row.explanation[0]["reason"] for row in db.session.scalars(select(MatchOutcome))}
    assert why == {one.id: "not_listed_by_company", vetoed.id: "vetoed"}
