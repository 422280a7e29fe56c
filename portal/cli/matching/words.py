"""Sentences for faults of a market's file and for doubts about a result."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.matching import Doubt, MarketFault

FAULTS: Mapping[StrEnum, str] = {
    MarketFault.UNKNOWN_STUDENT: "there is no student {}",
    MarketFault.UNKNOWN_POSTING: "there is no posting {}",
    MarketFault.UNKNOWN_COMPANY: "there is no company {}",
    MarketFault.EMPTY_TIER: "a tier has nobody in it",
    MarketFault.FIXED_TWICE: "student {} has a fixed pair already",
    MarketFault.FIXED_VETOED: "the fixed pair is vetoed",
    MarketFault.FIXED_OVER_CAPACITY: "the fixed pair exceeds {}",
    MarketFault.CAPPED_TWICE: "the company stands in another cap already: {}",
    MarketFault.BAD_SECRET: "the secret is not hexadecimal",
}

DOUBTS = {
    Doubt.NOT_A_RESULT: "This is no result: {}.",
    Doubt.OTHER_INPUT: "The result was made from another input.",
    Doubt.HASH_DIFFERS: "The result's own SHA-256 is another: it was changed after the run.",
    Doubt.NOT_FEASIBLE: "Not feasible: {}.",
    Doubt.BLOCKING_PAIR: "Blocking pair: {}.",
    Doubt.NOT_BEST: "Not what the students' best stable matching gives: {}.",
    Doubt.REPLAY_DIFFERS: "A replay gives something else in {}.",
}


def doubt_line(doubt: Doubt, detail: str) -> str:
    """One doubt as a sentence; ids that cannot be printed are escaped."""
    return DOUBTS[doubt].format(detail.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0"))
