"""What students and supervisors have to do now; one function a room, each giving its own tasks."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.careers.queries.consultations import consultations_of
from portal.careers.queries.profiles import missing_items, profile_of
from portal.careers.queries.supervision import supervision_of
from portal.core.access import Actor
from portal.core.i18n import _
from portal.home.duties import Task
from portal.home.duties.interests import interest_tasks
from portal.home.duties.placements import placement_tasks
from portal.home.duties.places import offer_tasks, prearranged_tasks
from portal.home.duties.rankings import list_tasks


def academic_tasks(person: Actor) -> list[Task]:
    """The tasks of all rooms."""
    return [
        *career_tasks(person),
        *interest_tasks(person),
        *list_tasks(person),
        *offer_tasks(person),
        *prearranged_tasks(person),
        *placement_tasks(person),
    ]


def career_tasks(person: Actor) -> list[Task]:
    """A student completes the profile, names the supervisor, talks with the office once."""
    if not person.has(Role.STUDENT):
        return []
    found = []
    if missing := missing_items(profile_of(person.id)):
        words = _(", ").join(str(item.label) for item in missing)
        found.append(Task(_("Complete your profile"), _("Continue"), "careers.edit_profile", detail=words))
    if supervision_of(person.id) is None:
        detail = _("Without the supervisor's approval no internship comes about.")
        found.append(
            Task(
                _("Name your academic supervisor"),
                _("Name the supervisor"),
                "careers.choose_supervisor",
                detail=detail,
            )
        )
    if all(each.cancelled_at for each in consultations_of(person.id)):
        detail = _("About your career, internships or your profile.")
        found.append(
            Task(
                _("Talk with the career-support office"),
                _("Choose a time"),
                "careers.list_consultations",
                detail=detail,
            )
        )
    return found
