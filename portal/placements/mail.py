"""Mails of placements, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import hosts_of, recipient_for, staff_with
from portal.core.db import db
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.domain.placements.placement_flow import Side
from portal.internships.models import InternshipPosting
from portal.notifications.services import Recipient, send_mail
from portal.placements.models import Placement

PARTNERS = (Side.STUDENT, Side.COMPANY)
PAGES = {"papers": (_l("See the documents"), "show_papers"), "hours": (_l("See the hours"), "show_hours")}


def tell(event: str, placement: Placement, sides: Iterable[Side], *, key: str, **said: Any) -> None:
    """To everybody of these sides: `event` names the folder, `key` what makes the message unique for each reader."""
    context = said | {
        "placement": placement,
        "posting": db.session.get_one(InternshipPosting, placement.posting_id),
        "company": db.session.get_one(Organisation, placement.organisation_id),
        "student": db.session.get_one(Person, placement.student_id),
    }
    for side in sides:
        for reader in readers(placement, side):
            send_mail(
                event=f"placements/{event}",
                to=reader,
                context=context | {"side": side.value},
                button=_button(event, placement, side),
                key=f"placement:{placement.id}:{key}:{side}:{reader.person_id}",
            )


def readers(placement: Placement, side: Side) -> list[Recipient]:
    """The people of a side, as readers of mails."""
    if side is Side.STUDENT:
        return [recipient_for(db.session.get_one(Person, placement.student_id))]
    if side is Side.OFFICE:
        return [recipient_for(person) for person in staff_with(Role.CAREER_SUPPORT)]
    company = db.session.get_one(Organisation, placement.organisation_id)
    return [recipient_for(person, company) for person in hosts_of(company)]


def _button(event: str, placement: Placement, side: Side) -> tuple[Any, str]:
    """To the page on which the reader does or finds what the mail speaks of."""
    room = "placements_staff" if side is Side.OFFICE else "placements"
    words, page = PAGES.get(event, (_l("See the internship"), "show_placement"))
    return words, absolute_url(f"{room}.{page}", placement_id=placement.id)
