"""Which passwords are taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.passwords import LONGEST, PasswordProblem, check_password

CONTEXT = ("青葉 花子", "hanako.aoba@aoba-data.example", "Aoba Data Research K.K.", "renkei")


@pytest.mark.parametrize(
    "password",
    [
        "nine brass lanterns swing at dusk",
        "kdV8pMz2qWtLx7rB",
        "みずうみにうかぶちいさなふね",
        "のはらをわたるかぜとすずめのうた",
        "aoba and eleven other rivers of the north",
    ],
)
def test_long_ones_of_one_s_own_are_taken(password: str) -> None:
    alone = check_password(password, has_factor=False, context=CONTEXT)
    assert alone.problem in (None, PasswordProblem.TOO_SHORT_ALONE)
    assert check_password(password, has_factor=True, context=CONTEXT).problem is None


@pytest.mark.parametrize(
    ("password", "has_factor", "problem"),
    [
        ("", True, PasswordProblem.TOO_SHORT),
        ("k7Vq2zm", True, PasswordProblem.TOO_SHORT),
        ("k7Vq2zmw", True, None),
        ("k7Vq2zmw", False, PasswordProblem.TOO_SHORT_ALONE),
        ("k7Vq2zmwpLx4rB", False, PasswordProblem.TOO_SHORT_ALONE),
        ("k7Vq2zmwpLx4rBt", False, None),
        ("x" * (LONGEST + 1), True, PasswordProblem.TOO_LONG),
    ],
)
def test_lengths(password: str, has_factor: bool, problem: PasswordProblem | None) -> None:
    assert check_password(password, has_factor=has_factor).problem is problem


@pytest.mark.parametrize(
    "password",
    [
        "password", "Password123!", "P@ssw0rd2026", "passwordpassword", "qwertyuiopasdfgh", "123456789012345",
        "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "correcthorsebatterystaple", "welcome-welcome-2026", "sakurasakura1999",
        "iloveyouiloveyou", "1qaz2wsx3edc4rfv",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password: str) -> None:
    assert check_password(password, has_factor=True).problem is PasswordProblem.COMMON


@pytest.mark.parametrize(
    "password",
    ["hanakohanakohanako", "hanako.aoba.2026", "renkei-renkei-renkei", "青葉花子青葉花子青葉花子青葉花子"],
)
def test_what_others_know_is_refused(password: str) -> None:
    check = check_password(password, has_factor=True, context=CONTEXT)
    assert check.problem in (PasswordProblem.CONTEXT, PasswordProblem.COMMON)


def test_a_short_one_is_marked_as_such() -> None:
    assert check_password("k7Vq2zmw", has_factor=True).is_short
    assert not check_password("nine brass lanterns swing at dusk", has_factor=True).is_short


@given(st.text(max_size=300), st.booleans())
def test_every_text_has_an_answer(password: str, has_factor: bool) -> None:
    check = check_password(password, has_factor=has_factor, context=CONTEXT)
    assert check.problem is None or check.problem in PasswordProblem


def test_whoever_has_no_second_factor_is_told_one_rule() -> None:
    """Never 8 characters in the message where 15 are needed."""
    for password in ("", "short", "k7Vq2zmw"):
        assert check_password(password, has_factor=False).problem is PasswordProblem.TOO_SHORT_ALONE
