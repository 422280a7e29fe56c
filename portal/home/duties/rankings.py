"""What students and companies have to rank now."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core import clock
from portal.core.access import Actor
from portal.core.i18n import _, current_language
from portal.home.duties import Task
from portal.internships.policy import hosting_organisations
from portal.matching.queries.standing import rounds_to_rank


def list_tasks(person: Actor) -> list[Task]:
    """A student who shows interest and has saved no list; one statement."""
    if not person.has(Role.STUDENT):
        return []
    return [
        Task(
            _("Rank the postings that you are interested in"),
            _("Rank postings"),
            "matching.show_list",
            {"round_id": season.id},
            detail=season.name(current_language()),
            due=clock.day_of(season.locks_at),
        )
        for season in rounds_to_rank(student_id=person.id)
    ]


def ranking_tasks(person: Actor, organisation_id: int) -> list[Task]:
    """A company that has applicants and has saved no ranking; one statement."""
    if organisation_id not in hosting_organisations(person):
        return []
    return [
        Task(
            _("Rank the applicants for your internships"),
            _("Rank"),
            "matching.show_ranking",
            {"round_id": season.id, "organisation_id": organisation_id},
            detail=season.name(current_language()),
            due=clock.day_of(season.locks_at),
        )
        for season in rounds_to_rank(organisation_id=organisation_id)
    ]
