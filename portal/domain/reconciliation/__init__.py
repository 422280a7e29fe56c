"""Which open invoices a deposit on the bank's statement pays, and why we think so.

Pure: deposits and claims go in, proposals with their reasons come out. What is decided never depends on the order of the input.
A proposal is carried out by itself only with the exact amount and a payer that somebody has confirmed before.
"""

from portal.domain.reconciliation.claims import Claim, OpenClaims, Payer
from portal.domain.reconciliation.matching import match_all, match_one
from portal.domain.reconciliation.twins import Line, may_be_same, told_twice
from portal.domain.reconciliation.values import (
    Deposit,
    Grade,
    Match,
    Part,
    Proposal,
    Reason,
    Recorded,
    Rules,
)

__all__ = [
    "Claim",
    "Deposit",
    "Grade",
    "Line",
    "Match",
    "OpenClaims",
    "Part",
    "Payer",
    "Proposal",
    "Reason",
    "Recorded",
    "Rules",
    "match_all",
    "match_one",
    "may_be_same",
    "told_twice",
]
