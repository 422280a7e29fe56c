"""Agreements that a company needs before a match and does not have."""

from __future__ import annotations

from portal.core import clock
from portal.core.access import Actor
from portal.core.i18n import _, current_language
from portal.home.duties import Task
from portal.internships.agreement_pages import kind_words
from portal.internships.policy import administered_companies
from portal.internships.queries.needed import lacks_of


def agreement_tasks(person: Actor, organisation_id: int) -> list[Task]:
    """One a round without a result, for the company's administrators; two statements where anything is needed, else one."""
    if organisation_id not in administered_companies(person):
        return []
    return [
        Task(
            _("Needed before the match: %(agreements)s", agreements=kind_words(lack.kinds)),
            _("See the agreements"),
            "internships.list_agreements",
            {"organisation_id": organisation_id},
            detail=lack.round_name,
            due=clock.day_of(lack.locks_at),
        )
        for lack in lacks_of(organisation_id, current_language())
    ]
