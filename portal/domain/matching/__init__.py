"""Matching students with companies' postings: stable, best for the students, and checkable by anybody.

Students rank postings, companies rank students for all of their postings together (student-project allocation: Abraham, Irving
& Manlove 2007). `solve` runs a round; `check` judges any matching by itself; `parse_market` and `format_result` are the exchange
format. See docs/matching.md.
"""

from portal.domain.exchange.faults import Fault, FaultCode, MalformedFileError
from portal.domain.matching.canonical import format_market
from portal.domain.matching.checking import Breach, Findings, check
from portal.domain.matching.explaining import Filling, PostingAnswer, Reason
from portal.domain.matching.faults import MarketFault
from portal.domain.matching.generating import Recipe, generate
from portal.domain.matching.lottery import commitment, differing_numbers
from portal.domain.matching.market import Cap, CapKind, Company, Lottery, Market, Posting
from portal.domain.matching.parsing import parse_market, read_market
from portal.domain.matching.results import format_result
from portal.domain.matching.solving import CapAnswer, Solution, Stage, Statistics, match, solve
from portal.domain.matching.verifying import Doubt, Verification, verify

__all__ = [
    "Breach",
    "Cap",
    "CapAnswer",
    "CapKind",
    "Company",
    "Doubt",
    "Fault",
    "FaultCode",
    "Filling",
    "Findings",
    "Lottery",
    "MalformedFileError",
    "Market",
    "MarketFault",
    "Posting",
    "PostingAnswer",
    "Reason",
    "Recipe",
    "Solution",
    "Stage",
    "Statistics",
    "Verification",
    "check",
    "commitment",
    "differing_numbers",
    "format_market",
    "format_result",
    "generate",
    "match",
    "parse_market",
    "read_market",
    "solve",
    "verify",
]
