"""Who takes no part in a round's match, with the reason, as the gate has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from portal.matching.enums import LeftReason
from portal.matching.queries.market_rows import MarketRows


class Standing(Protocol):
    """What of a gate this needs."""

    @property
    def rows(self) -> MarketRows: ...
    @property
    def trained(self) -> Collection[int]: ...
    @property
    def placed(self) -> Collection[int]: ...
    @property
    def members(self) -> Collection[int]: ...
    @property
    def held(self) -> Collection[int]: ...
    @property
    def hosts(self) -> frozenset[int]: ...
    @property
    def companies(self) -> frozenset[int]: ...
    @property
    def open(self) -> Mapping[int, Any]: ...
    @property
    def lacking(self) -> Mapping[int, Any]: ...


@dataclass(frozen=True, slots=True)
class Left:
    """What takes no part: a student (`s12`), a company (`c7`), or one posting of a company that does (`p3`)."""

    who: str
    reason: LeftReason


def left_out(gate: Standing) -> tuple[Left, ...]:
    """Students, companies and postings, in order of numbers."""
    return (*_students(gate), *_companies(gate), *_postings(gate))


def _students(gate: Standing) -> list[Left]:
    found = []
    for number, is_student, *_days in sorted(gate.rows.students, key=lambda row: row[0]):
        if not is_student:
            found.append(Left(f"s{number}", LeftReason.NO_LONGER_A_STUDENT))
        elif number not in gate.trained:
            found.append(Left(f"s{number}", LeftReason.TRAINING_MISSING))
        elif number in gate.placed:
            found.append(Left(f"s{number}", LeftReason.PLACED_BEFORE))
    return found


def _companies(gate: Standing) -> list[Left]:
    def why(company: int) -> LeftReason:
        if company not in gate.members:
            return LeftReason.NOT_A_MEMBER
        return LeftReason.HELD_BACK if company in gate.held else LeftReason.AGREEMENT_MISSING

    return [Left(f"c{n}", why(n)) for n in sorted(gate.hosts - gate.companies)]


def _postings(gate: Standing) -> list[Left]:
    """Of companies that take part with others of theirs, or would."""
    return [
        Left(f"p{n}", LeftReason.AGREEMENT_MISSING) for n in gate.lacking if gate.open[n][1] in gate.companies
    ]
