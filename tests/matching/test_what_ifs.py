"""What-ifs change a copy alone; who moves is said without ranks; forms give nothing of lists away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.matching.enums import AttemptFault, AttemptState, StudyKind
from portal.matching.models import MatchAttempt, MatchStudy
from portal.matching.services.choosing import choose_attempt
from portal.matching.services.studies import ask_study, run_study, study_of
from portal.matching.services.what_ifs import Change, try_change
from tests.internships.test_posting_pages import reader_of
from tests.support import internships as given
from tests.support import match_runs as runs
from tests.support import matching as told
from tests.support.academics import university
from tests.support.people import actor_of

pytestmark = pytest.mark.database
_keys = iter(range(1_000))


@pytest.fixture
def scene(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round()
    with runs.at_lock():
        yield made


@pytest.fixture
def tied(june: None) -> Iterator[runs.Scene]:
    made = runs.locked_round(tied=True)
    with runs.at_lock():
        yield made


WHY = "同点の扱いを説明するため"


def tried(scene: runs.Scene, base: int, change: Change, **values: Any) -> MatchAttempt:
    """A what-if that has run."""
    with transaction():
        number = try_change(
            base=db.session.get_one(MatchAttempt, base), change=change, values=values, name="x", once=f"w{next(_keys)}", by=scene.by
        ).id  # fmt: skip
    runs.jobs()
    return runs.attempt(number)


def moved(attempt: MatchAttempt) -> dict[str, str]:
    assert attempt.comparison is not None
    return {each[0]: each[1] for each in attempt.comparison["moved"]}


def test_more_places_bring_the_third_in_and_change_nothing_of_the_base(scene: runs.Scene) -> None:
    base = runs.run(scene)
    before = runs.attempt(base).result
    first, second, third = (runs.person_of(who) for who in scene.students)
    wider = tried(scene, base, Change.POSTING, posting=f"p{scene.postings[0]}", places=2)
    assert wider.state is AttemptState.DONE
    assert moved(wider) == {}  # the company takes one in all
    whole = tried(scene, wider.id, Change.COMPANY, company=f"c{given.company_of(scene.admins[0])}", places=2)
    assert moved(whole) == {second: "better", third: "placed"}
    assert runs.attempt(base).result == before


def test_a_pair_ruled_out_and_a_posting_closed(scene: runs.Scene) -> None:
    base = runs.run(scene)
    first, second, third = (runs.person_of(who) for who in scene.students)
    p = f"p{scene.postings[0]}"
    assert moved(tried(scene, base, Change.VETO, student=first, posting=p, reason=WHY)) == {
        first: "worse",
        second: "better",
    }
    closed = tried(scene, base, Change.POSTING, posting=p, places=0)
    assert moved(closed) == {first: "worse", second: "unplaced"}


def test_ties_are_told_apart_or_made_without_saying_where(tied: runs.Scene) -> None:
    base = runs.run(tied)
    got = json.loads(runs.attempt(base).result or "{}")["matching"]
    last = next(who for who in tied.students if runs.person_of(who) not in got)
    company = f"c{given.company_of(tied.admins[0])}"
    first = tried(tied, base, Change.FIRST, company=company, student=runs.person_of(last), reason=WHY)
    assert moved(first)[runs.person_of(last)] == "placed"
    alike = tried(
        tied, base, Change.ALIKE, company=company, reason=WHY
    )  # tells nobody apart already: no word of it
    assert (alike.state, moved(alike)) == (AttemptState.DONE, {})
    assert tried(tied, base, Change.LOTTERY).state is AttemptState.DONE


def test_what_was_only_tried_cannot_be_chosen(scene: runs.Scene) -> None:
    base = runs.run(scene)
    wider = tried(scene, base, Change.COMPANY, company=f"c{given.company_of(scene.admins[0])}", places=0)
    with pytest.raises(OutOfDate), transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, wider.id), by=scene.by)


def test_a_change_that_contradicts_a_fixed_place_fails_in_words(scene: runs.Scene) -> None:
    fixed = told.trained(given.members.company())
    told.agreed(fixed, scene.postings[0])
    base = runs.run(scene)
    closed = tried(scene, base, Change.POSTING, posting=f"p{scene.postings[0]}", places=0)
    assert (closed.state, closed.fault) == (AttemptState.FAILED, AttemptFault.MALFORMED)
    page = reader_of(scene.office, "en").get(f"/staff/matching/attempts/{closed.id}")
    assert "could not be made" in page.text


def test_a_trial_about_single_lists_asks_why_and_those_concerned_read_it(
    app: Flask, scene: runs.Scene
) -> None:
    base = runs.run(scene)
    first, p = runs.person_of(scene.students[0]), f"p{scene.postings[0]}"
    with pytest.raises(Refused) as refused:
        tried(scene, base, Change.VETO, student=first, posting=p)
    assert refused.value.field == "reason"
    tried(scene, base, Change.VETO, student=first, posting=p, reason=WHY)
    tried(scene, base, Change.ALIKE, company=f"c{given.company_of(scene.admins[0])}", reason=WHY)
    for reader, sees in (
        (scene.students[0], True), (scene.admins[0], True), (scene.students[1], False), (scene.admins[1], False),
    ):  # fmt: skip
        assert (WHY in reader_of(reader, "ja").get("/matching/readings").text) is sees


def test_names_of_who_moves_stand_behind_a_reason_that_they_read(app: Flask, scene: runs.Scene) -> None:
    base = runs.run(scene)
    closed = tried(scene, base, Change.POSTING, posting=f"p{scene.postings[0]}", places=0)
    office = reader_of(scene.office, "en")
    page = office.get(f"/staff/matching/attempts/{closed.id}")
    assert not any(who.name in page.main.text for who in scene.students)
    assert "1 student" not in page.main.text
    assert "fewer than five, or nobody" in page.main.text
    form = office.get(page.link("See the names")).form("/moves")
    office.submit(form, status=422)
    shown = office.submit(form, reason=WHY).main.text
    assert [who.name in shown for who in scene.students] == [True, True, False]
    for who, sees in zip(scene.students, (True, True, False), strict=True):
        assert (WHY in reader_of(who, "ja").get("/matching/readings").text) is sees
    assert office.get(f"/staff/matching/attempts/{base}/moves").form("/moves") is not None
    office.submit(office.get(f"/staff/matching/attempts/{base}/moves").form("/moves"), status=409, reason=WHY)


@pytest.mark.parametrize("likes", [0, 1])
def test_a_trial_about_few_looks_the_same_whatever_they_like_more(june: None, likes: int) -> None:
    office, admins = given.officer(), [given.host(), given.host()]
    season = given.plan(office)
    postings = [
        told.offer(admin, season, title=f"募集{n}", places=9, least_places=n)
        for n, admin in enumerate(admins)
    ]
    place = university()
    both, one, other = (told.trained(place) for _ in range(3))
    for who, wish in (
        (both, [postings[likes], postings[1 - likes]]), (one, postings[:1]), (other, postings[1:]),
    ):  # fmt: skip
        for posting in wish:
            told.apply(who, posting)
        told.lists(who, season, *wish)
    told.ranks(admins[0], season, [one], [both])
    told.ranks(admins[1], season, [both], [other])
    scene = runs.Scene(office, actor_of(office), admins, season, postings)
    with runs.at_lock():
        base = runs.run(scene)
        closed = tried(scene, base, Change.POSTING, posting=f"p{postings[1]}", places=0)
        assert len(moved(closed)) == (1, 2)[likes]  # `both` too, where it stood there
        page = reader_of(office, "en").get(f"/staff/matching/attempts/{closed.id}")
        found = page.main.text[page.main.text.index("Who moves") :]
        assert "1 student" not in found
        assert "What turned somebody away" not in found
        assert "below the number" not in page.main.text


def test_nothing_is_tried_once_the_results_are_out(scene: runs.Scene) -> None:
    base, posting = runs.run(scene), f"p{scene.postings[0]}"
    with transaction():
        choose_attempt(attempt=db.session.get_one(MatchAttempt, base), by=scene.by)
    with clock.frozen(runs.OUT):
        runs.jobs()
        with pytest.raises(OutOfDate):
            tried(scene, base, Change.POSTING, posting=posting, places=0)
        office, address = reader_of(scene.office, "en"), f"/staff/matching/attempts/{base}"
        assert "Try a change" not in office.get(address).main.text
        assert not [
            form for form in office.get(f"{address}/what-if").forms if form.action.endswith("/what-if")
        ]


def study(scene: runs.Scene, base: int, kind: StudyKind) -> MatchStudy:
    with transaction():
        number = ask_study(attempt=db.session.get_one(MatchAttempt, base), kind=kind, by=scene.by).id
    runs.jobs()
    rollback()
    return db.session.get_one(MatchStudy, number, populate_existing=True)


def test_a_thousand_lotteries_are_counted_without_names(tied: runs.Scene) -> None:
    found = study(tied, runs.run(tied), StudyKind.CHANCES)
    assert found.state is AttemptState.DONE
    assert found.figures == {
        "draws": 1000, "bands": [[band, None] for band in (0, 25, 50, 75, 100)], "least": 2, "most": 2, "mean": 2.0,
    }  # fmt: skip


def test_the_adviser_says_whom_to_ask_or_that_it_is_not_there(tied: runs.Scene) -> None:
    base = runs.run(tied)
    found = study(tied, base, StudyKind.ADVICE)
    try:
        import highspy  # noqa: F401
    except ImportError:
        assert (found.state, found.fault) == (AttemptState.FAILED, AttemptFault.SOLVER_MISSING)
        return
    assert found.state is AttemptState.DONE
    assert found.figures["placed"] == found.figures["largest"] == 2
    run_study(found.id)  # delivered twice
    again = study_of(base, StudyKind.ADVICE)
    assert again is not None
    assert again.finished_at == found.finished_at


@pytest.mark.parametrize("language", ["ja", "en"])
def test_each_change_has_its_form_and_its_faults(app: Flask, scene: runs.Scene, language: str) -> None:
    base, office = runs.run(scene), reader_of(scene.office, language)
    address = f"/staff/matching/attempts/{base}/what-if"
    for change in Change:
        form = office.get(f"{address}?change={change.value}").form("/what-if")
        if change in (Change.LOTTERY,):
            office.submit(form, name="くじ")
        else:
            office.submit(form, status=422)
    form = office.get(f"{address}?change=posting").form("/what-if")
    office.submit(form, status=422, posting=f"p{scene.postings[0]}", places="1000")
    done = office.submit(form, posting=f"p{scene.postings[0]}", places="２")
    runs.jobs()
    office.get(done.url.rstrip("?"))
    office.get(f"/staff/matching/rounds/{scene.round_id}/attempts")
    office.submit(form, status=422, posting="p999999", places="1")
    office.submit(form, status=422, change="\x00", posting=f"p{scene.postings[0]}", places="1")
    token = {"csrf_token": form.values()["csrf_token"]}
    office.post(f"/staff/matching/attempts/{base}/study", {"kind": "x"} | token, status=422)
    office.post(f"/staff/matching/attempts/{base}/advice", {"number": "٣"} | token, status=422)
    asked = office.get(f"/staff/matching/attempts/{base}")
    office.submit(asked.form("/study"))
    runs.jobs()
    office.get(f"/staff/matching/attempts/{base}")
