"""To career support: a chosen result is held back until it has decided. Names stand behind the sign-in alone."""

from __future__ import annotations

from collections.abc import Sequence

from portal.accounts.enums import Role
from portal.accounts.queries import recipient_for, staff_with
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.internships.models import InternshipRound
from portal.matching.models import MatchDoubt
from portal.notifications.services import send_mail


def tell_office(season: InternshipRound, doubts: Sequence[MatchDoubt]) -> None:
    """How many placements can no longer be as they were chosen."""
    newest = max(doubt.id for doubt in doubts)
    for person in staff_with(Role.CAREER_SUPPORT):
        send_mail(
            event="matching/choice_doubted",
            to=recipient_for(person),
            context={"season": season, "count": len(doubts)},
            button=(_l("See and decide"), absolute_url("matching_staff.confirm_choice", round_id=season.id)),
            key=f"round:{season.id}:doubt:{newest}:{person.id}",
        )
