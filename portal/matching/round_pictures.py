"""Pictures of a round in the reader's words, each with its table; counts below five are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import _, current_language, in_words
from portal.domain.matching.small_cells import hidden_cells, hidden_table
from portal.internships.models import InternshipRound
from portal.matching.pages import BANDS, told_ranks
from portal.matching.queries.pictures import (
    Fill,
    Flow,
    chances_of,
    chosen_attempt,
    fill_by_area,
    fill_by_company,
    flow_in,
)
from portal.membership.choices import areas

Row = tuple[str, int, int | None]
Link = tuple[str, str]


def pictures_of(season: InternshipRound, *, for_office: bool) -> dict[str, Any]:
    """What the page of a round's pictures shows; empty where no result is chosen."""
    attempt = chosen_attempt(season.id)
    if attempt is None or not attempt.figures:
        return {"season": season, "figures": None}
    study, told = chances_of(attempt), attempt.figures
    placed = told["matched"] if for_office else _told_placed(told)
    return {
        "season": season, "figures": told, "placed": placed, "ranks": told_ranks(told, is_chosen=True, is_any_chosen=True), "bands": in_words(BANDS),
        "chances": study.figures if study else None, "by_area": area_rows(fill_by_area(season.id), for_office=for_office),
        "by_company": fill_by_company(season.id, current_language()) if for_office else None,
        "flow": flow_rows(flow_in(season.id), for_office=for_office),
    }  # fmt: skip


def _told_placed(figures: Mapping[str, Any]) -> int | None:
    """How many are placed, None where few are or are not: the office alone counts these."""
    cells = hidden_cells({"placed": figures["matched"], "left": figures["unmatched"]})
    return cells["placed"]


def area_rows(found: Mapping[str, Fill], *, for_office: bool) -> list[Row]:
    """Area, places, and filled ones: None where fewer than five, or where these could be worked out. The office, which knows by
    name who is placed where, counts them all."""
    named, counts = dict(areas()), {code: fill.filled for code, fill in found.items()}
    filled = counts if for_office else hidden_cells(counts)
    return [(named.get(code, code or "—"), fill.places, filled[code]) for code, fill in found.items()]


def flow_rows(flow: Flow, *, for_office: bool) -> list[tuple[str, str, int | None]]:
    """From, to, and how many applications. Sums of both steps are known: the second is shown whole or not at all."""
    applied, met, none = _("All applications to postings"), _("With an interview"), _("Without an interview")
    placed, not_placed = _("Placed in this posting"), _("Not placed in this posting")
    without = flow.interests - flow.met
    first = {(applied, met): flow.met, (applied, none): without}
    second = {
        (met, placed): flow.met_placed,
        (met, not_placed): flow.met - flow.met_placed,
        (none, placed): flow.others_placed,
        (none, not_placed): without - flow.others_placed,
    }
    shown = first | second if for_office else _told_flow(first, second)
    return [(start, end, count) for (start, end), count in shown.items()]


def _told_flow(first: Mapping[Link, int], second: Mapping[Link, int]) -> dict[Link, int | None]:
    told = hidden_cells(first)
    if None in told.values():
        return told | dict.fromkeys(second)
    empty = {
        end for (_start, end), count in first.items() if not count
    }  # nothing flows out of it, as everybody sees
    return told | {link: 0 if link[0] in empty else count for link, count in hidden_table(second).items()}
