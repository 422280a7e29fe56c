"""What was arranged beforehand ends: by a no, or because something that it stands on is gone. All others are told."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.i18n import _l
from portal.domain.internships.timetable import CHOOSING, Stage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.matching import arranging_mail as mail
from portal.matching.enums import Side
from portal.matching.models import Prearrangement

OVER = _l("This placement was answered or ended in the meantime. Please look at it again.")
COUNTS = (*CHOOSING, Stage.LOCKED)  # what is arranged still matters to the round


def end_pair(pair: Prearrangement, side: Side, by: int | None, note: str = "") -> None:
    """It ends in the name of one side; a `note` is for the office alone. Raises OutOfDate where it has ended already."""
    stands = update(Prearrangement).where(Prearrangement.id == pair.id, Prearrangement.ended_at.is_(None))
    change_one(pair, stands.values(ended_at=clock.now(), ended_by=side), OVER)
    note_pair("prearrangement.ended", pair, by, note)
    mail.tell_ended(pair)


def end_pairs(*which: ColumnElement[bool], side: Side, by: int | None) -> None:
    """All of these that stand, in rounds whose results are not out."""
    for pair in standing_pairs(*which):
        end_pair(pair, side, by)


def standing_pairs(*which: ColumnElement[bool]) -> Sequence[Prearrangement]:
    """Those of these that have not ended, in rounds whose results are not out."""
    statement = (
        select(Prearrangement, InternshipRound)
        .join(InternshipRound, InternshipRound.id == Prearrangement.round_id)
        .where(Prearrangement.ended_at.is_(None), *which)
        .order_by(Prearrangement.id)
    )
    return [pair for pair, season in db.session.execute(statement) if season.stage in COUNTS]


def note_pair(verb: str, pair: Prearrangement, by: int | None, note: str = "") -> None:
    """Into the company's trail; with a note into the office's alone: a company does not learn who supervises a student."""
    company = db.session.get_one(InternshipPosting, pair.posting_id).organisation_id
    audience = Audience.STAFF if note else Audience.PARTY
    record(verb=verb, subject=pair, organisation_id=company, by=by, note=note, audience=audience)
