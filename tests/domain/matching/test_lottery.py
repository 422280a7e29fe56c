"""The draw can be checked by anybody who has the secret."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from portal.domain.matching import Lottery, commitment, differing_numbers
from portal.domain.matching.lottery import in_order, numbers

LOTTERY = Lottery("2026-main", "00112233445566778899aabbccddeeff")


def test_a_number_is_the_hmac_of_round_and_student() -> None:
    expected = hmac.new(bytes.fromhex(LOTTERY.secret), "2026-main東".encode(), hashlib.sha256).digest()
    assert numbers(LOTTERY, ["東"]) == {"東": expected}


def test_the_commitment_is_the_hash_of_the_secret() -> None:
    assert commitment(LOTTERY.secret) == hashlib.sha256(bytes.fromhex(LOTTERY.secret)).hexdigest()


def test_a_draw_is_verified() -> None:
    """Mutants: a secret that was changed after ranking closed, a number that was written by hand."""
    claimed = {each: number.hex() for each, number in numbers(LOTTERY, ["a", "b", "c"]).items()}
    published = commitment(LOTTERY.secret)
    assert differing_numbers(published, LOTTERY, claimed) == (True, ())
    assert differing_numbers(published, LOTTERY, claimed | {"b": "00" * 32}) == (True, ("b",))
    assert differing_numbers(commitment("00"), LOTTERY, claimed) == (False, ())
    assert differing_numbers(published, Lottery("second", LOTTERY.secret), claimed)[1] == ("a", "b", "c")


def test_the_lower_number_comes_first() -> None:
    assert in_order({"a": b"\2", "b": b"\1", "c": b"\1"}, "acb") == ["b", "c", "a"]


@pytest.mark.parametrize("students", [200])
def test_a_draw_favours_nobody(students: int) -> None:
    """Of two students each comes first in about half of the secrets."""
    first = sum(
        in_order(numbers(Lottery("r", f"{secret:04x}"), ["s1", "s2"]), ["s1", "s2"])[0] == "s1"
        for secret in range(10 * students)
    )
    assert 0.45 < first / (10 * students) < 0.55
