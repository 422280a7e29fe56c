"""Figures and days as a Japanese and an English reader expect them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask

from portal.core.formats import day, file_size, fiscal_year, moment, yen
from portal.core.i18n import in_language


def test_yen_are_whole_with_commas() -> None:
    assert [yen(n) for n in (0, 1_100_000, -660, None)] == ["¥0", "¥1,100,000", "−¥660", "—"]


def test_days_in_both_languages(app: Flask) -> None:
    shown = {}
    for language in ("ja", "en"):
        with in_language(language):
            shown[language] = (day(date(2026, 4, 1)), fiscal_year(2026))
    assert shown == {"ja": ("2026年4月1日（水）", "2026年度"), "en": ("Wed 1 Apr 2026", "FY2026")}


def test_a_moment_is_shown_as_it_is_in_japan(app: Flask) -> None:
    late = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    assert (moment(late), day(late)) == ("2026年4月1日（水）00:30", "2026年4月1日（水）")


def test_sizes() -> None:
    assert [file_size(n) for n in (10, 12_345, 3_400_000)] == ["1 KB", "12 KB", "3.4 MB"]
