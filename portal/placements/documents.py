"""The evaluation sheet and the certificate on paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from portal.billing.documents.keeping import printed
from portal.core.context import current_settings
from portal.core.i18n import _, in_language
from portal.core.links import absolute_url
from portal.domain.documents.wording import Language, span
from portal.domain.documents.wording import day as day_words
from portal.domain.numbering import DocumentKind
from portal.domain.placements.criteria import NOT_SEEN, Criterion
from portal.domain.romanisation import beside
from portal.placements.enums import CRITERION_HINTS, CRITERION_LABELS, MARK_LABELS

TEMPLATES = {
    DocumentKind.EVALUATION_SHEET: "placements/sheet.typ",
    DocumentKind.CERTIFICATE: "placements/certificate.typ",
}


def certificate_pdf(kind: DocumentKind, facts: Mapping[str, Any], language: str, *, at: datetime) -> bytes:
    """The paper in one language; `facts` as `PlacementCertificate.facts` keeps them. Raises Refused for what no font shows."""
    with in_language(language):
        data = _data(facts, language)
    return printed(TEMPLATES[kind], data, timestamp=at.replace(microsecond=0))


def file_name(kind: DocumentKind, number: str, language: str) -> str:
    """What the file is called on the reader's disk."""
    with in_language(language):
        word = (
            _("evaluation sheet") if kind is DocumentKind.EVALUATION_SHEET else _("certificate of evaluation")
        )
    return f"{word}_{number}.pdf"


def _data(facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    marks, replaced, spoken = facts["marks"], facts["replaces"], Language(language)
    first, last = (date.fromisoformat(facts[name]) for name in ("starts_on", "last_on"))
    return {
        "language": language,
        "number": facts["number"],
        "issued_on": _day(facts["issued_on"], spoken),
        "issuer": {
            "name": current_settings().consortium_name(language),
            "office": _("Career-support office"),
        },
        "holder": named_in(facts, "holder", language),
        "university": facts[f"university_{language}"],
        "company": facts[f"company_{language}"],
        "posting": facts[f"posting_{language}"],
        "period": span(first, last, spoken),
        "hours": hours_words(facts["minutes"]),
        "interviewed_on": _day(facts["interviewed_on"], spoken),
        "interviewer": named_in(facts, "interviewer", language),
        "rows": [_row(each, marks, facts["remarks"]) for each in Criterion if each in marks],
        "overall": str(MARK_LABELS[facts["overall"]]),
        "words": facts["words"],
        "sheet": facts["sheet"],
        "code": facts["code"],
        "url": absolute_url("placements.verify_paper"),
        "replaces": {"number": replaced["number"], "issued_on": _day(replaced["issued_on"], spoken)}
        if replaced
        else None,
    }


def named_in(facts: Mapping[str, Any], who: str, language: str) -> str:
    """A person for readers of a language: in English in Latin letters, with the name as written beside. Old papers have none."""
    return beside(facts.get(f"{who}_en", ""), facts[who]) if language == "en" else facts[who]


def _row(each: Criterion, marks: Mapping[str, int], remarks: Mapping[str, str]) -> dict[str, str]:
    mark = marks[each]
    return {
        "label": str(CRITERION_LABELS[each]),
        "hint": str(CRITERION_HINTS[each]),
        "mark": "–" if mark == NOT_SEEN else str(mark),
        "remark": remarks.get(each, ""),
    }


def _day(written_day: str, language: Language) -> str:
    return day_words(date.fromisoformat(written_day), language)


def hours_words(minutes: int) -> str:
    """`412 hours 30 minutes`; nothing for none."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return _("%(hours)s hours", hours=hours) if hours else ""
    return _("%(hours)s hours %(minutes)s minutes", hours=hours, minutes=rest)
