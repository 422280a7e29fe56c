"""Judge the tiers for what an application says, on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.core import clock
from portal.domain.eligibility import Applicant, Verdict, judge_tiers
from portal.domain.organisation_numbers import check_corporate_number
from portal.domain.typed import read_day, read_whole_number
from portal.membership.models import Tier
from portal.membership.queries import had_monitor_year, tiers_for

LARGEST_COMPANY = 10_000_000


def judge(
    answers: Mapping[str, Mapping[str, Any]], fiscal_year: int, as_of: date | None = None
) -> list[tuple[Tier, Verdict]]:
    """Each tier on offer with its verdict. `answers` may be a draft's words or clean values; what is unreadable is unknown."""
    tiers: Sequence[Tier] = tiers_for(fiscal_year)
    verdicts = judge_tiers(applicant(answers), [tier.rule() for tier in tiers], as_of or clock.today())
    return list(zip(tiers, verdicts, strict=True))


def applicant(answers: Mapping[str, Mapping[str, Any]]) -> Applicant:
    """What the verdict rests on."""
    check = check_corporate_number(str(answers.get("company", {}).get("corporate_number") or ""))
    number = check.number if check.is_valid else None
    profile = answers.get("profile", {})
    return Applicant(
        employees=_number(profile.get("employees")),
        founded_on=_day(profile.get("founded_on")),
        learners_wanted=_number(answers.get("tier", {}).get("learners_wanted")) or 0,
        corporate_number=number,
        had_monitor_year=had_monitor_year(number),
    )


def _number(value: Any) -> int | None:
    if isinstance(value, int):
        return value if 0 <= value <= LARGEST_COMPANY else None
    number = read_whole_number(str(value or ""))
    return number if number is not None and 0 <= number <= LARGEST_COMPANY else None


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else read_day(str(value or ""))
