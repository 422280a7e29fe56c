"""The file of a result, `renkei-matching-result/1`: the same solution gives the same bytes."""

from __future__ import annotations

from typing import Any

from portal.domain.exchange.canonical import sha256, to_bytes
from portal.domain.matching.explaining import PostingAnswer
from portal.domain.matching.solving import Solution

RESULT_FORMAT = "renkei-matching-result/1"


def format_result(solution: Solution) -> bytes:
    """Canonical bytes. `record.result_sha256` is the SHA-256 of the same file without that one member."""
    value = result_value(solution)
    value["record"]["result_sha256"] = hash_of_result(value)
    return to_bytes(value)


def hash_of_result(value: dict[str, Any]) -> str:
    """The SHA-256 that a result's record must name."""
    record = {key: item for key, item in value.get("record", {}).items() if key != "result_sha256"}
    return sha256(to_bytes(value | {"record": record}))


def result_value(solution: Solution) -> dict[str, Any]:
    """A result as JSON values, without its own hash."""
    findings, counted = solution.findings, solution.statistics
    return {
        "format": RESULT_FORMAT,
        "matching": dict(solution.matching),
        "unmatched": list(solution.unmatched),
        "certificate": {
            "feasible": findings.is_feasible,
            "blocking_pairs": [list(pair) for pair in findings.blocking_pairs],
            "student_optimal": findings.is_student_optimal,
        },
        "explanations": {
            student: [{"posting": posting, "reason": reason.value} for posting, reason in answers]
            for student, answers in solution.explanations.items()
        },
        "postings": {answer.posting: posting_value(answer) for answer in solution.postings},
        "below_minimum": {
            "companies": list(solution.companies_below_minimum),
            "postings": [answer.posting for answer in solution.postings if answer.is_below_minimum],
        },
        "caps": [
            {
                "kind": cap.kind.value, "name": cap.name, "cap": cap.cap, "filled": cap.filled,
                "binding": cap.is_binding, "placements_lost": cap.lost, "students_worse": cap.worse,
            }
            for cap in solution.caps
        ],
        "statistics": {
            "students": counted.students, "matched": counted.matched, "fixed": counted.fixed,
            "seats": counted.seats, "by_rank": {str(rank): number for rank, number in counted.by_rank.items()},
        },
        "record": _record(solution),
    }  # fmt: skip


def posting_value(answer: PostingAnswer) -> dict[str, Any]:
    """How a posting came out, as JSON."""
    return {"capacity": answer.capacity, "filled": answer.filled, "reason": answer.filling.value}


def _record(solution: Solution) -> dict[str, Any]:
    drawn = {"lottery_commitment": solution.lottery_commitment} if solution.lottery_commitment else {}
    return {"input_sha256": solution.input_sha256, **drawn, "engine": solution.engine}
