"""Tables of matching, one module a noun."""

from portal.matching.models.agreements import Exclusion, Prearrangement
from portal.matching.models.attempts import MatchAttempt
from portal.matching.models.lists import CompanyRanking, PreferenceList
from portal.matching.models.outcomes import MatchOutcome

__all__ = [
    "CompanyRanking",
    "Exclusion",
    "MatchAttempt",
    "MatchOutcome",
    "Prearrangement",
    "PreferenceList",
]
