"""Pictures of a round in the reader's words, each with its table; counts below five are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import _, current_language, in_words
from portal.domain.matching.small_cells import hidden_cells
from portal.internships.models import InternshipRound
from portal.matching.pages import BANDS, rank_rows
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


def pictures_of(season: InternshipRound, *, for_office: bool) -> dict[str, Any]:
    """What the page of a round's pictures shows; empty where no result is chosen."""
    attempt = chosen_attempt(season.id)
    if attempt is None:
        return {"season": season, "figures": None}
    study = chances_of(attempt)
    return {
        "season": season, "figures": attempt.figures, "ranks": rank_rows(attempt.figures), "bands": in_words(BANDS),
        "chances": study.figures if study else None, "by_area": area_rows(fill_by_area(season.id)),
        "by_company": fill_by_company(season.id, current_language()) if for_office else None,
        "flow": flow_rows(flow_in(season.id)),
    }  # fmt: skip


def area_rows(found: Mapping[str, Fill]) -> list[Row]:
    """Area, places, and filled ones: None where fewer than five, or where these could be worked out."""
    named, filled = dict(areas()), hidden_cells({code: fill.filled for code, fill in found.items()})
    return [(named.get(code, code or "—"), fill.places, filled[code]) for code, fill in found.items()]


def flow_rows(flow: Flow) -> list[tuple[str, str, int | None]]:
    """From, to, and how many applications; each step is hidden by itself."""
    applied, met, none = _("All applications to postings"), _("With an interview"), _("Without an interview")
    placed, not_placed = _("Placed in this posting"), _("Not placed in this posting")
    without = flow.interests - flow.met
    links = {
        (applied, met): flow.met,
        (applied, none): without,
        (met, placed): flow.met_placed,
        (met, not_placed): flow.met - flow.met_placed,
        (none, placed): flow.others_placed,
        (none, not_placed): without - flow.others_placed,
    }
    shown: dict[tuple[str, str], int | None] = {}
    for start in (applied, met, none):
        shown |= hidden_cells({link: count for link, count in links.items() if link[0] == start})
    return [(start, end, count) for (start, end), count in shown.items()]
