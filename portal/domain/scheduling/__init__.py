"""A season of meetings: every group's meetings in slots of working days, so that the fewest expected attendances are lost.

`parse_season` and `format_plan` are the exchange format, `solve` makes a plan, `check` counts what is wrong with any, `why_not`,
`counterfactuals` and `conflict` say why a meeting is not elsewhere. See docs/scheduling.md.
"""

from portal.domain.exchange.faults import Fault, FaultCode, MalformedFileError
from portal.domain.scheduling.checking import Verdict, check
from portal.domain.scheduling.explaining import Blocker, Counterfactual, conflict, counterfactuals, why_not
from portal.domain.scheduling.faults import SeasonFault
from portal.domain.scheduling.generating import SeasonRecipe, generate_season
from portal.domain.scheduling.parsing import parse_plan, parse_season, read_season
from portal.domain.scheduling.results import format_plan, plan_value
from portal.domain.scheduling.season import Answer, Group, Meeting, Person, Season
from portal.domain.scheduling.solving import Plan, first_answer, plan_of, solve
from portal.domain.scheduling.writing import format_season

__all__ = [
    "Answer",
    "Blocker",
    "Counterfactual",
    "Fault",
    "FaultCode",
    "Group",
    "MalformedFileError",
    "Meeting",
    "Person",
    "Plan",
    "Season",
    "SeasonFault",
    "SeasonRecipe",
    "Verdict",
    "check",
    "conflict",
    "counterfactuals",
    "first_answer",
    "format_plan",
    "format_season",
    "generate_season",
    "parse_plan",
    "parse_season",
    "plan_of",
    "plan_value",
    "read_season",
    "solve",
    "why_not",
]
