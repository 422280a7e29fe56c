"""A supervisor says of a student and a posting whether and when; it can be changed until the lists lock."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from portal.audit.services import record
from portal.careers.models import Supervision
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.approval_rules import ApprovalFault, veto_faults, window_faults
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import CHOOSING
from portal.internships import signals
from portal.internships.models import Interest, InternshipPosting, InternshipRound
from portal.internships.policy import may_run_rounds
from portal.internships.queries.approvals import Asked, Vetoed
from portal.internships.services.telling import tell_student_later

OWN = _l("Nobody decides on their own stay.")
CLOSED = _l(
    "The lists of this round are locked, or the student is no longer interested. Nothing can be changed here."
)
FORMER = _l(
    "The supervisor before you has not approved this. It stays so until the career-support office lifts it; please write to the "
    "office."
)
OFFICE_ALONE = _l("This is done by the career-support office.")
WHY = _l("Please say why, and with whom you have spoken.")
CHANGED = _l("This was decided upon in the meantime. Please look at it again.")
FAULTS = {
    ApprovalFault.REASON_MISSING: _l("Please say why; the student reads it, the company does not."),
    ApprovalFault.ENDS_BEFORE_START: _l("The last day has to lie after the first."),
    ApprovalFault.DOES_NOT_FIT: _l(
        "The stay does not fit into these days. Please see the period of the posting."
    ),
}


def approve_pair(
    *, asked: Asked, from_on: date | None, until_on: date | None, version: int, by: int | None
) -> None:  # fmt: skip
    """The student may go between these days; what is left open is the posting's. Raises Refused at a field, OutOfDate."""
    posting = _held(asked)
    first, last = from_on or posting.starts_from, until_on or posting.ends_by
    if first is None or last is None:
        raise OutOfDate(CLOSED)
    _check(
        window_faults(
            first, last, starts_from=posting.starts_from, ends_by=posting.ends_by, weeks=posting.weeks
        )
    )
    _decide(asked, ApprovalState.APPROVED, version, by, reason="", from_on=first, until_on=last)


def veto_pair(*, asked: Asked, reason: str, version: int, by: int | None) -> None:
    """The student may not go; the student reads why. Raises Refused at `reason`, OutOfDate."""
    _held(asked)
    _check(veto_faults(reason))
    _decide(asked, ApprovalState.VETOED, version, by, reason=reason.strip(), from_on=None, until_on=None)
    signals.pair_vetoed.send(asked.interest, by=by)


def _held(asked: Asked) -> InternshipPosting:
    """The interest stands still while it is decided upon; gives the posting as it stands."""
    held = select(Interest).where(Interest.id == asked.interest.id).with_for_update()
    interest = db.session.scalars(held, execution_options={"populate_existing": True}).one()
    posting = db.session.get_one(InternshipPosting, interest.posting_id, populate_existing=True)
    season = db.session.get_one(InternshipRound, interest.round_id)
    stands = interest.state is InterestState.SHOWN and posting.state is PostingState.PUBLISHED
    if not stands or season.stage not in CHOOSING or asked.supervision.ended_at is not None:
        raise OutOfDate(CLOSED)
    return posting


def _check(faults: dict[str, ApprovalFault]) -> None:
    for field, fault in faults.items():
        raise Refused(FAULTS[fault], field=field)


def _decide(asked: Asked, state: ApprovalState, version: int, by: int | None, **said: Any) -> None:
    if by == asked.interest.student_id:
        raise Refused(OWN)
    _respect_former(asked)
    approval, mine = asked.approval, type(asked.approval)
    stands = update(mine).where(mine.id == approval.id, mine.version == version)
    values = {"state": state, "version": version + 1, "decided_at": clock.now(), "decided_by_id": by}
    change_one(approval, stands.values(**values, **said, supervision_id=asked.supervision.id), CHANGED)
    verb = "approval.given" if state is ApprovalState.APPROVED else "approval.vetoed"
    record(verb=verb, subject=approval, by=by, note=asked.supervision.name)
    tell_student_later(asked.interest.round_id, asked.interest.student_id)


def lift_veto(*, vetoed: Vetoed, reason: str, by: Actor) -> None:
    """The office asks the student's supervisor of today anew, with a reason that it alone reads. Raises Refused, OutOfDate."""
    if not may_run_rounds(by):
        raise Refused(OFFICE_ALONE)
    if not reason.strip():
        raise Refused(WHY, field="reason")
    if vetoed.season.stage not in CHOOSING:
        raise OutOfDate(CLOSED)
    approval, mine = vetoed.approval, type(vetoed.approval)
    stands = update(mine).where(mine.id == approval.id, mine.state == ApprovalState.VETOED)
    nothing = {"reason": "", "supervision_id": None, "decided_at": None, "decided_by_id": None}
    values = {"state": ApprovalState.ASKED, "version": mine.version + 1, "asked_at": clock.now()}
    change_one(approval, stands.values(**values, **nothing), CHANGED)
    record(verb="approval.veto_lifted", subject=approval, by=by, note=reason.strip())


def _respect_former(asked: Asked) -> None:
    """A student who names somebody else does not get round a veto: it is lifted by who gave it, or by the office."""
    said = asked.approval
    if said.state is not ApprovalState.VETOED or said.supervision_id in (None, asked.supervision.id):
        return
    former = db.session.get_one(Supervision, said.supervision_id)
    is_same_person = former.person_id is not None and former.person_id == asked.supervision.person_id
    if former.email_key != asked.supervision.email_key and not is_same_person:
        raise Refused(FORMER)
