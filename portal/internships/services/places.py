"""How many students a posting, and a company over all its postings, takes; 0 is a normal answer."""

from __future__ import annotations

from sqlalchemy import update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.domain.internships.posting_rules import PostingFault
from portal.internships.models import InternshipHost, InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations, may_change_places, may_change_total
from portal.internships.queries.rounds import places_of
from portal.internships.services.moves import CHANGED, NOT_NOW, NOT_YOURS, note_posting
from portal.internships.services.writing import FAULTS


def change_places(*, posting: InternshipPosting, places: int, least_places: int, by: Actor) -> None:
    """How many students this posting takes, until the lists lock; 0 is a normal answer. Raises Refused at its field, OutOfDate."""
    if not may_change_places(posting, posting.round):
        raise OutOfDate(NOT_NOW)
    if least_places > places:
        raise Refused(FAULTS[PostingFault.LEAST_ABOVE_PLACES], field="least_places")
    old = {"places": posting.places, "least_places": posting.least_places}
    new = {"places": places, "least_places": least_places}
    if old == new:
        return
    stands = update(InternshipPosting).where(
        InternshipPosting.id == posting.id, InternshipPosting.version == posting.version
    )
    change_one(posting, stands.values(**new, version=posting.version + 1), CHANGED)
    changes = {field: [old[field], new[field]] for field in new if old[field] != new[field]}
    note_posting("posting.places_changed", posting, by, changes=changes)


def change_total_places(
    *, season: InternshipRound, organisation_id: int, places: int | None, by: Actor
) -> None:
    """How many students the company takes over all its postings, until the lists lock; None: as many as the postings offer.

    Raises Refused, OutOfDate.
    """
    if organisation_id not in hosting_organisations(by):
        raise Refused(NOT_YOURS)
    if not may_change_total(season):
        raise OutOfDate(NOT_NOW)
    host = places_of(season.id, organisation_id)
    before = host.places if host else None
    if places is None:
        _forget(host, before, by)
        return
    said = {"places": places, "changed_by_id": by.id, "changed_at": clock.now()}
    if host is None:
        host, is_ours = add_or_find(
            InternshipHost(round_id=season.id, organisation_id=organisation_id, **said),
            lambda: places_of(season.id, organisation_id),
        )
        before = None if is_ours else host.places
    for field, value in said.items():
        setattr(host, field, value)
    db.session.flush()
    if before != places:
        _note(host, before, places, by)


def _forget(host: InternshipHost | None, before: int | None, by: Actor) -> None:
    if host is not None:
        _note(host, before, None, by)
        db.session.delete(host)
        db.session.flush()


def _note(host: InternshipHost, before: int | None, after: int | None, by: Actor) -> None:
    record(
        verb="host.places_changed", subject=host, organisation_id=host.organisation_id, by=by,
        changes={"places": [before, after]}, audience=Audience.PARTY,
    )  # fmt: skip
