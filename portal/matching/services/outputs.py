"""What a run gives: the result file, counts that may be shown, and who moves against the base. No database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.exchange.canonical import to_bytes
from portal.domain.matching import Market, Stage, format_result, parse_market, solve
from portal.domain.matching.comparing import Turn, compare
from portal.domain.matching.demand import LEAST
from portal.domain.matching.explaining import Explainer
from portal.domain.matching.small_cells import hidden_moves, hidden_ranks
from portal.domain.matching.waiving import Waiver, waived_result

Document = dict[str, Any]


class CheckFailedError(Exception):
    """The second implementation does not agree with the solver."""


@dataclass(frozen=True)
class Output:
    """`figures` are counts, small ones hidden; `comparison` names students and stands sealed."""

    result: str
    figures: Document
    comparison: Document | None
    engine: str


def work_out(
    market_text: str, base_market: str | None, base_result: str | None, waiver: Waiver | None, notice: Callable[[Stage], None]
) -> Output:  # fmt: skip
    """Solve and check, or put the waiver into the base's result. Raises CheckFailedError, MalformedFileError, WaiverImpossibleError."""
    market = parse_market(market_text.encode())
    if waiver is not None and base_result is not None:
        value = waived_result(market, json.loads(base_result), waiver)
        text = to_bytes(value).decode()
    else:
        solution = solve(market, notice)
        if not solution.findings.is_good:
            raise CheckFailedError
        text = format_result(solution).decode()
        value = json.loads(text)
    figures = figures_of(market, value)
    comparison = None
    if base_market is not None and base_result is not None:
        comparison = _comparison(parse_market(base_market.encode()), json.loads(base_result), market, value)
        figures["moves"] = told_moves(Counter(Turn(each[1]) for each in comparison["moved"]))
    return Output(text, figures, comparison, value["record"]["engine"])


def told_moves(counts: Mapping[Turn, int]) -> dict[str, int | None]:
    """How many come elsewhere, are placed now, are no longer placed; to something better or worse."""
    better, worse = counts.get(Turn.BETTER, 0), counts.get(Turn.WORSE, 0)
    elsewhere = better + worse + counts.get(Turn.ELSEWHERE, 0)
    return hidden_moves(
        {
            "elsewhere": elsewhere,
            "better": better,
            "worse": worse,
            "placed": counts.get(Turn.PLACED, 0),
            "unplaced": counts.get(Turn.UNPLACED, 0),
        }
    )


def figures_of(market: Market, value: Document) -> Document:
    """Counts alone: what is below five stands as null. Ranks that nobody obtained have a row too."""
    counted, judged = value["statistics"], value["certificate"]
    obtained = {int(rank): number for rank, number in counted["by_rank"].items()}
    ranks = hidden_ranks({rank: obtained.get(rank, 0) for rank in range(1, max([*obtained, LEAST]) + 1)})
    return {
        "students": counted["students"], "matched": counted["matched"], "fixed": counted["fixed"],
        "unmatched": len(value["unmatched"]), "seats": counted["seats"], "postings": len(market.postings),
        "companies": len(market.companies), "by_rank": [[rank, number] for rank, number in sorted(ranks.items())],
        "below_minimum": len(value["below_minimum"]["postings"]), "blocking": len(judged["blocking_pairs"]),
        "feasible": judged["feasible"], "student_optimal": judged["student_optimal"],
        "caps": [cap | {"students_worse": _told(cap["students_worse"])} for cap in value["caps"]], "waived": len(value["record"].get("waived", ())),
    }  # fmt: skip


def _told(count: int) -> int | None:
    return None if count < LEAST else count


def _comparison(base: Market, before: Document, market: Market, after: Document) -> Document:
    """Who moves, and what turned somebody away before and after (students, postings and companies by id; never a rank)."""
    moved = compare(base.students, before["matching"], after["matching"])
    return {
        "moved": [[each.student, each.turn.value, each.before, each.after] for each in moved],
        "binding_before": _binding(base, before),
        "binding_after": _binding(market, after),
    }


def _binding(market: Market, value: Document) -> list[list[str]] | None:
    if value["record"].get("waived"):
        return None  # what binds is said of stable results alone
    return [[each.kind.value, each.name] for each in Explainer(market, value["matching"]).binding()]
