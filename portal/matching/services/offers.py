"""Places offered one by one after the match: first come, first served, until a moment. A student takes one alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one, rows_changed
from portal.core.contact import without_contact
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations
from portal.matching import offer_mail, signals
from portal.matching.enums import OfferState
from portal.matching.models import RollingOffer
from portal.matching.queries.places import first_of, follower_of, places_left
from portal.matching.services.expiring import end_where
from portal.matching.services.openings import openings_in, waits_for_results
from portal.matching.services.places import give_place, lock_chain

SHORTEST = timedelta(hours=24)
NOT_NOW = _l(
    "Places can be offered from the results of a round until it closes, while no further round follows."
)
NOT_FREE = _l(
    "This student cannot be offered this place: not approved for it, placed already, or not in the match."
)
NOT_BY_YOU = _l("This company or posting cannot take anybody just now. Please ask the career-support office.")
LIMIT = _l("A limit for several companies together is reached. Please ask the career-support office.")
FULL = _l("No place is left in this posting. An offer holds its place until it expires.")
TWICE = _l("This student has an open offer for this posting already.")
TOO_SHORT = _l("Please leave the student at least 24 hours, and not longer than the round lasts.")
OVER = _l("This offer no longer stands: it was answered, taken back, or has expired.")
PLACED = _l("You have a place already; a student takes one.")
NO_LONGER = _l("This place can no longer be taken. Please ask the career-support office.")
MATCHED_NOW = _l(
    "You take part in the follow-up round, whose lists are locked. You can take this place after its results, if none came to you "
    "and the offer still stands."
)


def make_offer(
    *, posting: InternshipPosting, student_id: int, expires_at: datetime, words: str, once: str, by: Actor
) -> RollingOffer:  # fmt: skip
    """Offer a place; it is held until `expires_at`. The same `once` gives the first result. Raises Refused at its field, OutOfDate."""
    if posting.organisation_id not in hosting_organisations(by):
        raise NotFound
    if (standing := _made_with(once)) is not None:
        return standing
    season = lock_chain(posting.round_id)
    require_time(season)
    if not clock.now() + SHORTEST <= expires_at <= season.ends_at:
        raise Refused(TOO_SHORT, field="expires_on")
    _require_opening(season, posting, student_id)
    made = RollingOffer(
        round_id=season.id, chain_id=first_of(season.id), organisation_id=posting.organisation_id, posting_id=posting.id,
        student_id=student_id, once_key=once, words=without_contact(words, field="words"), made_at=clock.now(), made_by_id=by.id,
        expires_at=expires_at,
    )  # fmt: skip
    offer, is_ours = add_or_find(made, lambda: _made_with(once))
    if is_ours:
        _note("rolling_offer.made", offer, by)
        offer_mail.tell_student(offer)
    return offer


def may_be_offered(season: InternshipRound) -> bool:
    """Whether places of the round can be offered now."""
    return season.stage is Stage.PUBLISHED and follower_of(season.id) is None


def require_time(season: InternshipRound) -> None:
    """Raises OutOfDate where nothing can be offered: asked before anything that would tell of a result that is not out."""
    if not may_be_offered(season):
        raise OutOfDate(NOT_NOW)


def take_offer(*, offer: RollingOffer, by: Actor) -> None:
    """The student comes. Other offers to them are given back. Raises OutOfDate where they have a place, where it is over, and where the
    two cannot be brought together any more; a result that is not out yet is not told by it."""
    season = lock_chain(offer.round_id)
    if waits_for_results(season.id, by.id):
        raise OutOfDate(MATCHED_NOW)
    openings = openings_in(season)
    if by.id in openings.placed:
        raise OutOfDate(PLACED)
    if not openings.may(by.id, offer.posting_id):
        raise OutOfDate(NO_LONGER)
    _move(offer, OfferState.TAKEN, RollingOffer.student_id == by.id)
    others = update(RollingOffer).where(
        RollingOffer.student_id == by.id, RollingOffer.chain_id == offer.chain_id, RollingOffer.state == OfferState.OPEN
    )  # fmt: skip
    rows_changed(others.values(state=OfferState.DECLINED, answered_at=clock.now()))
    give_place(offer)
    _note("rolling_offer.taken", offer, by)
    signals.offer_taken.send(offer)
    offer_mail.tell_company(offer)


def decline_offer(*, offer: RollingOffer, by: Actor) -> None:
    """The student does not come; the place is free for another. Raises OutOfDate."""
    _move(offer, OfferState.DECLINED, RollingOffer.student_id == by.id)
    _note("rolling_offer.declined", offer, by)
    offer_mail.tell_company(offer)


def withdraw_offer(*, offer: RollingOffer, by: Actor) -> None:
    """The company takes it back before it is answered. Raises OutOfDate."""
    _move(offer, OfferState.WITHDRAWN, RollingOffer.organisation_id.in_(hosting_organisations(by)))
    _note("rolling_offer.withdrawn", offer, by)
    offer_mail.tell_student(offer)


def _require_opening(season: InternshipRound, posting: InternshipPosting, student_id: int) -> None:
    """There is a place, and the two may be brought together. Raises Refused at its field."""
    openings = openings_in(season)
    if posting.id not in openings.gate.offers:
        raise Refused(NOT_BY_YOU, field="posting_id")
    if not openings.may(student_id, posting.id):
        raise Refused(NOT_FREE, field="student_id")
    end_where(RollingOffer.posting_id == posting.id, RollingOffer.student_id == student_id)
    if _stands(posting.id, student_id):
        raise Refused(TWICE, field="student_id")
    if not places_left(season.id, openings.used).get(posting.id):
        raise Refused(FULL, field="posting_id")
    if not openings.has_room(posting.organisation_id):
        raise Refused(LIMIT, field="posting_id")


def _move(offer: RollingOffer, state: OfferState, whose: object) -> None:
    now = clock.now()
    stands = update(RollingOffer).where(
        RollingOffer.id == offer.id, RollingOffer.state == OfferState.OPEN, RollingOffer.expires_at > now, whose  # type: ignore[arg-type]
    )  # fmt: skip
    change_one(offer, stands.values(state=state, answered_at=now), OVER)


def _stands(posting_id: int, student_id: int) -> bool:
    mine = (RollingOffer.posting_id == posting_id, RollingOffer.student_id == student_id)
    which = select(RollingOffer.id).where(*mine, RollingOffer.state == OfferState.OPEN)
    return db.session.scalar(which) is not None


def _made_with(once: str) -> RollingOffer | None:
    return db.session.scalars(select(RollingOffer).where(RollingOffer.once_key == once)).one_or_none()


def _note(verb: str, offer: RollingOffer, by: Actor) -> None:
    record(
        verb=verb, subject=offer, organisation_id=offer.organisation_id, by=by, audience=Audience.PARTY,
        changes={"person": offer.student_id},
    )  # fmt: skip
