"""The draw inside tiers: one number for each student of a round, which anyone can check afterwards.

Before ranking closes the office publishes `commitment(secret)`; after the run the secret. The number of a student is
HMAC-SHA256 (RFC 2104) with the secret as key over the UTF-8 bytes of the round's name followed by those of the student's
id; the lower number comes first, equal numbers (which nobody will see) in order of ids. Without a lottery the key and the
name are empty: the order is the same for everybody who computes it, but nobody has drawn it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from portal.domain.matching.market import Lottery


def commitment(secret: str) -> str:
    """SHA-256 of the secret's bytes, both in hexadecimal. Raises ValueError when the secret is not hexadecimal."""
    return hashlib.sha256(bytes.fromhex(secret)).hexdigest()


def numbers(lottery: Lottery | None, ids: Iterable[str]) -> dict[str, bytes]:
    """The number of each id: 32 bytes."""
    key = bytes.fromhex(lottery.secret) if lottery else b""
    name = lottery.round.encode() if lottery else b""
    return {each: hmac.digest(key, name + each.encode(), "sha256") for each in ids}


def in_order(drawn: Mapping[str, bytes], ids: Iterable[str]) -> list[str]:
    """The ids by their numbers, the first drawn first."""
    return sorted(ids, key=lambda each: (drawn[each], each))


def differing_numbers(
    published: str, lottery: Lottery, claimed: Mapping[str, str]
) -> tuple[bool, tuple[str, ...]]:
    """Whether the secret is the one that was committed to, and the students whose claimed number (hex) is another."""
    drawn = numbers(lottery, claimed)
    wrong = (each for each, number in claimed.items() if number.lower() != drawn[each].hex())
    return hmac.compare_digest(commitment(lottery.secret), published.lower()), tuple(sorted(wrong))
