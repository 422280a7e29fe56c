"""The company writes a posting: begin, save, send in, take back, withdraw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.contact import contact_message
from portal.core.db import db
from portal.core.errors import Incomplete as Incomplete
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.posting_flow import Mover, PostingState
from portal.domain.internships.posting_rules import PostingFault, posting_faults
from portal.domain.terms import StandingState
from portal.internships import mail, signals
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations, may_change_places, may_edit_posting
from portal.internships.queries.postings import MOST_OF_ONE, postings_of
from portal.internships.services.interviews.inviting import end_of
from portal.internships.services.moves import CHANGED, NOT_NOW, NOT_YOURS, move_posting, note_posting
from portal.membership.queries.terms import standing_of

NOT_A_MEMBER = _l("Internships are open to members. Your company's membership is not in force today.")
TOO_MANY = _l("Your company has as many postings in this round as a round can hold.")
FAULTS = {
    PostingFault.MISSING: _l("Please fill in this field."),
    PostingFault.TOO_SHORT: _l("A stay lasts at least 8 weeks."),
    PostingFault.WINDOW_TOO_SHORT: _l("The stay does not fit between these two days."),
    PostingFault.ENDS_BEFORE_START: _l("The last day has to lie after the first."),
    PostingFault.STARTS_BEFORE_RESULT: _l(
        "The stay has to begin after the results of the round are published."
    ),
    PostingFault.PAY_MISSING: _l("Please write the amount."),
    PostingFault.PAY_WITHOUT_UNIT: _l("Please leave the amount empty where no pay is given."),
    PostingFault.DATA_UNNAMED: _l("Please say which data or materials the agreements are about."),
    PostingFault.LEAST_ABOVE_PLACES: _l("This cannot be more than the number of places."),
}


def start_posting(
    *, season: InternshipRound, organisation_id: int, once: str, by: Actor, copy_of: InternshipPosting | None = None
) -> InternshipPosting:  # fmt: skip
    """An empty draft, or one that says what another posting of the company says. The same `once` gives the first result.

    Raises Refused where the company is no member today or the round takes no postings.
    """
    standing = _begun_with(once)
    if standing is not None and standing.organisation_id == organisation_id:
        return standing
    if organisation_id not in hosting_organisations(by) or standing is not None:
        raise Refused(NOT_YOURS)
    if standing_of(organisation_id).state is not StandingState.ACTIVE:
        raise Refused(NOT_A_MEMBER)
    made = InternshipPosting(
        round_id=season.id, organisation_id=organisation_id, once_key=once, created_by_id=by.id, created_at=clock.now(),
        moved_at=clock.now(), **(copy_of.said() if copy_of else {}),
    )  # fmt: skip
    made.state = PostingState.DRAFT
    if not may_edit_posting(made, season):
        raise Refused(NOT_NOW)
    if len(postings_of(season.id, organisation_id)) >= MOST_OF_ONE:
        raise Refused(TOO_MANY)
    begun, is_ours = add_or_find(made, lambda: _begun_with(once))
    if is_ours:
        note_posting("posting.started", made, by)
    return begun


def _begun_with(once: str) -> InternshipPosting | None:
    return db.session.scalars(
        select(InternshipPosting).where(InternshipPosting.once_key == once)
    ).one_or_none()


def save_posting(*, posting: InternshipPosting, values: Mapping[str, Any], version: int, by: Actor) -> None:
    """Keep what was typed, complete or not. `version` is what the page showed. Raises OutOfDate."""
    if not may_edit_posting(posting, posting.round):
        raise OutOfDate(NOT_NOW)
    stands = update(InternshipPosting).where(
        InternshipPosting.id == posting.id, InternshipPosting.version == version, InternshipPosting.state == posting.state
    )  # fmt: skip
    change_one(posting, stands.values(**values, version=version + 1), CHANGED)


def submit_posting(*, posting: InternshipPosting, version: int, by: Actor) -> None:
    """Send it to the office. Raises Incomplete with every field that needs another look, OutOfDate."""
    if not may_edit_posting(posting, posting.round):
        raise OutOfDate(NOT_NOW)
    faults = faults_of(posting, posting.said())
    if faults:
        raise Incomplete(faults)
    if standing_of(posting.organisation_id).state is not StandingState.ACTIVE:
        raise Refused(NOT_A_MEMBER)
    move_posting(posting, PostingState.SUBMITTED, Mover.COMPANY, by=by, version=version)
    mail.tell_office(posting)


def faults_of(posting: InternshipPosting, said: Mapping[str, Any]) -> dict[str, Any]:
    """What would keep it from students if it said this, by field in the order of the page: what is missing, and ways to reach its
    people."""
    wrong = posting_faults(said, clock.day_of(posting.round.publishes_at))
    reach = {
        name: message
        for name, value in said.items()
        if isinstance(value, str) and (message := contact_message(value))
    }
    return {
        name: FAULTS[wrong[name]] if name in wrong else reach[name]
        for name in said
        if name in wrong or name in reach
    }


def take_back_posting(*, posting: InternshipPosting, by: Actor) -> None:
    """Out of the office's queue, to be changed again. Raises OutOfDate once the office has decided."""
    move_posting(posting, PostingState.DRAFT, Mover.COMPANY, by=by)


def withdraw_posting(*, posting: InternshipPosting, reason: str, by: Actor) -> None:
    """No longer offered. What students have seen is taken back with a reason, until the lists lock. Raises Refused, OutOfDate."""
    if not may_change_places(posting, posting.round):
        raise OutOfDate(NOT_NOW)
    is_seen = posting.state is PostingState.PUBLISHED
    if is_seen and not reason.strip():
        raise Refused(_l("Please say why; students who follow this posting read it."), field="reason")
    move_posting(posting, PostingState.WITHDRAWN, Mover.COMPANY, by=by, note=reason.strip())
    if is_seen:
        end_of(by, posting_id=posting.id)
        mail.tell_office(posting)
        signals.posting_withdrawn.send(posting, by=by.id)
