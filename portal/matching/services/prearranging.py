"""A placement that all want before the match: proposed by one side, it stands once student, company, supervisor and office have agreed.

Until the lists lock each side may decline or take its word back, which ends it. A seat that is fixed leaves the match.
"""

from __future__ import annotations

from sqlalchemy import select, update

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation
from portal.careers.queries.supervision import supervision_of
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.contact import without_contact
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations, may_run_rounds
from portal.internships.queries.interests import interest_in, vetoed_pairs
from portal.internships.queries.rounds import places_of
from portal.matching import arranging_mail as mail
from portal.matching.enums import Side
from portal.matching.models import Prearrangement
from portal.matching.queries.prearranged import Arranged, pair_of, settled_in
from portal.matching.queries.registers import are_apart
from portal.matching.services.endings import OVER, end_pair, note_pair
from portal.matching.services.limits import still

NOT_YOURS = _l("A placement is proposed by the student, the company or the career-support office.")
NOT_NOW = _l(
    "This round is not open to placements beforehand: it has not begun, its lists are locked, or the posting is closed."
)
NOT_POSSIBLE = _l("This pair cannot be arranged. Please ask the career-support office.")
APART = _l("These two are kept apart. The register of the office says why; neither of them is told.")
VETOED = _l("This posting was not approved for the student. Please approve it first, where it was refused.")
STANDS = _l("This placement is being arranged already.")
NO_STUDENT = _l("This person is not a student today.")
PLACED = _l("The student has another placement that all have agreed upon.")
FULL = _l("All places of this posting, or of the company, are taken by placements that all have agreed upon.")
_COLUMNS = {
    Side.STUDENT: "student_at",
    Side.COMPANY: "company_at",
    Side.SUPERVISOR: "supervisor_at",
    Side.OFFICE: "office_at",
}


def propose_placement(
    *, posting: InternshipPosting, student_id: int, side: Side, words: str, by: Actor
) -> Prearrangement:  # fmt: skip
    """The proposing side has agreed with it; the three others are asked. Ended before, it begins anew. Raises Refused, OutOfDate."""
    season = db.session.get_one(InternshipRound, posting.round_id)
    if not _may_propose(posting, student_id, side, by):
        raise Refused(NOT_YOURS)
    if season.stage not in CHOOSING or posting.state is not PostingState.PUBLISHED:
        raise OutOfDate(NOT_NOW)
    if not _is_student(student_id):
        raise Refused(NO_STUDENT, field="student")
    is_wanted = side is Side.OFFICE or _shows_interest(student_id, posting.id)
    if not is_wanted:
        raise Refused(NOT_POSSIBLE)
    if (
        side is Side.OFFICE
    ):  # the two themselves are not told: their proposal waits for the office, which cannot agree
        _check_apart(student_id, posting.organisation_id)
    fresh = _fresh(side, words, by)
    made = Prearrangement(round_id=season.id, student_id=student_id, posting_id=posting.id, **fresh)
    standing, is_ours = add_or_find(made, lambda: pair_of(season.id, student_id, posting.id))
    if not is_ours:
        again = update(Prearrangement).where(
            Prearrangement.id == standing.id, Prearrangement.ended_at.is_not(None)
        )
        change_one(standing, again.values(**fresh), STANDS)
    note_pair("prearrangement.proposed", standing, by.id)
    mail.ask_others(standing)
    return standing


def agree_placement(*, arranged: Arranged, side: Side, by: int | None) -> None:
    """One side's yes; the last one fixes the place. `by` None: the supervisor with the link of the mail.

    Raises OutOfDate where it was answered or has ended, Refused where the place is gone.
    """
    pair = arranged.pair
    still(arranged.season)
    _require_open(arranged)
    if side is Side.OFFICE:
        _check_apart(pair.student_id, arranged.company.id)
    if side is Side.SUPERVISOR and (pair.student_id, pair.posting_id) in vetoed_pairs(pair.round_id):
        raise Refused(VETOED)
    column = getattr(Prearrangement, _COLUMNS[side])
    stands = update(Prearrangement).where(
        Prearrangement.id == pair.id, Prearrangement.ended_at.is_(None), column.is_(None)
    )
    values = {_COLUMNS[side]: clock.now()} | _author(side, by)
    change_one(pair, stands.values(**values), OVER)
    note_pair("prearrangement.agreed", pair, by, _guide(pair, by))
    if pair.is_fixed:
        _check_seats(arranged)
        note_pair("prearrangement.fixed", pair, None)
        mail.tell_fixed(pair)


def end_placement(*, arranged: Arranged, side: Side, by: int | None) -> None:
    """One side's no, or its yes taken back. Raises OutOfDate where it has ended or the lists are locked."""
    _require_open(arranged)
    end_pair(arranged.pair, side, by, _guide(arranged.pair, by))


def _may_propose(posting: InternshipPosting, student_id: int, side: Side, by: Actor) -> bool:
    return {
        Side.STUDENT: by.has(Role.STUDENT) and by.id == student_id,
        Side.COMPANY: posting.organisation_id in hosting_organisations(by),
        Side.OFFICE: may_run_rounds(by) and posting.organisation_id not in by.organisation_ids,
        Side.SUPERVISOR: False,
    }[side]


def _fresh(side: Side, words: str, by: Actor) -> dict[str, object]:
    """A row as it begins: only the proposing side has agreed."""
    nobody: dict[str, object] = dict.fromkeys(
        (*_COLUMNS.values(), "company_by_id", "office_by_id", "ended_at")
    )
    said = {
        "proposed_at": clock.now(),
        "proposed_by_id": by.id,
        "proposed_as": side,
        "words": words.strip() if side is Side.OFFICE else without_contact(words, field="words"),
        "ended_by": "",
    }
    return nobody | said | {_COLUMNS[side]: clock.now()} | _author(side, by.id)


def _author(side: Side, by: int | None) -> dict[str, object]:
    named = {Side.COMPANY: "company_by_id", Side.OFFICE: "office_by_id"}
    return {named[side]: by} if side in named else {}


def _is_student(person_id: int) -> bool:
    role = select(Affiliation.id).where(
        Affiliation.person_id == person_id, Affiliation.role == Role.STUDENT, Affiliation.ended_at.is_(None)
    )
    return db.session.scalar(role.limit(1)) is not None


def _shows_interest(student_id: int, posting_id: int) -> bool:
    interest = interest_in(posting_id, student_id)
    return interest is not None and interest.state is InterestState.SHOWN


def _require_open(arranged: Arranged) -> None:
    if arranged.season.stage not in CHOOSING:
        raise OutOfDate(NOT_NOW)


def _check_seats(arranged: Arranged) -> None:
    """The pair is counted already. One at a time: the round stands still."""
    pair, posting = arranged.pair, arranged.posting
    db.session.refresh(posting)
    if posting.state is not PostingState.PUBLISHED:
        raise OutOfDate(NOT_NOW)
    if are_apart(pair.student_id, posting.organisation_id):
        raise Refused(NOT_POSSIBLE)
    _students, seats, places = settled_in(pair.round_id)
    if _others_of(pair):
        raise Refused(PLACED)
    host = places_of(pair.round_id, posting.organisation_id)
    if seats[posting.id] > posting.places or (host and places[posting.organisation_id] > host.places):
        raise Refused(FULL)


def _check_apart(student_id: int, organisation_id: int) -> None:
    if are_apart(student_id, organisation_id):
        raise Refused(APART)


def _others_of(pair: Prearrangement) -> bool:
    mine = select(Prearrangement).where(
        Prearrangement.round_id == pair.round_id, Prearrangement.student_id == pair.student_id, Prearrangement.id != pair.id
    )  # fmt: skip
    return any(
        each.is_fixed for each in db.session.scalars(mine, execution_options={"populate_existing": True})
    )


def _guide(pair: Prearrangement, by: int | None) -> str:
    """Who spoke by the link, as no account tells."""
    guide = supervision_of(pair.student_id) if by is None else None
    return guide.name if guide else ""
