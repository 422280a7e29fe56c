"""Who has a hand in a placement. Pure: the person and the row, nothing else."""

from __future__ import annotations

from portal.core.access import Actor
from portal.domain.placements.placement_flow import Mover, Side
from portal.internships.policy import hosting_organisations, may_run_rounds
from portal.placements.models import Placement

MOVERS = {Side.STUDENT: Mover.STUDENT, Side.COMPANY: Mover.COMPANY, Side.OFFICE: Mover.OFFICE}


def side_of(person: Actor, placement: Placement) -> Side | None:
    """As whom the person acts outside the office's pages; a supervisor reads and acts as nobody."""
    if placement.student_id == person.id:
        return Side.STUDENT
    return Side.COMPANY if placement.organisation_id in hosting_organisations(person) else None


def may_steer(person: Actor, placement: Placement) -> bool:
    """The office decides on it; nobody does on a company's that they belong to, or on their own."""
    is_ours = placement.organisation_id in person.organisation_ids or placement.student_id == person.id
    return may_run_rounds(person) and not is_ours
