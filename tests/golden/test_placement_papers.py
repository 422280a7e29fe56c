"""Evaluation sheet and certificate: every word that stands on them, in both languages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.domain.numbering import DocumentKind
from portal.domain.placements.criteria import Criterion
from portal.placements.documents import certificate_pdf
from tests.support.pdf_text import plain_text_of

STAMP = datetime(2026, 12, 10, 1, 2, 3, tzinfo=UTC)
FOLDER = Path(__file__).parent / "placements"
SAID: dict[str, Any] = {
    "holder": "見本 学", "holder_en": "Manabu Mihon",
    "university_ja": "架空大学", "university_en": "Kakuu University",
    "company_ja": "架空製薬株式会社", "company_en": "Kakuu Pharma Inc.",
    "posting_ja": "臨床試験データの解析", "posting_en": "Analysis of clinical trial data",
    "starts_on": "2026-09-01", "last_on": "2026-11-30", "minutes": 24750,
    "interviewed_on": "2026-11-30", "interviewer": "研究開発部 部長 架空 花子", "interviewer_en": "Hanako Kakuu, Head of R&D",
    "marks": {each.value: (0, 5, 4)[place % 3] for place, each in enumerate(Criterion)},
    "remarks": {"analysis": "前処理の記録が行き届いていました。"},
    "overall": 4, "words": "課題の背景を自ら調べました。\n\n次の職場でも通用すると考えます。",
    "code": "ABCD-EFGH-JKLM", "issued_on": "2026-12-10",
}  # fmt: skip
PAPERS: dict[str, tuple[DocumentKind, Mapping[str, Any]]] = {
    "sheet": (
        DocumentKind.EVALUATION_SHEET,
        {"number": "EVS-2026-000002", "sheet": "", "replaces": {"number": "EVS-2026-000001", "issued_on": "2026-12-08"}},
    ),
    "certificate": (
        DocumentKind.CERTIFICATE,
        {"number": "EVC-2026-000002", "sheet": "EVS-2026-000002", "replaces": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", list(PAPERS))
def test_every_word_is_as_agreed(app: Flask, name: str, language: str) -> None:
    """Set RENEW_GOLDEN=1 to write the files anew after a wanted change, and read the difference."""
    kind, more = PAPERS[name]
    text = plain_text_of(certificate_pdf(kind, SAID | dict(more), language, at=STAMP)) + "\n"
    golden = FOLDER / f"{name}_{language}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert certificate_pdf(kind, SAID | dict(more), language, at=STAMP) == certificate_pdf(
        kind, SAID | dict(more), language, at=STAMP
    )
