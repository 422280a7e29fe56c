"""The pages of an application in their order, and the steps that they make up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.i18n import _l
from portal.domain.typed import read_whole_number


class Step(StrEnum):
    """What the progress shows."""

    COMPANY = "company"
    ELIGIBILITY = "eligibility"
    PEOPLE = "people"
    PLAN = "plan"
    DOCUMENTS = "documents"
    CONFIRM = "confirm"

    @property
    def label(self) -> Any:
        return STEP_LABELS[self]


STEP_LABELS = {
    Step.COMPANY: _l("Your company"),
    Step.ELIGIBILITY: _l("Tier"),
    Step.PEOPLE: _l("People"),
    Step.PLAN: _l("Plan"),
    Step.DOCUMENTS: _l("Payment and documents"),
    Step.CONFIRM: _l("Check and send"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """One question group. `name` is its key in drafts, URLs and comments."""

    name: str
    step: Step
    title: Any


PAGES = (
    Page("company", Step.COMPANY, _l("Your company")),
    Page("profile", Step.COMPANY, _l("Size and business")),
    Page("tier", Step.ELIGIBILITY, _l("Membership tier")),
    Page("representative", Step.PEOPLE, _l("Representative")),
    Page("contact", Step.PEOPLE, _l("Contact person")),
    Page("billing", Step.PEOPLE, _l("Billing contact")),
    Page("learners", Step.PEOPLE, _l("Learners")),
    Page("plan", Step.PLAN, _l("What you plan")),
    Page("interests", Step.PLAN, _l("Areas and working groups")),
    Page("payment", Step.DOCUMENTS, _l("Payment")),
    Page("documents", Step.DOCUMENTS, _l("Attachments")),
    Page("confirm", Step.CONFIRM, _l("Check and send")),
)
BY_NAME = {page.name: page for page in PAGES}
QUESTIONS = tuple(page for page in PAGES if page.name not in ("documents", "confirm"))
OPTIONAL = frozenset({"learners", "interests", "documents"})  # pages without a question that needs an answer
MOST_LEARNERS = 20
LEARNERS_LISTED = 10


def pages_for(draft: Mapping[str, Any]) -> tuple[Page, ...]:
    """The pages that this draft goes through: learners are asked for only where some are wanted."""
    return tuple(page for page in PAGES if page.name != "learners" or learners_wanted(draft) > 0)


def learners_wanted(draft: Mapping[str, Any]) -> int:
    """How many learners the draft speaks of; 0 for what is no number."""
    typed = read_whole_number(str(draft.get("tier", {}).get("learners_wanted") or "")) or 0
    return min(max(typed, 0), MOST_LEARNERS)


def following(name: str, draft: Mapping[str, Any]) -> Page:
    """The page after this one."""
    pages = pages_for(draft)
    places = [page.name for page in pages]
    return pages[min(places.index(name) + 1, len(pages) - 1)] if name in places else pages[0]


def preceding(name: str, draft: Mapping[str, Any]) -> Page | None:
    """The page before this one; None on the first."""
    pages = pages_for(draft)
    places = [page.name for page in pages]
    place = places.index(name) if name in places else 0
    return pages[place - 1] if place else None
