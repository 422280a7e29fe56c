"""Which tiers of the next year are open to a member, and what it has to tell of itself again first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.models import Organisation
from portal.accounts.services import update_organisation
from portal.core import clock
from portal.core.access import Actor
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.eligibility import Verdict, evidence_of
from portal.domain.renewal_flow import are_stale
from portal.membership.models import Tier
from portal.membership.queries.renewals import facts_told_on
from portal.membership.services.eligibility import judge

NOT_OPEN = _l("Your company does not meet the conditions of this tier today. Please choose another.")
ASK_SIZE = _l("Please tell us the number of employees as of today; this tier depends on it.")
ASK_FOUNDING = _l("Please tell us the day of founding; this tier depends on it.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the company says of itself with its answer; None: nothing new."""

    employees: int | None = None
    founded_on: date | None = None


NOTHING_NEW = Facts()


@dataclass(frozen=True, slots=True)
class Choice:
    """A tier that the company chose, with everything that was judged on the way."""

    tier: Tier
    evidence: dict[str, Any]


def judged_tiers(
    organisation: Organisation, fiscal_year: int, facts: Facts = NOTHING_NEW
) -> list[tuple[Tier, Verdict]]:
    """Each tier of the year with its verdict on today's data. Seats are not asked for: learners are agreed afterwards."""
    answers: Mapping[str, Mapping[str, Any]] = {
        "company": {"corporate_number": organisation.corporate_number or ""},
        "profile": {
            "employees": organisation.employees if facts.employees is None else facts.employees,
            "founded_on": facts.founded_on or organisation.founded_on,
        },
        "tier": {"learners_wanted": 0},
    }
    return judge(answers, fiscal_year)


def facts_to_ask(organisation: Organisation, *tiers: Tier) -> frozenset[str]:
    """`employees` where a tier depends on the size and we heard of it too long ago; `founded_on` where it is not known."""
    if not any(tier.requires_venture for tier in tiers):
        return frozenset()
    asked = set()
    if organisation.employees is None or are_stale(facts_told_on(organisation.id), clock.today()):
        asked.add("employees")
    if organisation.founded_on is None:
        asked.add("founded_on")
    return frozenset(asked)


def choose(organisation: Organisation, fiscal_year: int, code: str, facts: Facts) -> Choice:
    """The tier `code` of the year if it is open to the company today. Raises Refused at `tier`, `employees`, `founded_on`."""
    judged = judged_tiers(organisation, fiscal_year, facts)
    found = next((pair for pair in judged if pair[0].code == code), None)
    if found is None:
        raise Refused(_l("Please choose a tier."), field="tier")
    tier, verdict = found
    asked = facts_to_ask(organisation, tier)
    if "employees" in asked and facts.employees is None:
        raise Refused(ASK_SIZE, field="employees")
    if "founded_on" in asked and facts.founded_on is None:
        raise Refused(ASK_FOUNDING, field="founded_on")
    if not verdict.is_eligible:
        raise Refused(NOT_OPEN, field="tier")
    return Choice(tier, evidence_of(verdict, [each for _tier, each in judged]))


def keep_facts(organisation: Organisation, facts: Facts, by: Actor | int | None) -> date | None:
    """Write what was told over what was known; returns the day of telling, None when nothing was told."""
    told = {"employees": facts.employees, "founded_on": facts.founded_on}
    new = {name: value for name, value in told.items() if value is not None}
    if not new:
        return None
    update_organisation(organisation=organisation, by=by, **new)
    return clock.today()
