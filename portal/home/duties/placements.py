"""What waits in internships that came of a match: for students, companies and the office."""

from __future__ import annotations

from portal.core.access import Actor
from portal.core.i18n import _, current_language
from portal.domain.placements.placement_flow import Side
from portal.home.duties import Task
from portal.placements.pages import duty_words
from portal.placements.policy import side_of
from portal.placements.queries.duties import ACTIVE, duties_of
from portal.placements.queries.placements import placements_of


def placement_tasks(person: Actor, organisation_id: int | None = None) -> list[Task]:
    """The next step of each internship of a student, or of one company; nothing is asked where there is none."""
    wanted = Side.STUDENT if organisation_id is None else Side.COMPANY
    mine = [
        each
        for each in placements_of(person)
        if each.state in ACTIVE
        and side_of(person, each) is wanted
        and organisation_id in (None, each.organisation_id)
    ]
    waiting, found = duties_of(mine) if mine else {}, []
    for placement in mine:
        duty = next((each for each in waiting[placement.id] if each.side is wanted), None)
        if duty is not None:
            who = (
                placement.organisation.name(current_language())
                if wanted is Side.STUDENT
                else placement.student.name
            )
            values = {"placement_id": placement.id}
            found.append(
                Task(
                    _("Internship: %(task)s", task=duty_words(duty)), _("See"), "placements.show_placement", values, detail=who,
                    due=duty.due_on,
                )
            )  # fmt: skip
    return found
