"""Who may do what with internships. Pure: the person and the row, nothing else."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.accounts.policy import CAREER_OFFICE, HOSTING_ROLES, hosting_organisations, may_support_careers
from portal.core.access import Actor
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHANGING, WRITING
from portal.internships.models import InternshipPosting, InternshipRound

OFFICE_ROLES = CAREER_OFFICE
__all__ = [
    "HOSTING_ROLES", "OFFICE_ROLES", "administered_companies", "hosting_companies", "hosting_organisations", "may_change_places",
    "may_change_total", "may_edit_posting", "may_review_posting", "may_run_rounds", "may_set_needed",
]  # fmt: skip


def hosting_companies(person: Actor) -> dict[int, str]:
    """Their names by number, in the reader's language."""
    ours = hosting_organisations(person)
    return {m.organisation_id: m.organisation_name for m in person.mandates if m.organisation_id in ours}


def administered_companies(person: Actor) -> tuple[int, ...]:
    """Companies whose agreements the person reads."""
    return person.organisations_with(Role.COMPANY_ADMIN)


def may_run_rounds(person: Actor) -> bool:
    """Plan rounds, review postings, run the match: the career-support office."""
    return may_support_careers(person)


def may_edit_posting(posting: InternshipPosting, season: InternshipRound) -> bool:
    """The company changes all of it."""
    return posting.state.is_editable and season.stage in WRITING


def may_change_places(posting: InternshipPosting, season: InternshipRound) -> bool:
    """The company changes how many students it takes, until the lists lock."""
    return not posting.state.is_final and season.stage in CHANGING


def may_change_total(season: InternshipRound) -> bool:
    """The company changes how many students it takes in all."""
    return season.stage in CHANGING


def may_set_needed(season: InternshipRound) -> bool:
    """The office says which agreements a round needs, until the lists lock."""
    return season.stage in CHANGING


def may_review_posting(person: Actor, posting: InternshipPosting) -> bool:
    """The office decides on it; nobody does on a company's that they belong to."""
    is_ours = posting.organisation_id in person.organisation_ids
    return may_run_rounds(person) and not is_ours and posting.state is PostingState.SUBMITTED
