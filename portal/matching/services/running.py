"""Do a run: the market once, solved outside of any transaction, checked, kept. Delivered twice it runs once; after a crash it
goes on from the market that stands."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from portal.audit.services import record
from portal.core import clock
from portal.core.conditional import rows_changed
from portal.core.db import db
from portal.core.sealing import fingerprint
from portal.core.transaction import transaction
from portal.domain.matching import (
    MalformedFileError,
    Market,
    Stage,
    format_market,
    parse_market,
    read_market,
)
from portal.domain.matching.attempts import WrongOverrideError, changed
from portal.domain.matching.overrides import read_override
from portal.domain.matching.small_cells import is_near
from portal.domain.matching.waiving import Waiver, WaiverImpossibleError
from portal.internships.models import InternshipRound
from portal.matching.enums import AttemptFault, AttemptState
from portal.matching.models import MatchAttempt, MatchWaiver
from portal.matching.services.markets import market_of
from portal.matching.services.outputs import CheckFailedError, Output, work_out

BETWEEN_NOTES = 0.5  # seconds
FAULTS: dict[type[Exception], AttemptFault] = {
    MalformedFileError: AttemptFault.MALFORMED,
    WrongOverrideError: AttemptFault.WRONG_CHANGE,
    WaiverImpossibleError: AttemptFault.WAIVER_IMPOSSIBLE,
    CheckFailedError: AttemptFault.CHECK_FAILED,
}


@dataclass(frozen=True)
class Begun:
    """What a run works on: its own market, and its base's market and result where it has one."""

    market: str
    base_market: str | None
    base_result: str | None
    waiver: Waiver | None


def run_attempt(attempt_id: int, clock_of_notes: Callable[[], float] = time.monotonic) -> None:
    """The whole run. A run that is done or has failed is left as it is."""
    begun = _begin(attempt_id)
    if begun is None:
        return
    notes = _Notes(attempt_id, clock_of_notes)
    try:
        output = work_out(begun.market, begun.base_market, begun.base_result, begun.waiver, notes)
    except tuple(FAULTS) as error:
        _fail(attempt_id, FAULTS[type(error)])
    else:
        _finish(attempt_id, output)


def _begin(attempt_id: int) -> Begun | None:
    with transaction():
        which = select(MatchAttempt).where(MatchAttempt.id == attempt_id).with_for_update()
        attempt = db.session.scalars(which, execution_options={"populate_existing": True}).one_or_none()
        if attempt is None or attempt.state in (AttemptState.DONE, AttemptState.FAILED):
            return None
        base = db.session.get(MatchAttempt, attempt.base_id) if attempt.base_id else None
        waiver = db.session.scalars(
            select(MatchWaiver).where(MatchWaiver.attempt_id == attempt_id)
        ).one_or_none()
        if attempt.market is None:
            try:
                content = format_market(_market(attempt, base))
            except (MalformedFileError, WrongOverrideError) as error:
                _fail(attempt_id, FAULTS[type(error)])
                return None
            attempt.market, attempt.input_sha256 = content.decode(), fingerprint(content)
            attempt.state, attempt.step, attempt.of = AttemptState.RUNNING, Stage.MATCHING.value, len(Stage)
        return Begun(attempt.market, *_of_base(base), waiver.as_waiver if waiver else None)


def _of_base(base: MatchAttempt | None) -> tuple[str | None, str | None]:
    return (base.market, base.result) if base is not None else (None, None)


def _market(attempt: MatchAttempt, base: MatchAttempt | None) -> Market:
    """The round's lists, or the base's market with the changes."""
    if base is None or base.market is None:
        return read_market(market_of(db.session.get_one(InternshipRound, attempt.round_id)))
    found = parse_market(base.market.encode())
    return changed(found, [read_override(each) for each in attempt.overrides])


class _Notes:
    """Writes down where a run is, at most every half second, each in a transaction of its own."""

    def __init__(self, attempt_id: int, timer: Callable[[], float]) -> None:
        self.attempt_id, self.timer, self.last = attempt_id, timer, timer()

    def __call__(self, stage: Stage) -> None:
        if self.timer() - self.last < BETWEEN_NOTES:
            return
        with transaction():
            rows_changed(_running(self.attempt_id).values(step=stage.value, done=list(Stage).index(stage)))
        self.last = self.timer()


def _running(attempt_id: int) -> Any:
    return update(MatchAttempt).where(
        MatchAttempt.id == attempt_id, MatchAttempt.state == AttemptState.RUNNING
    )


def _finish(attempt_id: int, output: Output) -> None:
    values: dict[str, Any] = {
        "state": AttemptState.DONE, "finished_at": clock.now(), "done": len(Stage), "engine": output.engine,
        "result": output.result, "result_sha256": fingerprint(output.result.encode()),
        "comparison": output.comparison,
    }  # fmt: skip
    with transaction():
        values["figures"] = output.figures | {"is_near": _is_near(attempt_id, output.figures)}
        if rows_changed(_running(attempt_id).values(**values)):
            _note("attempt.done", attempt_id, {})


def _is_near(attempt_id: int, figures: dict[str, Any]) -> bool:
    """Whether the rank distribution beside that of an earlier run of the round would tell of single students."""
    here = select(MatchAttempt.round_id).where(MatchAttempt.id == attempt_id).scalar_subquery()
    earlier = select(MatchAttempt.figures).where(
        MatchAttempt.round_id == here, MatchAttempt.id < attempt_id, MatchAttempt.state == AttemptState.DONE
    )
    shown = (each for each in db.session.scalars(earlier) if not each.get("is_near"))
    return any(is_near(figures["by_rank"], dict(each["by_rank"])) for each in shown)


def _fail(attempt_id: int, fault: AttemptFault) -> None:
    """Also before it ran."""
    open_states = (AttemptState.WAITING, AttemptState.RUNNING)
    stands = update(MatchAttempt).where(MatchAttempt.id == attempt_id, MatchAttempt.state.in_(open_states))
    with transaction():
        if rows_changed(stands.values(state=AttemptState.FAILED, fault=fault, finished_at=clock.now())):
            _note("attempt.failed", attempt_id, {"fault": fault})


def _note(verb: str, attempt_id: int, changes: dict[str, Any]) -> None:
    record(verb=verb, subject=db.session.get_one(MatchAttempt, attempt_id), by=None, changes=changes)
