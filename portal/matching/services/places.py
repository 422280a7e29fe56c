"""A student's place over a chain of rounds: given, taken back, given back. Whoever changes one waits for the chain's first round."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from portal.core import clock
from portal.core.conditional import rows_changed
from portal.core.db import db
from portal.internships.models import InternshipRound
from portal.matching.models import MatchPlace, RollingOffer
from portal.matching.queries.places import first_of


def lock_chain(round_id: int) -> InternshipRound:
    """The round, while everybody else who gives or takes a place in its chain waits."""
    first = select(InternshipRound.id).where(InternshipRound.id == first_of(round_id)).with_for_update()
    db.session.execute(first)
    return db.session.get_one(InternshipRound, round_id, populate_existing=True)


def give_places(round_id: int, pairs: Iterable[tuple[int, int]]) -> None:
    """Students and postings of a result that is chosen. The database says no to a second place in a chain."""
    chain, now = first_of(round_id), clock.now()
    db.session.add_all(
        MatchPlace(chain_id=chain, round_id=round_id, posting_id=posting, student_id=student, made_at=now)
        for student, posting in pairs
    )
    db.session.flush()


def take_places_back(round_id: int) -> None:
    """The result is no longer chosen: as if it had never been."""
    db.session.execute(
        delete(MatchPlace).where(MatchPlace.round_id == round_id, MatchPlace.offer_id.is_(None))
    )


def give_place(offer: RollingOffer) -> None:
    """The offer is taken."""
    made = MatchPlace(
        chain_id=offer.chain_id, round_id=offer.round_id, posting_id=offer.posting_id, student_id=offer.student_id,
        offer_id=offer.id, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()


def free_place(*, posting_id: int, student_id: int) -> bool:
    """An internship that was called off before its start: student and place are free again. False where nothing stood."""
    stands = update(MatchPlace).where(
        MatchPlace.posting_id == posting_id,
        MatchPlace.student_id == student_id,
        MatchPlace.freed_at.is_(None),
    )
    return rows_changed(stands.values(freed_at=clock.now())) == 1
