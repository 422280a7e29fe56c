"""Which invoices a deposit pays, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.payer_names import bank_length, legal_form, payer_key, prefix_of
from portal.domain.reconciliation import (
    Claim,
    Deposit,
    Grade,
    OpenClaims,
    Part,
    Payer,
    Reason,
    Rules,
    match_all,
    match_one,
)

RULES = Rules()


@pytest.mark.parametrize(
    "name",
    [
        "ミホンデータ",
        "ｶ)ﾐﾎﾝﾃﾞ-ﾀ",
        "ﾐﾎﾝﾃﾞ-ﾀ(ｶ",
        "ミホンデータ（カ）",
        "ﾐﾎﾝ ﾃﾞｰﾀ(ｶ)",
        "みほんでーた",
        "振込　カ）ミホンデータ",
        "カブシキガイシャ ミホンデータ",
        "ミホンデ－タ カブシキガイシヤ",
        "0000012345 ｶ)ﾐﾎﾝﾃﾞ-ﾀ",
        "INV-2026-000012 ｶ)ﾐﾎﾝﾃﾞ-ﾀ",
        "INV2026000012ｶ)ﾐﾎﾝﾃﾞ-ﾀ",
    ],
)
def test_spellings_of_one_payer_share_a_key(name) -> None:
    assert payer_key(name) == "ミホンデタ"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ｶﾞｸ)ﾐﾎﾝ", "学校法人ミホン"),
        ("ダイ)ミホン", "国立大学法人ミホン"),
        ("ﾐﾎﾝｷﾕｳｼﾖｸ", "ミホンキュウショク"),
        ("ｺﾞｳﾄﾞｳｶﾞｲｼﾔﾐﾎﾝ", "ド)ミホン"),
        ("ﾄｸﾋ)ﾐﾎﾝ", "トクヒ）ミホン"),
    ],
)
def test_legal_forms_and_small_letters_do_not_matter(one, other) -> None:
    assert payer_key(one) == payer_key(other)


def test_what_is_only_a_form_keeps_its_letters() -> None:
    assert payer_key("カ)") == "カ"
    assert payer_key("") == ""


def test_names_that_banks_cut_off_match_by_their_beginning() -> None:
    whole = "ミホンジヨウホウカガクソウゴウケンキユウカイハツサ-ビスホ-ルデイングス"
    cut = "カ)" + whole
    cut = cut[:48] if bank_length(cut) <= 48 else cut
    short = "ﾐﾎﾝｼﾞﾖｳﾎｳｶｶﾞｸｿｳｺﾞｳｹﾝｷﾕｳｶｲﾊﾂｻ-"[:26]
    assert bank_length(short) == 26
    start = prefix_of(short)
    assert start is not None
    assert payer_key(whole).startswith(start)
    assert prefix_of("ﾐﾎﾝ") is None


def claim(n: int, open_yen: int, payer: int = 1, day: int = 1) -> Claim:
    return Claim(n, f"INV-2026-{n:06d}", payer, open_yen, date(2026, 5, day))


A = Payer(1, "ミホンセイヤク", aliases=("ミホンセイヤク",))
B = Payer(2, "ベツノカイシャ")
C = Payer(3, "カソウコウザ", codes=("0000012345",))


def best(
    deposit: Deposit, *claims: Claim, rules: Rules = RULES, payers: tuple[Payer, ...] = (A, B, C)
) -> Any:
    found = match_one(deposit, OpenClaims(claims, payers), rules)
    return found.proposals[0] if found.proposals else None


def test_exact_amount_and_a_known_name_need_nobody() -> None:
    found = best(Deposit(9, 550_000, "ｶ)ﾐﾎﾝｾｲﾔｸ"), claim(1, 550_000), claim(2, 110_000))
    assert found.parts == (Part(1, 550_000),)
    assert found.reasons == {Reason.EXACT, Reason.ALIAS}
    assert found.grade is Grade.AUTOMATIC


@pytest.mark.parametrize(
    ("deposit", "claims", "reasons", "parts"),
    [
        (Deposit(9, 550_000, "ﾍﾞﾂﾉｶｲｼﾔ(ｶ"), (claim(1, 550_000, 2),), {Reason.EXACT, Reason.NAME}, (Part(1, 550_000),)),
        (Deposit(9, 549_340, "ｶ)ﾐﾎﾝｾｲﾔｸ"), (claim(1, 550_000),), {Reason.FEE, Reason.ALIAS}, (Part(1, 549_340, 660),)),
        (Deposit(9, 548_999, "ｶ)ﾐﾎﾝｾｲﾔｸ"), (claim(1, 550_000),), {Reason.PART, Reason.ALIAS}, (Part(1, 548_999),)),
        (Deposit(9, 600_000, "ｶ)ﾐﾎﾝｾｲﾔｸ"), (claim(1, 550_000),), {Reason.EXCESS, Reason.ALIAS}, (Part(1, 600_000),)),
        (Deposit(9, 660_000, "ｶ)ﾐﾎﾝｾｲﾔｸ"), (claim(1, 550_000), claim(2, 110_000)), {Reason.SUM, Reason.ALIAS},
         (Part(1, 550_000), Part(2, 110_000))),
        (Deposit(9, 659_560, "ｶ)ﾐﾎﾝｾｲﾔｸ"), (claim(1, 550_000), claim(2, 110_000)), {Reason.FEE, Reason.ALIAS},
         (Part(1, 550_000), Part(2, 109_560, 440))),
        (Deposit(9, 550_000, "INV-2026-000001 ﾀﾞﾚｶ"), (claim(1, 550_000, 2),), {Reason.EXACT, Reason.NUMBER}, (Part(1, 550_000),)),
        (Deposit(9, 550_000, "ﾀﾞﾚｶ", "", "2026000001"), (claim(1, 550_000, 2),), {Reason.EXACT, Reason.NUMBER}, (Part(1, 550_000),)),
        (Deposit(9, 550_000, "ﾀﾞﾚｶ", "12345"), (claim(1, 550_000, 3),), {Reason.EXACT, Reason.CODE}, (Part(1, 550_000),)),
        (Deposit(9, 550_000, "ﾀﾞﾚｶ"), (claim(1, 550_000, 2),), {Reason.EXACT, Reason.AMOUNT_ALONE}, (Part(1, 550_000),)),
    ],
)  # fmt: skip
def test_why_a_deposit_fits(deposit, claims, reasons, parts) -> None:
    found = best(deposit, *claims)
    assert (set(found.reasons), found.parts) == (reasons, parts)
    assert (found.grade is Grade.AUTOMATIC) == (
        Reason.EXACT in reasons and bool(reasons & {Reason.ALIAS, Reason.CODE})
    )


def test_a_fee_is_forgiven_only_as_far_as_the_office_says() -> None:
    given_up = best(Deposit(9, 549_340, "ﾐﾎﾝｾｲﾔｸ"), claim(1, 550_000), rules=Rules(fee_yen=500))
    assert given_up.reasons == {Reason.PART, Reason.ALIAS}
    with pytest.raises(ValueError):
        Rules(fee_yen=1_001)


def test_doubts_keep_a_deposit_from_applying_itself() -> None:
    twins = (claim(1, 550_000, day=1), claim(2, 550_000, day=2))
    found = best(Deposit(9, 550_000, "ﾐﾎﾝｾｲﾔｸ"), *twins)
    assert found.parts == (Part(1, 550_000),)
    assert Reason.SEVERAL_INVOICES in found.reasons
    assert found.grade is Grade.LIKELY
    named = best(Deposit(9, 550_000, "ﾐﾎﾝｾｲﾔｸ", "", "INV-2026-000002"), *twins)
    assert named.parts == (Part(2, 550_000),)
    assert named.grade is Grade.AUTOMATIC
    both = (A, Payer(2, "ベツ", aliases=("ミホンセイヤク",)))
    assert best(Deposit(9, 550_000, "ﾐﾎﾝｾｲﾔｸ"), claim(1, 550_000), payers=both).grade is not Grade.AUTOMATIC
    other = best(Deposit(9, 550_000, "ﾐﾎﾝｾｲﾔｸ INV2026000007"), claim(1, 550_000), claim(7, 550_000, 2))
    assert other.grade is not Grade.AUTOMATIC


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ｶ)ﾐﾎﾝ", "カ"), ("ﾐﾎﾝ(ｶ", "カ"), ("ﾐﾎﾝ(ｶ)ｼｼﾔ", "カ"), ("ｶﾌﾞｼｷｶﾞｲｼﾔﾐﾎﾝ", "カ"), ("みほん株式会社", "カ"), ("(株)見本", "カ"),
        ("ﾄﾞ)ﾐﾎﾝ", "ド"), ("ｺﾞｳﾄﾞｳｶﾞｲｼﾔﾐﾎﾝ", "ド"), ("12345 ﾄﾞ)ﾐﾎﾝ", "ド"), ("地方独立行政法人見本", "チドク"), ("ﾁﾄﾞｸ)ﾐﾎﾝ", "チドク"),
        ("ﾄﾞｸ)ﾐﾎﾝ", "ドク"), ("公益財団法人見本", "ザイ"), ("ﾐﾎﾝ", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_legal_form_that_a_name_carries(name: str, form: str) -> None:
    assert legal_form(name) == form


def test_a_confirmed_name_is_nobodys_of_another_legal_form() -> None:
    """The mutant that sees no form pays the invoice of the stock company with the money of its namesake."""
    stock = Payer(1, "ミホンデータ", aliases=("ｶ)ﾐﾎﾝﾃﾞ-ﾀ",))
    one = claim(1, 1_100_000)
    assert best(Deposit(9, 1_100_000, "ｶ)ﾐﾎﾝﾃﾞ-ﾀ"), one, payers=(stock,)).grade is Grade.AUTOMATIC
    assert best(Deposit(9, 1_100_000, "ﾐﾎﾝﾃﾞ-ﾀ ｶﾌﾞｼｷｶﾞｲｼﾔ"), one, payers=(stock,)).grade is Grade.AUTOMATIC
    namesake = best(Deposit(9, 1_100_000, "ﾄﾞ)ﾐﾎﾝﾃﾞ-ﾀ"), one, payers=(stock,))
    assert (namesake.reasons, namesake.grade) == ({Reason.EXACT, Reason.NAME}, Grade.LIKELY)


def test_a_confirmed_name_hides_nobody_who_owes_under_the_same_name() -> None:
    both = (Payer(1, "ミホンデータ", aliases=("ｶ)ﾐﾎﾝﾃﾞ-ﾀ",)), Payer(2, "ミホンデータ"))
    owed = (claim(1, 1_100_000, 1), claim(2, 1_100_000, 2))
    found = match_one(Deposit(9, 1_100_000, "ｶ)ﾐﾎﾝﾃﾞ-ﾀ"), OpenClaims(owed, both), RULES)
    assert [each.parts for each in found.proposals] == [(Part(1, 1_100_000),), (Part(2, 1_100_000),)]
    assert [set(each.reasons) for each in found.proposals] == [
        {Reason.EXACT, Reason.ALIAS, Reason.SEVERAL_PAYERS},
        {Reason.EXACT, Reason.NAME, Reason.SEVERAL_PAYERS},
    ]
    assert found.grade is not Grade.AUTOMATIC


def test_deposits_that_want_one_invoice_know_of_each_other() -> None:
    claims = OpenClaims([claim(1, 1_000_000)], [A])
    halves = match_all([Deposit(n, 500_000, "ﾐﾎﾝｾｲﾔｸ") for n in (1, 2)], claims, RULES)
    assert all(Reason.TOGETHER in match.proposals[0].reasons for match in halves.values())
    twice = match_all([Deposit(n, 1_000_000, "ﾐﾎﾝｾｲﾔｸ") for n in (1, 2)], claims, RULES)
    assert all(Reason.OTHER_DEPOSIT in match.proposals[0].reasons for match in twice.values())
    assert all(match.grade is not Grade.AUTOMATIC for match in twice.values())


def test_nothing_is_proposed_where_nothing_fits() -> None:
    assert best(Deposit(9, 77, "ﾀﾞﾚｶ"), claim(1, 550_000)) is None
    many = [claim(n, 550_000, n) for n in range(1, 9)]
    assert best(Deposit(9, 550_000, "ﾀﾞﾚｶ"), *many) is None


claims_made = st.lists(
    st.builds(
        claim,
        st.integers(1, 40),
        st.sampled_from([110_000, 550_000, 660_000, 1_100_000, 1_650_000]),
        st.integers(1, 3),
        st.integers(1, 28),
    ),
    max_size=12,
    unique_by=lambda each: each.invoice_id,
)
deposits_made = st.lists(
    st.builds(
        Deposit,
        st.integers(1, 60),
        st.sampled_from([550_000, 549_340, 660_000, 1_100_000, 1_210_000, 2_750_000, 77]),
        st.sampled_from(
            ["ｶ)ﾐﾎﾝｾｲﾔｸ", "ﾍﾞﾂﾉｶｲｼﾔ", "ﾀﾞﾚｶ", "INV2026000003 ﾐﾎﾝｾｲﾔｸ", ""],
        ),
        st.sampled_from(["", "12345"]),
        st.sampled_from(["", "2026000005"]),
    ),
    max_size=10,
    unique_by=lambda each: each.id,
)


@given(claims=claims_made, deposits=deposits_made, random=st.randoms(use_true_random=False))
def test_the_order_of_the_input_makes_no_difference(claims, deposits, random) -> None:
    before = match_all(deposits, OpenClaims(claims, (A, B, C)), RULES)
    payers = [A, B, C]
    for each in (claims, deposits, payers):
        random.shuffle(each)
    assert match_all(deposits, OpenClaims(claims, payers), RULES) == before


@given(claims=claims_made, deposits=deposits_made)
def test_every_proposal_spends_the_money_once_and_alone_what_is_sure_applies_itself(claims, deposits) -> None:
    open_yen = {each.invoice_id: each.open_yen for each in claims}
    amounts = {each.id: each.amount_yen for each in deposits}
    for match in match_all(deposits, OpenClaims(claims, (A, B, C)), RULES).values():
        for proposal in match.proposals:
            assert sum(part.amount_yen for part in proposal.parts) == amounts[match.deposit_id]
            assert len({part.invoice_id for part in proposal.parts}) == len(proposal.parts)
            assert all(0 <= part.fee_yen <= RULES.fee_yen and part.amount_yen > 0 for part in proposal.parts)
            if proposal.grade is Grade.AUTOMATIC:
                (part,) = proposal.parts
                assert part == Part(part.invoice_id, open_yen[part.invoice_id])
                assert proposal.reasons & {Reason.ALIAS, Reason.CODE}


def test_who_owes_nothing_is_known_by_name_and_hides_nobody_who_owes() -> None:
    """Another's invoice of the same amount is proposed with the doubt; one of the same name that owes is proposed as ever."""
    idle, owing, namesake = Payer(9, "ミホンソウコ"), Payer(8, "ベツノカイシャ"), Payer(7, "ミホンソウコ")
    deposit = Deposit(1, 500, "ｶ)ﾐﾎﾝｿｳｺ")
    bill = Claim(1, "INV-2026-000001", 8, 500, date(2026, 5, 1))
    match = match_one(deposit, OpenClaims([bill], [idle, owing]), Rules())
    assert match.idle == (9,)
    assert [each.reasons for each in match.proposals] == [{Reason.EXACT, Reason.OTHER_NAME}]
    assert match.grade is Grade.POSSIBLE
    own = Claim(2, "INV-2026-000002", 7, 500, date(2026, 5, 1))
    match = match_one(deposit, OpenClaims([bill, own], [idle, owing, namesake]), Rules())
    assert match.idle == ()
    assert [each.reasons for each in match.proposals] == [{Reason.EXACT, Reason.NAME}]
