"""What a student's own list shows, in the reader's words: the order, what is odd about it, what could be added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.accounts.enums import CredentialKind
from portal.accounts.queries import has_credential
from portal.core import clock
from portal.core.access import Actor
from portal.core.formats import moment
from portal.core.i18n import _, current_language
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.interview_flow import LIVE
from portal.domain.internships.periods import fit_in_turn
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipRound
from portal.internships.queries.interests import Wanted
from portal.internships.queries.interviews import OPEN_TO_EACH_OTHER, meetings_of
from portal.matching.queries.lists import own_list, standing_order, wanted_by
from portal.matching.queries.places import days_of
from portal.matching.services.settled import place_counts


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting of the list, or one that could be added."""

    posting_id: int
    title: str
    company: str
    oddities: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class ListView:
    """A student's list of a round. `hints` speak of the whole list; `is_open`: it can be changed now."""

    entries: Sequence[Entry]
    others: Sequence[Entry]
    hints: Sequence[str]
    version: int
    saved: str
    is_open: bool
    is_full: bool


def list_view(person: Actor, season: InternshipRound) -> ListView:
    """What the page shows; six statements."""
    kept, wanted = own_list(person, season.id), wanted_by(person, season.id)
    strange, days = _unmet(person, season, wanted), _days(person, season.id, wanted)
    order = standing_order(kept, wanted)
    others = [each for number, each in wanted.items() if number not in order and each.is_offered]
    return ListView(
        entries=[_entry(wanted[posting], strange, days) for posting in order],
        others=[_entry(each, strange, days) for each in others],
        hints=_hints(person, season, order, wanted),
        version=kept.version if kept else 0,
        saved=saved_words(kept.changed_at) if kept else "",
        is_open=season.stage is Stage.RANKING,
        is_full=len(order) >= season.longest_list,
    )


def saved_words(at: datetime) -> str:
    """`Saved at 14:05`, with the day where it was not today."""
    if clock.day_of(at) == clock.today():
        return _("Saved at %(time)s", time=f"{at.astimezone(clock.OFFICE_ZONE):%H:%M}")
    return _("Saved: %(moment)s", moment=moment(at))


def _unmet(person: Actor, season: InternshipRound, wanted: Mapping[int, Wanted]) -> set[int]:
    """Companies that the student has not met, where an interview with them came to nothing, others have met the student, or nobody
    has as much as invited the student though interviews have begun."""
    meetings = [each for each in meetings_of(person.id) if each.season.id == season.id]
    met = {each.company.id for each in meetings if each.interview.state in OPEN_TO_EACH_OTHER}
    over = {each.company.id for each in meetings if each.interview.state not in LIVE}
    everybody = {each.company.id for each in wanted.values()}
    is_alone = not meetings and season.interviews_at <= clock.now()
    return (everybody if met or is_alone else over) - met


def _days(person: Actor, round_id: int, wanted: Mapping[int, Wanted]) -> dict[int, str]:
    """Of which postings the days do not fit: beside a place that the student has, or into the days of the own profile."""
    stays, free = days_of(person.id, round_id)
    found = {}
    for number, each in wanted.items():
        stay = each.posting.stay
        if not all(fit_in_turn(stay, other) for other in stays):
            found[number] = _(
                "You have a place in another round, and both stays do not fit one after the other: you cannot be placed here."
            )
        elif not stay.fits_between(*free):
            found[number] = _(
                "The stay does not fit into the days on which you can come, as your profile says."
            )
    return found


def _entry(wanted: Wanted, unmet: set[int], days: Mapping[int, str]) -> Entry:
    language = current_language()
    found = _oddities(wanted) or [days[each] for each in (wanted.posting_id,) if each in days]
    if not found and wanted.company.id in unmet:
        found = [
            _(
                "You have not met this company in an interview; companies seldom rank somebody they have not met."
            )
        ]
    return Entry(wanted.posting_id, wanted.posting.name(language), wanted.company.name(language), found)


def _oddities(wanted: Wanted) -> list[str]:
    """Why this entry leads nowhere as things stand; only from what the student may know."""
    if not wanted.is_offered:
        return [_("The posting is no longer offered.")]
    if not wanted.posting.places:
        return [_("The company offers no places in this posting just now.")]
    if wanted.approval.state is ApprovalState.VETOED:
        return [_("Your supervisor has not approved it: you cannot be placed here.")]
    if wanted.approval.state is ApprovalState.ASKED:
        return [_("Your supervisor has not answered yet: without approval you cannot be placed here.")]
    if not wanted.is_approved:
        return [_("Your supervisor approved other days: the stay does not fit into them.")]
    return []


def _hints(
    person: Actor, season: InternshipRound, order: Sequence[int], wanted: Mapping[int, Any]
) -> list[str]:
    found = []
    settled = place_counts(season, person.id)
    if settled:
        found.append(_("Your place is agreed upon already. The list is not needed and stays unread."))
    elif settled is False:
        found.append(
            _(
                "The place that was agreed upon for you beforehand does not count as things stand. Please make a list as well, and ask the career-support office."
            )
        )
    if not has_credential(person.id, CredentialKind.TRAINING):
        found.append(
            _(
                "Your completed training is not recorded yet. Without it your list takes no part; please ask the career-support office."
            )
        )
    if len(order) == 1 and len(wanted) > 1:
        found.append(
            _("Only one posting is on your list. More entries never lower the chance of the first one.")
        )
    elif len(order) == 1:
        found.append(
            _("Only one posting is on your list. You can show interest in others and rank them behind it.")
        )
    return found
