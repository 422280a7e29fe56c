"""Keep a student and a company apart, with a reason that the office alone reads; lift it again. Nothing is deleted.

Neither side is told, and the trail names neither: it stands in no company's stream.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from portal.accounts.models import Organisation, Person
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.internships.models import InternshipPosting
from portal.internships.policy import may_run_rounds
from portal.matching.enums import ExclusionKind, Side
from portal.matching.models import Exclusion, Prearrangement
from portal.matching.queries.registers import are_apart
from portal.matching.services.doubts import look_at_choices
from portal.matching.services.endings import end_pair, standing_pairs

NOT_YOURS = _l("This is done by the career-support office.")
OWN = _l("You belong to this company; please leave this to a colleague.")
STANDS = _l("These two are kept apart already.")
AGREED = _l(
    "All four have agreed upon a place for this student at this company. It ends with this entry, and all of them are told so "
    "by mail, without the reason. Please confirm that."
)
LIFTED = _l("This exclusion was lifted already.")


def add_exclusion(
    *, student: Person, company: Organisation, kind: ExclusionKind, reason: str, by: Actor, ends_agreed: bool = False
) -> Exclusion:  # fmt: skip
    """The two are never paired from now on; what was being arranged between them beforehand ends, with mails that say no reason.

    A place to which all four have agreed ends only where the office knows of it (`ends_agreed`). A chosen result that
    brings them together is held back. Raises Refused.
    """
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)
    if company.id in by.organisation_ids:
        raise Refused(OWN)
    if not reason.strip():
        raise Refused(_l("Please say why; the office alone reads it."), field="reason")
    if are_apart(student.id, company.id):
        raise Refused(STANDS, field="company")
    arranged = standing_pairs(Prearrangement.student_id == student.id, *_with(company.id))
    if any(pair.is_fixed for pair in arranged) and not ends_agreed:
        raise Refused(AGREED, field="ends_agreed")
    made = Exclusion(
        student_id=student.id, organisation_id=company.id, kind=kind, reason=reason.strip(), created_at=clock.now(),
        created_by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    record(verb="exclusion.added", subject=made, by=by)
    for pair in arranged:
        end_pair(pair, Side.OFFICE, by.id)
    look_at_choices()
    return made


def lift_exclusion(*, exclusion: Exclusion, by: Actor) -> None:
    """The two may be paired again. Raises Refused, OutOfDate."""
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)
    stands = update(Exclusion).where(Exclusion.id == exclusion.id, Exclusion.lifted_at.is_(None))
    change_one(exclusion, stands.values(lifted_at=clock.now(), lifted_by_id=by.id), LIFTED)
    record(verb="exclusion.lifted", subject=exclusion, by=by)


def _with(organisation_id: int) -> tuple[ColumnElement[bool]]:
    theirs = select(InternshipPosting.id).where(InternshipPosting.organisation_id == organisation_id)
    return (Prearrangement.posting_id.in_(theirs),)
