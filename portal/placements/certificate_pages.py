"""What pages show of evaluation sheets and certificates, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.core.formats import day
from portal.core.i18n import _, current_language, in_words
from portal.core.links import url_for
from portal.domain.numbering import DocumentKind
from portal.domain.placements.criteria import Criterion
from portal.placements.documents import hours_words, named_in
from portal.placements.enums import CRITERION_LABELS, KIND_LABELS, MARK_LABELS
from portal.placements.models import PlacementCertificate
from portal.placements.queries.certificates import Paper


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper on a page: its words, files by language, and why it no longer holds."""

    id: int
    number: str
    kind: str
    issued_on: str
    code: str
    holds: bool
    reason: str
    files: list[tuple[str, str]]


def shown_papers(papers: list[Paper], room: str) -> list[ShownPaper]:
    """The newest first. Others than the office open what holds alone."""
    return [_shown(paper, room) for paper in papers]


def _shown(paper: Paper, room: str) -> ShownPaper:
    row, opens = paper.row, paper.holds or room.endswith("_staff")
    address = f"{room}.show_certificate"
    files = [
        (language, url_for(address, certificate_id=row.id, language=language))
        for language in ("ja", "en")
        if opens
    ]
    return ShownPaper(
        id=row.id, number=row.number, kind=in_words(KIND_LABELS)[row.kind], issued_on=day(row.issued_on), code=row.check_code,
        holds=paper.holds, reason=paper.void.reason if paper.void else "", files=files,
    )  # fmt: skip


def verified(paper: Paper) -> dict[str, Any]:
    """What somebody with number and check code learns: whether it holds, and what holds says, to be compared."""
    row = paper.row
    return {
        "number": row.number, "kind": in_words(KIND_LABELS)[row.kind], "issued_on": day(row.issued_on), "holds": paper.holds,
        "voided_on": day(paper.void.voided_at) if paper.void else "", "facts": _printed_facts(row) if paper.holds else [],
        "marks": _printed_marks(row) if paper.holds else [],
    }  # fmt: skip


def _printed_facts(row: PlacementCertificate) -> list[tuple[str, str]]:
    """What stands on the paper, in its order: whoever changed a word of it is found out."""
    facts, language = row.facts, current_language()
    first, last, talked = (
        day(date.fromisoformat(facts[name])) for name in ("starts_on", "last_on", "interviewed_on")
    )
    is_sheet = row.kind is DocumentKind.EVALUATION_SHEET
    said = [
        (_("Name"), named_in(facts, "holder", language)),
        (_("University"), facts[f"university_{language}"]),
        (_("Company"), facts[f"company_{language}"]),
        (_("Posting"), facts[f"posting_{language}"]),
        (_("Period"), _("%(start)s to %(end)s", start=first, end=last)),
        (_("Hours of work"), hours_words(facts["minutes"])),
        (_("Who evaluates"), named_in(facts, "interviewer", language)),
        (_("Day of the talk with the intern"), talked),
        (_("All in all"), in_words(MARK_LABELS)[facts["overall"]]),
        (_("Evaluation sheet"), facts["sheet"]),
        (_("In words"), facts["words"] if is_sheet else ""),
    ]
    return [(label, value) for label, value in said if value]


def _printed_marks(row: PlacementCertificate) -> list[tuple[str, str, str]]:
    """Criterion, mark and remark, of a sheet."""
    if row.kind is not DocumentKind.EVALUATION_SHEET:
        return []
    labels, marks, facts = in_words(CRITERION_LABELS), in_words(MARK_LABELS), row.facts
    return [
        (labels[each], marks[facts["marks"][each]], facts["remarks"].get(each, ""))
        for each in Criterion
        if each in facts["marks"]
    ]
