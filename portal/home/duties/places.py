"""Places to answer: those that came free after a match, and those arranged before one."""

from __future__ import annotations

from portal.accounts.enums import Role
from portal.core import clock
from portal.core.access import Actor
from portal.core.i18n import _, current_language
from portal.home.duties import Task
from portal.matching.enums import OfferState
from portal.matching.queries.offers import offers_to
from portal.matching.queries.prearranged import unanswered_by


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


def prearranged_tasks(person: Actor) -> list[Task]:
    """Placements arranged before a match that wait for the word of a student or supervisor."""
    return [
        Task(
            prearranged_words(), _("See and answer"), "matching.show_prearrangement", {"pair_id": each.pair.id},
            detail=each.company.name(current_language()), due=clock.day_of(each.season.locks_at),
        )
        for each in unanswered_by(person)
    ]  # fmt: skip


def prearranged_words() -> str:
    """What there is to do about one."""
    return _("Answer the placement arranged beforehand")
