"""Verdicts in words: why a tier is open to a company or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.core.formats import day
from portal.core.i18n import _
from portal.domain.eligibility import Reason, ReasonCode, Verdict


def reason_words(reason: Reason) -> str:
    """One ground in the reader's language."""
    return words_of(reason.code, reason.figures)


def evidence_words(evidence: Mapping[str, Any]) -> list[str]:
    """The grounds of a verdict that was kept as JSON; of a closed tier, those that close it."""
    grounds = [(ReasonCode(reason["code"]), reason["figures"]) for reason in evidence.get("reasons", [])]
    obstacles = [ground for ground in grounds if ground[0].is_obstacle]
    return [words_of(code, figures) for code, figures in obstacles or grounds]


def verdict_lines(verdict: Verdict) -> list[tuple[str, bool]]:
    """Every ground with whether it stands in the way; obstacles first."""
    ordered = sorted(verdict.reasons, key=lambda reason: not reason.code.is_obstacle)
    return [(reason_words(reason), reason.code.is_obstacle) for reason in ordered]


def words_of(code: ReasonCode, figures: Mapping[str, Any]) -> str:
    """The sentence for a code and its figures."""
    shown = {name: _shown(name, value) for name, value in figures.items()}
    return str(_SENTENCES[code](shown))


def _shown(name: str, value: Any) -> Any:
    if name in ("founded_on", "last_day", "as_of"):
        return day(date.fromisoformat(str(value)))
    return f"{value:,}" if isinstance(value, int) and name == "employees" else value


_SENTENCES: dict[ReasonCode, Any] = {
    ReasonCode.OPEN_TO_ALL: lambda f: _("This tier asks for no particular size or age of the company."),
    ReasonCode.FEW_EMPLOYEES: lambda f: _("%(employees)s employees: fewer than %(below)s.", **f),
    ReasonCode.TOO_MANY_EMPLOYEES: lambda f: _(
        "%(employees)s employees: this tier is for fewer than %(below)s.", **f
    ),
    ReasonCode.EMPLOYEES_UNKNOWN: lambda f: _(
        "Please enter the number of employees (fewer than %(below)s).", **f
    ),
    ReasonCode.FOUNDED_RECENTLY: lambda f: _(
        "Founded on %(founded_on)s: within %(years_max)s years until %(last_day)s.", **f
    ),
    ReasonCode.FOUNDED_TOO_LONG_AGO: lambda f: _(
        "Founded on %(founded_on)s: the %(years_max)s years ended on %(last_day)s.", **f
    ),
    ReasonCode.FOUNDED_LATER: lambda f: _("The date of founding, %(founded_on)s, lies after today.", **f),
    ReasonCode.FOUNDING_UNKNOWN: lambda f: _(
        "Please enter the date of founding (no more than %(years_max)s years ago).", **f
    ),
    ReasonCode.LEARNERS_WITHIN_SEATS: lambda f: _("Learners: %(learners)s. Seats included: %(seats)s.", **f),
    ReasonCode.LEARNERS_BEYOND_SEATS: lambda f: _(
        "Learners: %(learners)s. Seats included: %(seats)s; the secretariat will contact you about the others.",
        **f,
    ),
    ReasonCode.NO_SEATS: lambda f: _(
        "This tier has no training seat, and you would like to send learners (%(learners)s).", **f
    ),
    ReasonCode.BY_ARRANGEMENT: lambda f: _(
        "%(from_learners)s learners or more: by arrangement. The secretariat agrees the terms with you.", **f
    ),
    ReasonCode.MONITOR_AVAILABLE: lambda f: _(
        "The monitor price is given once to each company; yours has not had it."
    ),
    ReasonCode.MONITOR_ALREADY_USED: lambda f: _("Your company has had the monitor price; it is given once."),
    ReasonCode.CORPORATE_NUMBER_UNKNOWN: lambda f: _("Please enter the corporate number of your company."),
}
