"""A number of ours is read however it is spelt; what is no number of an invoice is none.

Mutants that must fail here: letters looked for in one case or width alone; only hyphens between the parts;
digits alone always ours, or never.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.payer_names import payer_key
from portal.domain.reconciliation import Claim, Deposit, Grade, OpenClaims, Payer, Reason, Rules, match_one
from portal.domain.reconciliation.numbers import invoices_named

SPELT = [
    "INV-2026-000001",
    "inv-2026-000001",
    "Inv 2026-000001",
    "ｉｎｖ-2026-000001",
    "ＩＮＶ－２０２６－０００００１",
    "INV−2026−000001",  # the minus that banks' letters make of a wide hyphen
    "INV–2026—000001",
    "INVｰ2026ー000001",
    "INV_2026_000001",
    "INV.2026.000001",
    "INV/2026/000001",
    "INV2026000001",
    "I NV2026000001",
    "請求書2026-000001",
    "ﾐﾎﾝｾｲﾔｸ 2026000001",
    "No.2026-000001",
    "INV-2026-000001-1",  # a corrected one
]


@pytest.mark.parametrize("text", SPELT)
def test_every_spelling_is_read(text: str) -> None:
    assert set(invoices_named(text)) == {"INV-2026-000001"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ミホンセイヤク",
        "会費 2026年度",
        "20261120",
        "2026 1120",
        "QUO-2026-000001",
        "ord2026000001",
        "12026000001",
        "20260000012345",
        "INV-26-000001",
    ],
)
def test_what_is_no_number_of_an_invoice_is_none(text: str) -> None:
    assert not invoices_named(text)


def test_several_numbers_are_all_read() -> None:
    assert invoices_named("inv2026000001,000002 INV-2026-000003/2026-000004 2026000003") == {
        "INV-2026-000001": True, "INV-2026-000003": True, "INV-2026-000004": False,
    }  # fmt: skip


@given(st.sampled_from(SPELT), st.sampled_from(["", "ｶ)ﾐﾎﾝ ", "会費 "]), st.sampled_from(["", " ﾃﾞｽ", "(ｶ"]))
def test_a_settled_invoice_that_is_named_is_a_doubt_about_every_other(
    text: str, before: str, after: str
) -> None:
    other = Claim(2, "INV-2026-000002", 7, 500, date(2026, 5, 1))
    claims = OpenClaims([other], [Payer(7, "", aliases=("ミホンセイヤク",))], {2026: 2})
    match = match_one(Deposit(1, 500, "ﾐﾎﾝｾｲﾔｸ", text=f"{before}{text}{after}"), claims, Rules())
    assert [each.reasons for each in match.proposals] == [{Reason.EXACT, Reason.ALIAS, Reason.OTHER_NUMBER}]
    assert match.grade is not Grade.AUTOMATIC


@pytest.mark.parametrize("text", SPELT[:12])
def test_a_number_before_a_name_is_no_part_of_it(text: str) -> None:
    assert payer_key(f"{text} ｶ)ﾐﾎﾝ") == "ミホン"


@pytest.mark.parametrize(
    ("text", "is_doubt"),
    [
        ("202611210001", False),  # the bank's day and serial
        ("2026112100012", False),
        ("PO-2026-004711", False),
        ("TEL 2055-123456", False),
        ("No.2025 123456", False),
        ("2026-0000001", False),  # never printed so
        ("2026-000000", False),
        ("2025-000003", True),
        ("2025-000004", False),
        ("2026000002", True),
        ("INV-2026-004711", True),  # our letters: some invoice of ours is meant
        ("2026-000001 INV-2055-123456", True),
    ],
)
def test_digits_that_we_never_issued_are_no_doubt(text: str, is_doubt: bool) -> None:
    own = Claim(1, "INV-2026-000001", 7, 500, date(2026, 5, 1))
    claims = OpenClaims([own], [Payer(7, "", aliases=("ミホンセイヤク",))], {2025: 3, 2026: 2})
    match = match_one(Deposit(1, 500, "ﾐﾎﾝｾｲﾔｸ", text=text), claims, Rules())
    assert (match.grade is Grade.AUTOMATIC) is not is_doubt
    assert (Reason.OTHER_NUMBER in match.proposals[0].reasons) is is_doubt
