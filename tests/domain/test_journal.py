"""Entries of the books as rows of an accounting program: golden files, layouts as typed, letters that the file lacks."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import journal
from portal.domain.journal import (
    PRESETS,
    AccountCode,
    BadLayout,
    DayFormat,
    Entry,
    Field,
    Layout,
    LayoutProblem,
    Leg,
    Letters,
    Preset,
    Shape,
    StrangeLetters,
    Strangers,
    columns_from_text,
    columns_to_text,
    encode,
    preset_layout,
    rows_of,
    strangers_in,
    unmapped,
)
from portal.domain.journal.rows import written_day
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory

FOLDER = Path(__file__).parent.parent / "golden" / "journal"
TEN = TaxCategory.STANDARD_10
COMMON: dict[str, Any] = {"event": "請求書発行", "partner": "架空製薬株式会社", "document": "INV-2026-000123"}
ENTRIES = (
    Entry(
        id=7, booked_on=date(2026, 4, 10), memo="INV-2026-000123 会費", **COMMON,
        legs=(
            Leg(Account.RECEIVABLE, Account.FEE_REVENUE, 2_000_000, TEN),
            Leg(Account.RECEIVABLE, Account.TAX_PAYABLE, 200_000, TEN),
        ),
    ),
    Entry(
        id=9, booked_on=date(2026, 5, 29), memo='振込 "架空, 製薬"', **COMMON | {"event": "入金"},
        legs=(Leg(Account.BANK, Account.RECEIVABLE, 2_200_000),),
    ),
    Entry(
        id=12, booked_on=date(2026, 6, 1), memo="通常会費", **COMMON,
        legs=(Leg(Account.RECEIVABLE, Account.FEE_REVENUE, 10_000, TaxCategory.OUT_OF_SCOPE),),
    ),
)  # fmt: skip


def file_of(layout: Layout) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if layout.has_head:
        writer.writerow([column.title for column in layout.columns])
    writer.writerows(rows_of(ENTRIES, layout))
    return encode(out.getvalue(), layout.letters, layout.strangers)


@pytest.mark.parametrize("preset", Preset)
def test_every_byte_of_a_preset_is_as_agreed(preset: Preset) -> None:
    """RENEW_GOLDEN=1 writes the files anew after a wanted change."""
    golden = FOLDER / f"{preset.value}.csv"
    if os.environ.get("RENEW_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(file_of(preset_layout(preset)))
    assert file_of(preset_layout(preset)) == golden.read_bytes()


@pytest.mark.parametrize("preset", Preset)
def test_a_layout_is_the_same_after_it_was_kept(preset: Preset) -> None:
    layout = preset_layout(preset)
    assert Layout.from_data(layout.as_data()) == layout
    assert columns_from_text(columns_to_text(layout.columns, {}), layout.shape, {}) == layout.columns


def sums(layout: Layout) -> tuple[int, int]:
    titles = [column.field for column in layout.columns]
    rows = list(rows_of(ENTRIES, layout))
    places = (titles.index(Field.DEBIT_AMOUNT), titles.index(Field.CREDIT_AMOUNT))
    debit, credit = (sum(int(row[place] or 0) for row in rows) for place in places)
    return debit, credit


@pytest.mark.parametrize("preset", Preset)
def test_debit_is_credit_in_every_preset(preset: Preset) -> None:
    assert sums(preset_layout(preset)) == (4_410_000, 4_410_000)


_ACCOUNTS = st.sampled_from(Account)
_LEGS = st.builds(Leg, _ACCOUNTS, _ACCOUNTS, st.integers(1, 10**12), st.none() | st.sampled_from(TaxCategory))


@given(legs=st.lists(_LEGS, min_size=1, max_size=5), shape=st.sampled_from(Shape))
def test_debit_is_credit_whatever_moves(legs: list[Leg], shape: Shape) -> None:
    preset = Preset.SIDE_BY_SIDE if shape is Shape.PAIR else Preset.ONE_SIDE
    layout = preset_layout(preset)
    entry = replace(ENTRIES[0], legs=tuple(legs))
    rows = list(rows_of([entry], layout))
    titles = [column.field for column in layout.columns]
    of = {
        f: sum(int(row[titles.index(f)] or 0) for row in rows)
        for f in (Field.DEBIT_AMOUNT, Field.CREDIT_AMOUNT)
    }
    assert of[Field.DEBIT_AMOUNT] == of[Field.CREDIT_AMOUNT] == sum(leg.amount_yen for leg in legs)
    assert len(rows) == len(legs) * (1 if shape is Shape.PAIR else 2)


def test_accounts_without_code_and_name_are_named_in_the_order_of_the_chart() -> None:
    layout = replace(
        preset_layout(Preset.CODED),
        accounts={Account.BANK: AccountCode(name="預金"), Account.RECEIVABLE: AccountCode(tax="x")},
    )
    assert unmapped(ENTRIES, layout) == (Account.RECEIVABLE, Account.FEE_REVENUE, Account.TAX_PAYABLE)
    assert unmapped(ENTRIES, preset_layout(Preset.CODED)) == ()
    assert unmapped([], replace(layout, accounts={})) == ()


@pytest.mark.parametrize(
    ("how", "text"),
    [
        (DayFormat.SLASHES, "2026/05/01"), (DayFormat.HYPHENS, "2026-05-01"),
        (DayFormat.DIGITS, "20260501"), (DayFormat.ERA, "R8.05.01"),
    ],
)  # fmt: skip
def test_days_are_written_as_asked(how: DayFormat, text: str) -> None:
    assert written_day(date(2026, 5, 1), how) == text


def test_days_of_the_era_before() -> None:
    assert written_day(date(2019, 4, 30), DayFormat.ERA) == "H31.04.30"
    assert written_day(date(2019, 5, 1), DayFormat.ERA) == "R1.05.01"


WORDS = {"取引日": Field.DAY, "借方金額": Field.DEBIT_AMOUNT, "貸方金額": Field.CREDIT_AMOUNT}
PAIR = (
    '日付 = 取引日\n借 = debit_code\n貸 ＝ Credit_Code\n\n借方 = 借方金額\n貸方 = 貸方 金額\n印 = "1"\n空 =\n'
)


def test_columns_are_read_as_typed() -> None:
    columns = columns_from_text(PAIR, Shape.PAIR, WORDS)
    assert [(c.title, c.field, c.fixed) for c in columns] == [
        ("日付", Field.DAY, ""), ("借", Field.DEBIT_CODE, ""), ("貸", Field.CREDIT_CODE, ""),
        ("借方", Field.DEBIT_AMOUNT, ""), ("貸方", Field.CREDIT_AMOUNT, ""), ("印", None, "1"), ("空", None, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem", "line", "word"),
    [
        ("", LayoutProblem.EMPTY, 0, ""),
        ("日付", LayoutProblem.NO_SIGN, 1, "日付"),
        ("\n = day", LayoutProblem.NO_TITLE, 2, ""),
        (f"{'x' * 61} = day", LayoutProblem.NO_TITLE, 1, "x" * 60),
        ("a = day\nb = colour", LayoutProblem.UNKNOWN_FIELD, 2, "colour"),
        ("a = account_code", LayoutProblem.OTHER_SHAPE, 1, "account_code"),
        ("a = debit_amount\nb = credit_amount", LayoutProblem.NO_DAY, 0, ""),
        ("a = day\nb = debit_amount", LayoutProblem.NO_AMOUNT, 0, ""),
        ("a = day\nb = debit_amount\nc = credit_amount\nd = debit_code", LayoutProblem.NO_ACCOUNT, 0, ""),
        ("a = day\n" * 61, LayoutProblem.TOO_MANY, 0, ""),
    ],
)
def test_columns_that_make_no_journal_say_where(
    text: str, problem: LayoutProblem, line: int, word: str
) -> None:
    with pytest.raises(BadLayout) as bad:
        columns_from_text(text, Shape.PAIR, {})
    assert (bad.value.problem, bad.value.line, bad.value.word) == (problem, line, word)


def test_letters_of_the_same_look_are_kept_and_others_named() -> None:
    assert encode("〜−—髙﨑①㈱", Letters.CP932, Strangers.REFUSE).decode("cp932") == "～－―髙﨑①㈱"
    with pytest.raises(StrangeLetters) as strange:
        encode("𠮷野 é 😀 한", Letters.CP932, Strangers.REFUSE)
    assert list(strange.value.found) == ["𠮷", "é", "😀", "한"]
    assert encode("𠮷野é", Letters.CP932, Strangers.REPLACE).decode("cp932") == "〓野〓"
    assert encode("𠮷野é", Letters.UTF_8, Strangers.REFUSE) == b"\xef\xbb\xbf" + "𠮷野é".encode()


def test_strange_letters_come_with_their_first_place() -> None:
    found = strangers_in([("1", "abc"), ("2", "é𠮷"), ("3", "𠮷ü")], Letters.CP932)
    assert found == {"é": "2", "𠮷": "2", "ü": "3"}
    assert strangers_in([("1", "é𠮷")], Letters.UTF_8) == {}


@given(text=st.text())
def test_no_letter_is_ever_lost_in_silence(text: str) -> None:
    if any("\ud800" <= c <= "\udfff" for c in text):
        return
    try:
        back = encode(text, Letters.CP932, Strangers.REFUSE).decode("cp932")
    except StrangeLetters as strange:
        assert all(c in journal.letters.fitted(text, Letters.CP932) for c in strange.found)
        replaced = encode(text, Letters.CP932, Strangers.REPLACE).decode("cp932")
        assert len(replaced) == len(text)
        assert "〓" in replaced
        return
    assert back == journal.letters.fitted(text, Letters.CP932)


def test_the_company_stands_in_the_sub_account() -> None:
    layout = preset_layout(Preset.SIDE_BY_SIDE)
    row = next(rows_of(ENTRIES, layout))
    assert row[2:6] == ["未収金", "架空製薬株式会社", "", "対象外"]
    assert row[7:11] == ["会費収入", "", "", "課税売上10%"]


def test_there_is_a_layout_for_each_preset() -> None:
    assert set(PRESETS) == set(Preset)


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_maps_every_account(preset: Preset) -> None:
    assert set(preset_layout(preset).accounts) == set(Account)
