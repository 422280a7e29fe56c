"""A student ranks postings until the lists lock. What stands on a list goes nowhere but into the match: no trail, no mail, no log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, update

from portal.accounts.enums import Role
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.timetable import Stage
from portal.internships.models import Interest, InternshipRound
from portal.matching.models import PreferenceList
from portal.matching.queries.lists import own_list, wanted_by

STUDENTS_ALONE = _l("Postings are ranked by doctoral students.")
NOT_OPEN = _l("Lists can be changed from the day on which ranking begins until they lock. Now they cannot.")
CHANGED = _l(
    "The list was changed in another window. It stands here as it is now; your last step was not made, please make it again."
)
TWICE = _l("A posting can stand on the list once.")
NOT_WANTED = _l("You can rank postings that are open to students and in which you show interest.")
A_SITTING = timedelta(minutes=15)  # changes within it are one entry in the trail


def save_list(
    *, season: InternshipRound, postings: Sequence[int], version: int, by: Actor
) -> PreferenceList:  # fmt: skip
    """The student's postings, best first; `version` is what the page showed, 0 for the first time. An empty list is a normal answer.

    Raises Refused where a posting cannot be ranked, OutOfDate when the list was changed meanwhile or ranking is not open.
    """
    if not by.has(Role.STUDENT):
        raise Refused(STUDENTS_ALONE)
    if season.stage is not Stage.RANKING:
        raise OutOfDate(NOT_OPEN)
    if len(postings) > season.longest_list:
        raise Refused(
            _l(
                "In this round a list has at most %(most)s postings. Take another one off first.",
                most=season.longest_list,
            )
        )
    standing = own_list(by, season.id)
    _check(postings, standing.postings if standing else [], by, season.id)
    now = clock.now()
    if standing is None:
        made = PreferenceList(round_id=season.id, student_id=by.id, postings=list(postings), changed_at=now)
        return _begin(made, version, by)
    before = standing.changed_at
    stands = update(PreferenceList).where(PreferenceList.id == standing.id, PreferenceList.version == version)
    change_one(standing, stands.values(postings=list(postings), version=version + 1, changed_at=now), CHANGED)
    if now - before >= A_SITTING:
        record(verb="preferences.saved", subject=standing, by=by)
    return standing


def take_off(interest: Interest) -> None:
    """A posting that the student no longer wants leaves the list at once: shown again, interest does not bring back its old place."""
    mine = (PreferenceList.round_id == interest.round_id, PreferenceList.student_id == interest.student_id)
    kept = db.session.scalars(
        select(PreferenceList).where(*mine).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if kept is not None and interest.posting_id in kept.postings:
        kept.postings = [each for each in kept.postings if each != interest.posting_id]
        kept.version += 1


def _begin(made: PreferenceList, version: int, by: Actor) -> PreferenceList:
    if version != 0:
        raise OutOfDate(CHANGED)
    standing, is_ours = add_or_find(made, lambda: own_list(by, made.round_id))
    if not is_ours:
        raise OutOfDate(CHANGED)
    record(verb="preferences.saved", subject=standing, by=by)
    return standing


def _check(postings: Sequence[int], before: Sequence[int], by: Actor, round_id: int) -> None:
    """New on the list may be what is open; what stood there may stay while the interest stands."""
    if len(set(postings)) < len(postings):
        raise Refused(TWICE)
    wanted = wanted_by(by, round_id)
    for posting in postings:
        if posting not in wanted or not (wanted[posting].is_offered or posting in before):
            raise Refused(NOT_WANTED)
