"""What pages show of evaluation sheets and certificates, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.core.formats import day
from portal.core.i18n import current_language, in_words
from portal.core.links import url_for
from portal.placements.enums import KIND_LABELS
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


def verified(paper: Paper, *, with_name: bool) -> dict[str, Any]:
    """What a third party learns: whether it holds; with the check code also of whom and of which stay it speaks."""
    row, facts, language = paper.row, paper.row.facts, current_language()
    found: dict[str, Any] = {
        "number": row.number, "kind": in_words(KIND_LABELS)[row.kind], "issued_on": day(row.issued_on), "holds": paper.holds,
        "voided_on": day(paper.void.voided_at) if paper.void else "",
    }  # fmt: skip
    if with_name:
        found |= {"holder": facts["holder"], "company": facts[f"company_{language}"], "from": facts["starts_on"],
                  "until": facts["last_on"]}  # fmt: skip
    return found
