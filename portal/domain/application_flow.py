"""How a membership application moves: its states, who may move it, two persons for a decision, the diff.

The secretariat checks, the steering committee decides. Whoever checked does not decide.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CHECKED = "checked"
    DEFERRED = "deferred"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def is_final(self) -> bool:
        """True when nothing follows."""
        return not any(old is self for old, _ in _MOVES)

    @property
    def is_editable(self) -> bool:
        """True while the applicant may change what it says."""
        return self in (ApplicationState.DRAFT, ApplicationState.RETURNED)


class Mover(StrEnum):
    """In which capacity somebody moves an application."""

    APPLICANT = "applicant"
    CHECKER = "checker"
    DECIDER = "decider"


_S = ApplicationState
_MOVES: dict[tuple[ApplicationState, ApplicationState], frozenset[Mover]] = {
    (_S.DRAFT, _S.SUBMITTED): frozenset({Mover.APPLICANT}),
    (_S.DRAFT, _S.WITHDRAWN): frozenset({Mover.APPLICANT}),
    (_S.SUBMITTED, _S.RETURNED): frozenset({Mover.CHECKER}),
    (_S.SUBMITTED, _S.CHECKED): frozenset({Mover.CHECKER}),
    (_S.SUBMITTED, _S.WITHDRAWN): frozenset({Mover.APPLICANT}),
    (_S.RETURNED, _S.SUBMITTED): frozenset({Mover.APPLICANT}),
    (_S.RETURNED, _S.WITHDRAWN): frozenset({Mover.APPLICANT}),
    # the committee may ask for a correction too, through whoever sits there
    (_S.CHECKED, _S.RETURNED): frozenset({Mover.CHECKER, Mover.DECIDER}),
    (_S.CHECKED, _S.DEFERRED): frozenset({Mover.DECIDER}),
    (_S.CHECKED, _S.APPROVED): frozenset({Mover.DECIDER}),
    (_S.CHECKED, _S.DECLINED): frozenset({Mover.DECIDER}),
    (_S.CHECKED, _S.WITHDRAWN): frozenset({Mover.APPLICANT}),
    (_S.DEFERRED, _S.RETURNED): frozenset({Mover.CHECKER, Mover.DECIDER}),
    (_S.DEFERRED, _S.APPROVED): frozenset({Mover.DECIDER}),
    (_S.DEFERRED, _S.DECLINED): frozenset({Mover.DECIDER}),
    (_S.DEFERRED, _S.WITHDRAWN): frozenset({Mover.APPLICANT}),
}


def allowed_next(state: ApplicationState, mover: Mover | None = None) -> tuple[ApplicationState, ...]:
    """The states that may follow, in the order of the enum; with a mover, only those that it may choose."""
    return tuple(
        new
        for new in ApplicationState
        if (movers := _MOVES.get((state, new))) is not None and (mover is None or mover in movers)
    )


def sources_of(new: ApplicationState, mover: Mover) -> tuple[ApplicationState, ...]:
    """The states from which `mover` may reach `new`: for the WHERE of a conditional update."""
    return tuple(old for old in ApplicationState if mover in _MOVES.get((old, new), frozenset()))


class MoveReason(StrEnum):
    """Why a move is allowed or not."""

    ALLOWED = "allowed"
    ALREADY_THERE = "already_there"
    FINAL = "final"
    NO_SUCH_STEP = "no_such_step"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True)
class MoveVerdict:
    """Whether an application may move, and why."""

    is_allowed: bool
    reason: MoveReason


def check_move(old: ApplicationState, new: ApplicationState, mover: Mover) -> MoveVerdict:
    """Judge one step of an application."""
    if old is new:
        return MoveVerdict(False, MoveReason.ALREADY_THERE)
    if old.is_final:
        return MoveVerdict(False, MoveReason.FINAL)
    movers = _MOVES.get((old, new))
    if movers is None:
        return MoveVerdict(False, MoveReason.NO_SUCH_STEP)
    if mover not in movers:
        return MoveVerdict(False, MoveReason.NOT_YOURS)
    return MoveVerdict(True, MoveReason.ALLOWED)


class DecisionReason(StrEnum):
    """Why a person may decide or not."""

    TWO_PERSONS = "two_persons"
    SAME_PERSON = "same_person"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class DecisionVerdict:
    """Whether a person may decide, and why."""

    is_allowed: bool
    reason: DecisionReason


def may_decide(checker_id: int | None, decider_id: int) -> DecisionVerdict:
    """The two-person rule: somebody has checked, and it was somebody else."""
    if checker_id is None:
        return DecisionVerdict(False, DecisionReason.NOT_CHECKED)
    if checker_id == decider_id:
        return DecisionVerdict(False, DecisionReason.SAME_PERSON)
    return DecisionVerdict(True, DecisionReason.TWO_PERSONS)


@dataclass(frozen=True)
class Change:
    """One answer that differs. `path` is dotted: `billing.email`, `learners.0.name`. A blank is None."""

    path: str
    old: Any
    new: Any


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What changed between two states of an application's JSON, sorted by path (places in a list as numbers).

    A missing key, null, an empty text and an empty list are all blank and equal. A list of plain values is
    one answer (a choice of groups); a list of objects is compared place by place.
    """
    old, new = dict(_answers(before, ())), dict(_answers(after, ()))
    return tuple(
        Change(".".join(str(step) for step in path), old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys(), key=_path_order)
        if not _is_same(old.get(path), new.get(path))
    )


_Path = tuple[str | int, ...]


def _answers(value: Any, path: _Path) -> Iterator[tuple[_Path, Any]]:
    """Every answer that is not blank, with its path."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _answers(inner, (*path, str(key)))
    elif isinstance(value, (list, tuple)) and any(isinstance(item, (Mapping, list, tuple)) for item in value):
        for place, inner in enumerate(value):
            yield from _answers(inner, (*path, place))
    elif value not in (None, "", [], ()):
        yield path, value


def _path_order(path: _Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)


def _is_same(old: Any, new: Any) -> bool:
    # Python holds True equal to 1; an answer of "yes" is not the number one
    return old == new and isinstance(old, bool) == isinstance(new, bool)
