"""Which placements somebody can propose before the match, as choices: `student:posting` and its words."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core.access import Actor
from portal.core.i18n import _, current_language
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.timetable import CHOOSING
from portal.internships.policy import hosting_companies
from portal.internships.queries.interests import all_interests_of, applicants_of
from portal.internships.queries.postings import postings_of
from portal.matching.queries.lists import begun_rounds


def own_pairs(person: Actor) -> list[tuple[str, str]]:
    """As a student: postings in which the person shows interest."""
    language = current_language()
    wanted = all_interests_of(person.id) if person.has(Role.STUDENT) else ()
    return [
        (f"{person.id}:{each.posting_id}", _with(each.posting.name(language), each.company.name(language)))
        for each in wanted
        if each.is_offered
        and each.season.stage in CHOOSING
        and each.approval.state is not ApprovalState.VETOED
    ]


def applicants(person: Actor) -> list[tuple[str, str]]:
    """As a company: those who show interest in its postings."""
    found = []
    for season in [each for each in begun_rounds() if each.stage in CHOOSING]:
        for company in hosting_companies(person):
            titles = {each.id: each.name(current_language()) for each in postings_of(season.id, company)}
            for row in applicants_of(company, season.id):
                found.append(
                    (f"{row.student_id}:{row.posting_id}", _with(row.name, titles.get(row.posting_id, "")))
                )
    return found


def _with(name: str, beside: str) -> str:
    return _("%(name)s (%(beside)s)", name=name, beside=beside)
