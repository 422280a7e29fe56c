"""What pages show of evaluations, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.core.formats import day
from portal.core.i18n import _, in_words
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.domain.placements.placement_flow import Side
from portal.domain.romanisation import beside
from portal.placements.enums import CRITERION_LABELS, HOST_LABELS, MARK_LABELS, SIDE_LABELS
from portal.placements.models import PlacementEvaluation
from portal.placements.queries.evaluations import HostSums

LABELS: dict[Side, Any] = {Side.COMPANY: CRITERION_LABELS, Side.STUDENT: HOST_LABELS}
ORDER: dict[Side, tuple[Any, ...]] = {Side.COMPANY: tuple(Criterion), Side.STUDENT: tuple(HostCriterion)}


@dataclass(frozen=True, slots=True)
class Shown:
    """An evaluation as a page shows it: criterion, mark, remark; facts as label and value."""

    title: str
    rows: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]
    words: str


def evaluation_rows(author: Side, row: PlacementEvaluation) -> Shown:
    """One side's evaluation."""
    labels, marks = in_words(LABELS[author]), in_words(MARK_LABELS)
    facts = [(_("All in all"), marks[row.overall] if row.overall else ""), (_("Sent on"), day(row.sent_at))]
    if author is Side.COMPANY:
        facts += [
            (_("Who evaluates"), beside(row.interviewer_en, row.interviewer)),
            (_("Day of the talk with the intern"), day(row.interviewed_on)),
        ]
    elif row.is_open_to_host:
        facts.append((_("Read by the company"), _("yes, the student agreed")))
    return Shown(
        title=_("Evaluation by: %(side)s", side=SIDE_LABELS[author]),
        rows=[
            (labels[each], marks[row.marks[each]], row.remarks.get(each, ""))
            for each in ORDER[author]
            if each in row.marks
        ],
        facts=facts,
        words=row.words,
    )


def sums_rows(sums: HostSums) -> list[tuple[str, str]]:
    """Criterion and mean; a dash where nobody could tell."""
    labels = in_words(HOST_LABELS)
    return [(labels[each], tenths(mean)) for each, mean in sums.means.items()]


def tenths(mean: int | None) -> str:
    """`4.3`; a dash for nothing."""
    return "—" if mean is None else f"{mean // 10}.{mean % 10}"
