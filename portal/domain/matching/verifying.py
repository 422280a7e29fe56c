"""A result held against its market: is the matching good, and is the file what a replay gives?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.domain.exchange.canonical import sha256, to_bytes
from portal.domain.exchange.faults import Faults
from portal.domain.exchange.json_reading import read_json
from portal.domain.matching.canonical import format_market
from portal.domain.matching.checking import Findings, check
from portal.domain.matching.market import Market
from portal.domain.matching.results import RESULT_FORMAT, hash_of_result, result_value
from portal.domain.matching.solving import solve


class Doubt(StrEnum):
    """What speaks against a result; the detail is named beside each."""

    NOT_A_RESULT = "not_a_result"  # the fault
    OTHER_INPUT = "other_input"
    HASH_DIFFERS = "hash_differs"
    NOT_FEASIBLE = "not_feasible"  # breach and id
    BLOCKING_PAIR = "blocking_pair"  # student and posting
    NOT_BEST = "not_best"  # the student
    REPLAY_DIFFERS = "replay_differs"  # the section of the file


@dataclass(frozen=True)
class Verification:
    """Nothing in `doubts` means that the result holds. `findings` is None when the file could not be read."""

    doubts: tuple[tuple[Doubt, str], ...]
    findings: Findings | None = None

    @property
    def holds(self) -> bool:
        return not self.doubts


def verify(market: Market, content: bytes) -> Verification:
    """Judge a result file. Format and matching must be there; each other section is held against a replay if it is."""
    faults = Faults()
    value = read_json(content, faults)
    if faults.total:
        return Verification(((Doubt.NOT_A_RESULT, str(faults.listed[0])),))
    if fault := _shape_fault(value):
        return Verification(((Doubt.NOT_A_RESULT, fault),))
    findings = check(market, value["matching"])
    doubts = [
        *_record_doubts(market, value),
        *((Doubt.NOT_FEASIBLE, f"{breach.value} {where}") for breach, where in findings.breaches),
        *((Doubt.BLOCKING_PAIR, f"{student} {posting}") for student, posting in findings.blocking_pairs),
        *((Doubt.NOT_BEST, student) for student in findings.not_best),
        *_replay_doubts(market, value),
    ]
    return Verification(tuple(doubts), findings)


def _shape_fault(value: Any) -> str:
    if not isinstance(value, dict) or value.get("format") != RESULT_FORMAT:
        return f"$.format: {RESULT_FORMAT}"
    matching = value.get("matching")
    if not isinstance(matching, dict) or not all(isinstance(each, str) for each in matching.values()):
        return "$.matching: object of texts"
    if not isinstance(value.get("record", {}), dict):
        return "$.record: object"
    return ""


def _record_doubts(market: Market, value: dict[str, Any]) -> list[tuple[Doubt, str]]:
    record, doubts = value.get("record", {}), []
    if record.get("input_sha256", sha256(format_market(market))) != sha256(format_market(market)):
        doubts.append((Doubt.OTHER_INPUT, ""))
    if "record" in value and record.get("result_sha256") != _own_hash(value):
        doubts.append((Doubt.HASH_DIFFERS, ""))
    return doubts


def _own_hash(value: dict[str, Any]) -> str:
    try:
        return hash_of_result(value)
    except (UnicodeEncodeError, TypeError):  # a lone surrogate, a number without end
        return ""


def _replay_doubts(market: Market, value: dict[str, Any]) -> list[tuple[Doubt, str]]:
    replayed = result_value(solve(market))
    if "record" in value:  # its hash is of the file, not of the replay: looked at above
        replayed["record"] |= {key: item for key, item in value["record"].items() if key == "result_sha256"}
    sections = [key for key in value if key not in ("format", "matching")]
    differing = [key for key in sections if not _is_same(value[key], replayed.get(key))]
    return [(Doubt.REPLAY_DIFFERS, key[:60]) for key in sorted(differing)]


def _is_same(one: Any, other: Any) -> bool:
    """To the byte, the order of keys aside: 1 is neither 1.0 nor true."""
    try:
        return to_bytes(_sorted(one)) == to_bytes(_sorted(other))
    except (UnicodeEncodeError, TypeError):
        return False


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value
