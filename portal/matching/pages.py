"""What the office's pages show of a run, in the reader's words: counts and names, never a rank of anybody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.i18n import _, _l, current_language
from portal.domain.matching import CapKind, Stage
from portal.domain.matching.comparing import Turn
from portal.domain.matching.small_cells import hidden_moves
from portal.matching.models import MatchAttempt, MatchStudy, MatchWaiver
from portal.matching.queries.attempts import names_in_market

# Beside a name, better or worse would tell which posting somebody likes more.
ELSEWHERE = _l("Comes to another posting")
TURNS = {
    Turn.BETTER: ELSEWHERE,
    Turn.WORSE: ELSEWHERE,
    Turn.ELSEWHERE: ELSEWHERE,
    Turn.PLACED: _l("Is placed now"),
    Turn.UNPLACED: _l("Is no longer placed"),
}
STEPS = {
    Stage.MATCHING: _l("Matching"),
    Stage.CHECKING: _l("Checking by the second implementation"),
    Stage.COMPARING_CAPS: _l("Working out what limits cost"),
    Stage.EXPLAINING: _l("Writing explanations"),
}
CAPS = {CapKind.REGION: _l("Region"), CapKind.HUB: _l("Hub"), CapKind.BUDGET: _l("Budget")}
BINDING = {"posting": _l("Posting is full"), "company": _l("Company is full"), "cap": _l("Limit is reached")}
BANDS = {
    0: _l("none"), 25: _l("up to 25 %"), 50: _l("25 to 50 %"), 75: _l("50 to 100 %"), 100: _l("certain"),
}  # fmt: skip


Binding = tuple[Any, str, bool, bool]


def rank_rows(figures: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    """How many obtained the first posting of their list, the second and so on, None where that is not told; empty where none is."""
    rows = [(rank_word(rank), number) for rank, number in figures.get("by_rank", ())]
    return rows if any(number is not None for _word, number in rows) else []


def rank_word(rank: int) -> str:
    """`Choice 1`."""
    return _("Choice %(rank)s", rank=rank)


def binding_beside(attempt: MatchAttempt) -> list[Binding] | None:
    """What turned somebody away, before and after: kind, name, and both; None for a run without a base. Two statements."""
    said = attempt.comparison
    if said is None:
        return None
    before, after = said["binding_before"] or [], said["binding_after"] or []
    ids = {name for kind, name in before + after if kind != "cap"}
    return _binding(before, after, names_in_market(ids, current_language()))


def moved_names(moved: Sequence[Sequence[Any]]) -> list[tuple[Any, list[str]]]:
    """Who moves, by what becomes of them; for whoever has given a reason."""
    names = names_in_market({each[0] for each in moved}, current_language())
    found: dict[str, list[str]] = {str(words): [] for words in TURNS.values()}
    for student, turn, *_places in moved:
        found[str(TURNS[Turn(turn)])].append(names.get(student, "—"))
    return [(words, sorted(who)) for words, who in found.items() if who]


def placed_names(placed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Students and where they are placed, by posting and name; empty words for who has no place. For whoever has given a reason."""
    names = names_in_market({*placed, *filter(None, placed.values())}, current_language())
    rows = [
        (names.get(posting, "") if posting else "", names.get(student, "—"))
        for student, posting in placed.items()
    ]
    return [(student, posting) for posting, student in sorted(rows, key=lambda row: (not row[0], *row))]


def _binding(before: list[list[str]], after: list[list[str]], names: Mapping[str, str]) -> list[Binding]:
    return [
        (BINDING[kind], names.get(name, name), [kind, name] in before, [kind, name] in after)
        for kind, name in sorted({(kind, name) for kind, name in before + after})
    ]


def below_minimum(attempt: MatchAttempt) -> list[tuple[str, int, int]]:
    """Postings that get fewer students than they need: name, how many they get, how many they need."""
    if not attempt.result or not attempt.market:
        return []
    result, market = json.loads(attempt.result), json.loads(attempt.market)
    short = result.get("below_minimum", {}).get("postings", [])
    names, seats = names_in_market(short, current_language()), market["postings"]
    return [
        (names.get(each, "—"), result["postings"][each]["filled"], seats[each]["minimum"]) for each in short
    ]


def advised_names(study: MatchStudy | None) -> dict[str, str]:
    """Names of the companies whom the adviser would ask."""
    asked = study.figures.get("single", ()) if study is not None else ()
    return names_in_market({each["company"] for each in asked}, current_language()) if asked else {}


def waived_names(waivers: Sequence[MatchWaiver]) -> dict[str, str]:
    """Names of everybody and everything that waivers speak of."""
    ids = {f"s{each.student_id}" for each in waivers} | {
        f"p{each.posting_id}" for each in waivers if each.posting_id
    }
    ids |= {name for each in waivers for pair in each.blocking for name in pair}
    return names_in_market(ids, current_language()) if ids else {}


def moves_words(figures: Mapping[str, Any]) -> list[int | None]:
    """How many come to another posting, to something better, something worse, are placed, are no longer placed; None where few."""
    moves = hidden_moves(figures.get("moves") or {})
    return [moves.get(name) for name in ("elsewhere", "better", "worse", "placed", "unplaced")]


def told_ranks(
    figures: Mapping[str, Any], *, is_chosen: bool, is_any_chosen: bool
) -> list[tuple[str, int | None]]:
    """The rank distribution of a run, empty where it would tell of few beside that of another run: of one that is so near to an
    earlier one, and once a run is chosen of every other."""
    if figures.get("is_near") or (is_any_chosen and not is_chosen):
        return []
    return rank_rows(figures)
