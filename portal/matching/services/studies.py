"""Studies of a run: what ties cost, and what the lottery is worth. Asked for by the office, worked out by a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, rows_changed
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.core.transaction import transaction
from portal.domain.matching import Market, parse_market
from portal.domain.matching.advice import SolverMissingError, Step, advise
from portal.domain.matching.attempts import SplitTier
from portal.domain.matching.chances import match_chances
from portal.domain.matching.overrides import override_value, read_override
from portal.domain.matching.small_cells import hidden_cells
from portal.jobs.services import enqueue
from portal.matching.enums import AttemptFault, AttemptState, StudyKind
from portal.matching.models import MatchAttempt, MatchStudy
from portal.matching.services.attempts import NOT_DONE, require_office, start_what_if

TIME_LIMIT = 60.0  # seconds for the solver
BANDS = (0, 25, 50, 75, 100)  # per cent
Answer = tuple[dict[str, Any], list[Any] | None]


def ask_study(*, attempt: MatchAttempt, kind: StudyKind, by: Actor) -> MatchStudy:
    """Have it worked out; one that could not be is tried again. Raises Refused, OutOfDate."""
    require_office(by)
    if attempt.state is not AttemptState.DONE:
        raise OutOfDate(NOT_DONE)
    now = clock.now()
    made = MatchStudy(attempt_id=attempt.id, kind=kind, asked_at=now, asked_by_id=by.id, figures={})
    study, is_ours = add_or_find(made, lambda: study_of(attempt.id, kind))
    again = update(MatchStudy).where(MatchStudy.id == study.id, MatchStudy.state == AttemptState.FAILED)
    if is_ours or rows_changed(again.values(state=AttemptState.WAITING, fault=None, asked_at=now)):
        record(verb="attempt.studied", subject=attempt, by=by, changes={"kind": kind})
        enqueue("matching.run_study", key=f"study:{study.id}:{now.isoformat()}", study_id=study.id)
    return study


def run_study(study_id: int, time_limit: float = TIME_LIMIT) -> None:
    """Work it out outside of any transaction; done already, it is left as it is."""
    with transaction():
        study = db.session.get_one(MatchStudy, study_id, populate_existing=True)
        if study.state in (AttemptState.DONE, AttemptState.FAILED):
            return
        kind, market = study.kind, db.session.get_one(MatchAttempt, study.attempt_id).market or ""
        study.state = AttemptState.RUNNING
    try:
        figures, answer = _MAKERS[kind](parse_market(market.encode()), time_limit)
    except SolverMissingError:
        _finish(study_id, state=AttemptState.FAILED, fault=AttemptFault.SOLVER_MISSING)
    else:
        _finish(study_id, state=AttemptState.DONE, figures=figures, answer=answer)


def try_advice(*, study: MatchStudy, number: int, once: str, by: Actor) -> MatchAttempt:
    """A what-if of one question that the adviser would ask. Raises Refused, OutOfDate."""
    attempt = db.session.get_one(MatchAttempt, study.attempt_id)
    if study.state is not AttemptState.DONE or not 0 <= number < len(study.answer or ()):
        raise OutOfDate(_l("This advice has changed in the meantime. Please look again."))
    change = read_override((study.answer or [])[number])
    name = f"{attempt.name} +{number + 1}"[:100]
    return start_what_if(base=attempt, name=name, overrides=[change], once=once, by=by)


def study_of(attempt_id: int, kind: StudyKind) -> MatchStudy | None:
    """One study of a run."""
    mine = (MatchStudy.attempt_id == attempt_id, MatchStudy.kind == kind)
    return db.session.scalars(select(MatchStudy).where(*mine)).one_or_none()


def _finish(study_id: int, **values: Any) -> None:
    stands = update(MatchStudy).where(MatchStudy.id == study_id, MatchStudy.state == AttemptState.RUNNING)
    with transaction():
        rows_changed(stands.values(finished_at=clock.now(), **values))


def _advice(market: Market, time_limit: float) -> Answer:
    """Which company to ask what; never which tier, nor who stands in it."""
    found = advise(market, time_limit)
    figures = {
        "placed": found.placed, "largest": len(found.largest.matching), "is_proven": found.largest.is_proven,
        "bound": found.largest.bound, "single": [_question(step) for step in found.single],
        "together": sum(step.gain for step in found.steps),
    }  # fmt: skip
    return figures, [override_value(step.change) for step in found.single]


def _question(step: Step) -> dict[str, Any]:
    what = "split" if isinstance(step.change, SplitTier) else "merge"
    return {"company": step.change.company, "what": what, "gain": step.gain}


def _chances(market: Market, time_limit: float) -> Answer:
    """How many students have which chance of a place, over a thousand draws; of nobody by name."""
    found = match_chances(market)
    counts = dict.fromkeys(BANDS, 0)
    for student in found.of:
        counts[_band(100 * found.of_being_placed(student))] += 1
    placed = sorted(found.placed)
    mean = sum(number * times for number, times in found.placed.items()) / found.draws
    figures = {
        "draws": found.draws, "bands": [[band, count] for band, count in hidden_cells(counts).items()],
        "least": placed[0] if placed else 0, "most": placed[-1] if placed else 0, "mean": round(mean, 1),
    }  # fmt: skip
    return figures, None


def _band(chance: float) -> int:
    """0 for never, 100 for always, else the band's upper end: up to a quarter, a half, three quarters, less than always."""
    if chance in (0, 100):
        return int(chance)
    return 25 if chance <= 25 else 50 if chance <= 50 else 75


_MAKERS: dict[StudyKind, Callable[[Market, float], Answer]] = {
    StudyKind.ADVICE: _advice,
    StudyKind.CHANCES: _chances,
}
