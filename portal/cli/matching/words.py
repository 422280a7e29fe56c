"""Sentences for faults of a market's file and for doubts about a result."""

from __future__ import annotations

from portal.domain.matching import Doubt, Fault, FaultCode, MarketFault

FAULTS = {
    FaultCode.TOO_LARGE: "the file is larger than {} bytes",
    FaultCode.NOT_UTF8: "the file is not UTF-8",
    FaultCode.NOT_JSON: "the file is not JSON: {}",
    FaultCode.TOO_DEEP: "the file is nested too deeply",
    FaultCode.WRONG_FORMAT: "the format is not {}",
    FaultCode.WRONG_TYPE: "{} is expected",
    FaultCode.MISSING: "is missing",
    FaultCode.UNKNOWN_KEY: "nobody knows this member",
    FaultCode.KEY_TWICE: "stands twice in its object",
    FaultCode.BAD_ID: "an id has 1 to 256 characters and no NUL or lone surrogate",
    MarketFault.UNKNOWN_STUDENT: "there is no student {}",
    MarketFault.UNKNOWN_POSTING: "there is no posting {}",
    MarketFault.UNKNOWN_COMPANY: "there is no company {}",
    FaultCode.LISTED_TWICE: "is listed twice {}",
    FaultCode.LIST_TOO_LONG: "the list is longer than the {} entries that it can have",
    FaultCode.NEGATIVE: "is below 0",
    FaultCode.TOO_GREAT: "is above {}",
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


def fault_line(fault: Fault) -> str:
    """One fault as a line: its path and a sentence."""
    detail = _with_article(str(fault.detail)) if fault.code is FaultCode.WRONG_TYPE else fault.detail
    return f"{fault.path}: {FAULTS[fault.code].format(detail).strip()}"


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def doubt_line(doubt: Doubt, detail: str) -> str:
    """One doubt as a sentence; ids that cannot be printed are escaped."""
    return DOUBTS[doubt].format(detail.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0"))
