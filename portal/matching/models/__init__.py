"""Tables of matching, one module a noun."""

from portal.matching.models.agreements import Exclusion, Prearrangement
from portal.matching.models.attempts import MatchAttempt
from portal.matching.models.caps import HostHold, MatchCap
from portal.matching.models.demand import DemandSignal
from portal.matching.models.doubts import MatchDoubt
from portal.matching.models.lists import CompanyRanking, PreferenceList
from portal.matching.models.offers import RollingOffer
from portal.matching.models.outcomes import FollowUp, MatchAbsence, MatchOutcome
from portal.matching.models.places import MatchPlace
from portal.matching.models.studies import MatchStudy
from portal.matching.models.waivers import ListReading, MatchWaiver

__all__ = [
    "CompanyRanking",
    "DemandSignal",
    "Exclusion",
    "FollowUp",
    "HostHold",
    "ListReading",
    "MatchAbsence",
    "MatchAttempt",
    "MatchCap",
    "MatchDoubt",
    "MatchOutcome",
    "MatchPlace",
    "MatchStudy",
    "MatchWaiver",
    "Prearrangement",
    "PreferenceList",
    "RollingOffer",
]
