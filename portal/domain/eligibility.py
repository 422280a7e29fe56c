"""Which membership tiers an applicant may choose, and why.

A venture has fewer than 50 employees and was founded no more than 5 years before the application; both
figures are data of the tier. Three or more learners are agreed with the secretariat. The monitor price is
given once per corporate number. Years are counted by the Civil Code (民法 第140条, 第143条): the day of founding is
left out, so that the last year ends with the anniversary itself.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Applicant:
    """What the decision rests on. None where the applicant has not answered yet.

    `had_monitor_year`: a monitor term was agreed for this corporate number before. Raises ValueError on
    negative figures.
    """

    employees: int | None
    founded_on: date | None
    learners_wanted: int
    corporate_number: str | None
    had_monitor_year: bool = False

    def __post_init__(self) -> None:
        if (self.employees or 0) < 0 or self.learners_wanted < 0:
            raise ValueError("people are counted from nought")


@dataclass(frozen=True)
class TierRule:
    """The conditions of one tier.

    `training_seats` None: the tier takes learners but names no number. `arrangement_from_learners` None: any
    number of learners goes without arrangement. Raises ValueError when a tier for ventures lacks a limit.
    """

    code: str
    requires_venture: bool = False
    employees_below: int | None = None
    years_since_founding_max: int | None = None
    training_seats: int | None = 0
    arrangement_from_learners: int | None = 3
    monitor_once: bool = False

    def __post_init__(self) -> None:
        if self.requires_venture and (self.employees_below is None or self.years_since_founding_max is None):
            raise ValueError(f"tier {self.code} is for ventures and must say what a venture is")


class ReasonCode(StrEnum):
    """One ground of a verdict; the figures of each are named beside it."""

    OPEN_TO_ALL = "open_to_all"
    FEW_EMPLOYEES = "few_employees"  # employees, below
    TOO_MANY_EMPLOYEES = "too_many_employees"  # employees, below
    EMPLOYEES_UNKNOWN = "employees_unknown"  # below
    FOUNDED_RECENTLY = "founded_recently"  # founded_on, years_max, last_day
    FOUNDED_TOO_LONG_AGO = "founded_too_long_ago"  # founded_on, years_max, last_day
    FOUNDED_LATER = "founded_later"  # founded_on, as_of
    FOUNDING_UNKNOWN = "founding_unknown"  # years_max
    LEARNERS_WITHIN_SEATS = "learners_within_seats"  # learners, seats
    LEARNERS_BEYOND_SEATS = "learners_beyond_seats"  # learners, seats
    NO_SEATS = "no_seats"  # learners
    BY_ARRANGEMENT = "by_arrangement"  # learners, from_learners
    MONITOR_AVAILABLE = "monitor_available"
    MONITOR_ALREADY_USED = "monitor_already_used"  # corporate_number
    CORPORATE_NUMBER_UNKNOWN = "corporate_number_unknown"

    @property
    def is_obstacle(self) -> bool:
        """True when this ground alone closes the tier."""
        return self in _OBSTACLES

    @property
    def is_missing_answer(self) -> bool:
        """True when the tier is closed only because the applicant has not said something yet."""
        return self in _MISSING_ANSWERS


_MISSING_ANSWERS = frozenset(
    {ReasonCode.EMPLOYEES_UNKNOWN, ReasonCode.FOUNDING_UNKNOWN, ReasonCode.CORPORATE_NUMBER_UNKNOWN}
)
_OBSTACLES = _MISSING_ANSWERS | {
    ReasonCode.TOO_MANY_EMPLOYEES,
    ReasonCode.FOUNDED_TOO_LONG_AGO,
    ReasonCode.FOUNDED_LATER,
    ReasonCode.NO_SEATS,
    ReasonCode.MONITOR_ALREADY_USED,
}


@dataclass(frozen=True)
class Reason:
    """A ground with its figures: whole numbers, texts and ISO dates, ready for a page and for JSON."""

    code: ReasonCode
    figures: Mapping[str, int | str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Verdict:
    """Yes or no for one tier, with every ground and the inputs on which it rests."""

    tier_code: str
    is_eligible: bool
    by_arrangement: bool
    reasons: tuple[Reason, ...]
    applicant: Applicant
    rule: TierRule
    as_of: date

    @property
    def obstacles(self) -> tuple[Reason, ...]:
        """The grounds that close the tier, empty when it is open."""
        return tuple(reason for reason in self.reasons if reason.code.is_obstacle)

    @property
    def is_provisional(self) -> bool:
        """True when it is closed and missing answers are the only obstacle."""
        return not self.is_eligible and all(reason.code.is_missing_answer for reason in self.obstacles)

    def as_evidence(self) -> dict[str, Any]:
        """Everything as JSON-ready values, to be kept with the application."""
        founded_on = self.applicant.founded_on
        applicant = asdict(self.applicant) | {"founded_on": founded_on.isoformat() if founded_on else None}
        return self.as_judgement() | {"as_of": self.as_of.isoformat(), "applicant": applicant}

    def as_judgement(self) -> dict[str, Any]:
        """The same without the inputs, for a tier that was judged beside another one."""
        return {
            "tier": self.tier_code,
            "is_eligible": self.is_eligible,
            "by_arrangement": self.by_arrangement,
            "reasons": [
                {"code": reason.code.value, "figures": dict(reason.figures)} for reason in self.reasons
            ],
            "rule": asdict(self.rule),
        }


def evidence_of(chosen: Verdict, verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """The chosen tier's evidence, and under `others` what was found of every other one on the same inputs."""
    others = [verdict.as_judgement() for verdict in verdicts if verdict.tier_code != chosen.tier_code]
    return chosen.as_evidence() | {"others": others}


def judge_tiers(applicant: Applicant, rules: Iterable[TierRule], as_of: date) -> tuple[Verdict, ...]:
    """One verdict per tier, in the order of the rules. `as_of` is the day of the application in Japan."""
    return tuple(judge_tier(applicant, rule, as_of) for rule in rules)


def judge_tier(applicant: Applicant, rule: TierRule, as_of: date) -> Verdict:
    """Judge one tier: all grounds are given, not only the first that closes it."""
    reasons = (*_kind_reasons(applicant, rule, as_of), *_learner_reasons(applicant, rule))
    reasons = (*reasons, *_monitor_reasons(applicant, rule))
    return Verdict(
        tier_code=rule.code,
        is_eligible=not any(reason.code.is_obstacle for reason in reasons),
        by_arrangement=any(reason.code is ReasonCode.BY_ARRANGEMENT for reason in reasons),
        reasons=reasons,
        applicant=applicant,
        rule=rule,
        as_of=as_of,
    )


def last_venture_day(founded_on: date, years: int) -> date:
    """The last day that is no more than `years` years after founding.

    2021-04-01 and 5 give 2026-04-01; 2020-02-29 and 5 give 2025-02-28; 2019-02-28 and 5 give 2024-02-29, the
    day before 1 March. Beyond year 9999: `date.max`.
    """
    target_year = founded_on.year + years
    if target_year >= date.max.year:
        return date.max
    first = founded_on + timedelta(days=1)
    if (first.month, first.day) == (2, 29) and not calendar.isleap(target_year):
        # without a corresponding day the period ends with its month
        return date(target_year, 2, 28)
    return first.replace(year=first.year + years) - timedelta(days=1)


def _kind_reasons(applicant: Applicant, rule: TierRule, as_of: date) -> tuple[Reason, ...]:
    below, years = rule.employees_below, rule.years_since_founding_max
    if not rule.requires_venture or below is None or years is None:
        return (Reason(ReasonCode.OPEN_TO_ALL),)
    return (_size_reason(applicant.employees, below), _age_reason(applicant.founded_on, years, as_of))


def _size_reason(employees: int | None, below: int) -> Reason:
    if employees is None:
        return Reason(ReasonCode.EMPLOYEES_UNKNOWN, {"below": below})
    code = ReasonCode.FEW_EMPLOYEES if employees < below else ReasonCode.TOO_MANY_EMPLOYEES
    return Reason(code, {"employees": employees, "below": below})


def _age_reason(founded_on: date | None, years_max: int, as_of: date) -> Reason:
    if founded_on is None:
        return Reason(ReasonCode.FOUNDING_UNKNOWN, {"years_max": years_max})
    founded = founded_on.isoformat()
    if founded_on > as_of:
        return Reason(ReasonCode.FOUNDED_LATER, {"founded_on": founded, "as_of": as_of.isoformat()})
    last_day = last_venture_day(founded_on, years_max)
    code = ReasonCode.FOUNDED_RECENTLY if as_of <= last_day else ReasonCode.FOUNDED_TOO_LONG_AGO
    return Reason(code, {"founded_on": founded, "years_max": years_max, "last_day": last_day.isoformat()})


def _learner_reasons(applicant: Applicant, rule: TierRule) -> tuple[Reason, ...]:
    learners, seats = applicant.learners_wanted, rule.training_seats
    if learners == 0:
        return ()
    if seats == 0:
        return (Reason(ReasonCode.NO_SEATS, {"learners": learners}),)
    threshold = rule.arrangement_from_learners
    if threshold is not None and learners >= threshold:
        return (Reason(ReasonCode.BY_ARRANGEMENT, {"learners": learners, "from_learners": threshold}),)
    if seats is None:
        return ()
    code = ReasonCode.LEARNERS_WITHIN_SEATS if learners <= seats else ReasonCode.LEARNERS_BEYOND_SEATS
    return (Reason(code, {"learners": learners, "seats": seats}),)


def _monitor_reasons(applicant: Applicant, rule: TierRule) -> tuple[Reason, ...]:
    if not rule.monitor_once:
        return ()
    if applicant.corporate_number is None:
        return (Reason(ReasonCode.CORPORATE_NUMBER_UNKNOWN),)
    if applicant.had_monitor_year:
        return (Reason(ReasonCode.MONITOR_ALREADY_USED, {"corporate_number": applicant.corporate_number}),)
    return (Reason(ReasonCode.MONITOR_AVAILABLE),)
