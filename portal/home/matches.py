"""What the match leaves to do: offers to answer, lists that are locked and not matched yet."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.i18n import _, current_language
from portal.home.queries.office import Waiting
from portal.home.todo import Task
from portal.internships.models import InternshipRound
from portal.matching.enums import OfferState
from portal.matching.queries.offers import offers_to


def offer_tasks(person: Actor) -> list[Task]:
    """Places that a student can take or decline."""
    if not person.has(Role.STUDENT):
        return []
    rows = [row for row in offers_to(person, current_language()) if row[0].shown_state is OfferState.OPEN]
    return [
        Task(
            _("Answer the offer of a place: %(posting)s", posting=title),
            _("See the offered place"),
            "matching.list_offers",
            detail=company,
            due=clock.day_of(offer.expires_at),
        )
        for offer, title, company, _student in rows
    ]


def runs_in_hand() -> Waiting:
    """Rounds whose lists are locked and for which no result is chosen, and since when the oldest waits."""
    open_ones = (InternshipRound.chosen_at.is_(None), InternshipRound.cancelled_at.is_(None))
    which = select(InternshipRound.locks_at).where(InternshipRound.locks_at <= clock.now(), *open_ones)
    locked = db.session.scalars(which).all()
    return Waiting(len(locked), min(locked, default=None))
