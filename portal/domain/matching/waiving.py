"""A pair put together, or a student taken out, by a waiver of those concerned: the others stay where the match has put them.

The outcome is no longer stable by itself: the pairs that would rather have each other are named first, and the
certificate says that it is stable except for these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.domain.matching.checking import find_blocking_pairs, find_breaches
from portal.domain.matching.explaining import Explainer, Filling, PostingAnswer, Reason
from portal.domain.matching.market import Market, Pair
from portal.domain.matching.offers import Standing
from portal.domain.matching.results import hash_of_result, posting_value


@dataclass(frozen=True)
class Waiver:
    """The student comes to the posting, whatever the lists say; None: to none."""

    student: str
    posting: str | None


@dataclass(frozen=True)
class Waived:
    """What comes of it. `caused` are the blocking pairs that were none before; `blocking` all of them."""

    matching: dict[str, str]
    blocking: tuple[Pair, ...]
    caused: tuple[Pair, ...]


class WaiverImpossibleError(ValueError):
    """The waiver goes beyond what those concerned can waive: no seat, a fixed pair, a veto, or nothing changes."""


def waive(market: Market, matching: Mapping[str, str], waiver: Waiver) -> Waived:
    """The matching with the waiver. Raises WaiverImpossibleError."""
    student, posting = waiver.student, waiver.posting
    is_known = student in market.students and (posting is None or posting in market.postings)
    if not is_known or student in market.fixed or matching.get(student) == posting:
        raise WaiverImpossibleError
    if (student, posting) in market.vetoes:
        raise WaiverImpossibleError
    changed = {each: at for each, at in matching.items() if each != student}
    if posting is not None:
        changed[student] = posting
    if _is_overfull(market, changed):
        raise WaiverImpossibleError
    before, after = find_blocking_pairs(market, matching), find_blocking_pairs(market, changed)
    return Waived(dict(sorted(changed.items())), after, tuple(sorted(set(after) - set(before))))


def _is_overfull(market: Market, matching: Mapping[str, str]) -> bool:
    """Beyond what is said of lists: everybody counts as fixed where they are."""
    alone = replace(market, students={}, fixed=dict(matching), vetoes=frozenset())
    return any(find_breaches(alone, matching, Standing(alone)))


def waived_result(market: Market, base: Mapping[str, Any], waiver: Waiver) -> dict[str, Any]:
    """The result file of `base` (its JSON) with the waiver in it."""
    done = waive(market, base["matching"], waiver)
    at = done.matching
    postings = _postings(market, done)
    on_company = Counter(market.postings[posting].company for posting in at.values())
    targets = {(cap.kind.value, cap.name): cap.targets for cap in market.caps}
    said = [*base["record"].get("waived", ()), [waiver.student, waiver.posting]]
    value = dict(base) | {
        "matching": at,
        "unmatched": [each for each in market.everybody if each not in at],
        "certificate": {
            "feasible": True, "blocking_pairs": [list(pair) for pair in done.blocking], "student_optimal": False
        },
        "explanations": _explanations(market, base, waiver, done),
        "postings": {each.posting: posting_value(each) for each in postings},
        "below_minimum": {
            "companies": [n for n, company in sorted(market.companies.items()) if on_company[n] < company.minimum],
            "postings": [each.posting for each in postings if each.is_below_minimum],
        },
        "caps": [_cap(cap, sum(on_company[each] for each in targets[cap["kind"], cap["name"]])) for cap in base["caps"]],
        "statistics": base["statistics"] | {"matched": len(at), "by_rank": _by_rank(market, at)},
        "record": base["record"] | {"waived": said},
    }  # fmt: skip
    value["record"]["result_sha256"] = hash_of_result(value)
    return value


def _postings(market: Market, done: Waived) -> list[PostingAnswer]:
    """How each posting came out. One that would rather have somebody who wants it has free places by the waiver alone."""
    explainer = Explainer(
        replace(market, students={}, fixed=dict(done.matching), vetoes=frozenset()), done.matching
    )
    wanted = {posting for _student, posting in done.blocking}
    found = (explainer.for_posting(each) for each in sorted(market.postings))
    is_waived = {True: Filling.WAIVED}
    return [
        replace(each, filling=is_waived.get(each.filling is Filling.NO_CANDIDATE_LEFT and each.posting in wanted, each.filling))
        for each in found
    ]  # fmt: skip


def _cap(cap: Mapping[str, Any], filled: int) -> dict[str, Any]:
    """What a limit cost is worked out for the match below; with room again it costs nothing."""
    free = {"binding": False, "placements_lost": 0, "students_worse": 0} if filled < cap["cap"] else {}
    return {**cap, "filled": filled, **free}


def _by_rank(market: Market, matching: Mapping[str, str]) -> dict[str, int]:
    ranks = Counter(
        market.students[student].index(posting) + 1
        for student, posting in matching.items()
        if student not in market.fixed and posting in market.students[student]
    )
    return {str(rank): number for rank, number in sorted(ranks.items())}


def _explanations(market: Market, base: Mapping[str, Any], waiver: Waiver, done: Waived) -> dict[str, Any]:
    found = {student: [dict(each) for each in answers] for student, answers in base["explanations"].items()}
    for student, posting in done.caused:
        for each in found[student]:
            if each["posting"] == posting:
                each["reason"] = Reason.WAIVED.value
    found[waiver.student] = _own(found[waiver.student], waiver.posting)
    return found


def _own(answers: list[dict[str, str]], posting: str | None) -> list[dict[str, str]]:
    """The student's own: what the match had given is given up by the waiver."""
    given_up = {Reason.MATCHED.value, Reason.PREFERRED_OTHER.value}
    is_past, found = False, []
    for each in answers:
        reason = each["reason"]
        if each["posting"] == posting:
            reason, is_past = Reason.MATCHED.value, True
        elif is_past:
            reason = Reason.PREFERRED_OTHER.value
        elif reason in given_up:
            reason = Reason.WAIVED.value
        found.append(each | {"reason": reason})
    return found
