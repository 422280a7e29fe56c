"""Document data: amounts and dates as written, sums that must agree, who is addressed how."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.domain.documents import BankAccount, Language, PartySnapshot, Period, day, span, yen
from tests.golden import papers

JAPANESE, ENGLISH = Language.JAPANESE, Language.ENGLISH


@pytest.mark.parametrize(
    ("amount", "written"), [(0, "¥0"), (999, "¥999"), (1_100_000, "¥1,100,000"), (-1_500, "-¥1,500")]
)
def test_yen(amount: int, written: str) -> None:
    assert yen(amount) == written


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_yen_takes_whole_numbers_alone(amount: Any) -> None:
    with pytest.raises(TypeError):
        yen(amount)


@pytest.mark.parametrize(
    ("language", "single", "year"),
    [
        (JAPANESE, "2026年4月1日", "2026年4月1日〜2027年3月31日"),
        (ENGLISH, "1 April 2026", "1 April 2026 – 31 March 2027"),
    ],
)
def test_days(language: Language, single: str, year: str) -> None:
    first, last = date(2026, 4, 1), date(2027, 3, 31)
    assert (day(first, language), span(first, first, language), span(first, last, language)) == (
        single,
        single,
        year,
    )


@pytest.mark.parametrize(
    ("organisation", "person", "honorific"),
    [(True, "", "御中"), (True, "髙橋 一郎", "様"), (False, "", "様"), (False, "髙橋 一郎", "様")],
)
def test_honorific(organisation: bool, person: str, honorific: str) -> None:
    party = PartySnapshot(name="架空", is_organisation=organisation, person=person)
    assert party.honorific == honorific
    assert party.as_data(JAPANESE)["honorific"] == honorific
    assert party.as_data(ENGLISH)["honorific"] == ""


def test_invoice_data_is_plain_and_complete() -> None:
    data = papers.invoice().as_data()
    assert json.loads(json.dumps(data)) == data
    assert data["totals"] == {"net": "¥2,000,000", "tax": "¥200,000", "gross": "¥2,200,000"}
    assert data["tax_rows"] == [
        {
            "category": "standard_10",
            "percent": 10,
            "net": "¥2,000,000",
            "tax": "¥200,000",
            "gross": "¥2,200,000",
        }
    ]
    assert (data["issued_on"], data["due_on"]) == ("2026年4月10日", "2026年5月31日")
    assert data["issuer"]["address"] == ["見本県見本市中央1丁目2番3号", "見本大学 連携棟5階"]


@pytest.mark.parametrize(
    "amounts", [(1, 200_000, 200_001), (2_000_000, 1, 2_200_000), (2_000_000, 200_000, 1)]
)
def test_totals_that_disagree_are_refused(amounts: tuple[int, int, int]) -> None:
    document = papers.invoice()
    net, tax, gross = amounts
    wrong = replace(document.tax_rows[0], net_yen=net, tax_yen=tax, gross_yen=gross)
    with pytest.raises(ValueError):
        replace(document, tax_rows=(wrong,))


def test_a_rate_stands_once_among_the_totals() -> None:
    document = papers.invoice()
    with pytest.raises(ValueError, match="twice"):
        replace(document, tax_rows=document.tax_rows * 2)


@pytest.mark.parametrize("amount", [0, -1, 2_200_001])
def test_receipt_is_for_more_than_nothing_and_at_most_the_total(amount: int) -> None:
    with pytest.raises(ValueError):
        replace(papers.receipt(), received_yen=amount)


def test_parts_refuse_nonsense() -> None:
    with pytest.raises(ValueError):
        PartySnapshot(name=" ")
    with pytest.raises(ValueError):
        Period(date(2026, 4, 2), date(2026, 4, 1))
    with pytest.raises(ValueError):
        BankAccount(bank="架空銀行", branch="見本支店", number="1", holder="ミホン", kind="fixed")
