"""What pages and files show of placements in sum, in the reader's words."""

from __future__ import annotations

from typing import Any

from portal.core.exports import Cell
from portal.core.i18n import _, in_words
from portal.domain.placements.figures import Figures, Group
from portal.domain.placements.hours import written
from portal.domain.placements.placement_flow import PlacementState
from portal.membership.choices import areas
from portal.placements.enums import CRITERION_LABELS, HOST_LABELS, PLACEMENT_LABELS
from portal.placements.evaluation_pages import tenths


def figure_context(found: Figures) -> dict[str, Any]:
    """The tables of the page: name, count, mean hours, mean mark."""
    named = dict(areas())
    criteria, hosts, states = in_words(CRITERION_LABELS), in_words(HOST_LABELS), in_words(PLACEMENT_LABELS)
    return {
        "count": found.count,
        "states": [(states[state], count) for state, count in found.states.items() if count],
        "companies": [_row(group, group.name) for group in found.companies],
        "areas": [_row(group, named.get(group.name, group.name)) for group in found.areas],
        "criteria": [(criteria[each], mean, tenths(mean)) for each, mean in found.criteria.items()],
        "host_criteria": [(hosts[each], mean, tenths(mean)) for each, mean in found.host_criteria.items()],
        "finding": _finding(found),
    }


def figure_table(found: Figures) -> tuple[list[str], list[list[Cell]]]:
    """Head and rows of the file."""
    shown = figure_context(found)
    head = [_("Figure"), _("Name"), _("Placements"), _("Mean hours"), _("Mean mark")]
    rows: list[list[Cell]] = [[_("State"), name, count, "", ""] for name, count in shown["states"]]
    for kind, groups in ((_("Company"), shown["companies"]), (_("Priority area"), shown["areas"])):
        rows += [[kind, name, count, hours, mark] for name, count, hours, mark in groups]
    for kind, means in (
        (_("Marks of interns"), shown["criteria"]),
        (_("Marks of companies"), shown["host_criteria"]),
    ):
        rows += [[kind, name, "", "", words] for name, _mean, words in means]
    return head, rows


def _row(group: Group, name: str) -> tuple[str, int, str, str]:
    hours = "—" if group.mean_minutes is None else written(group.mean_minutes)
    return name or _("Not given"), group.count, hours, tenths(group.mean_overall)


def _finding(found: Figures) -> str:
    evaluated = found.states[PlacementState.EVALUATED]
    return _("%(count)s placements, %(evaluated)s of them evaluated", count=found.count, evaluated=evaluated)
