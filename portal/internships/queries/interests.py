"""Who is interested in what, and which pairs a supervisor has approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from portal.accounts.models import Organisation, Person
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound
from portal.domain.internships.interest_flow import ApprovalState, InterestState
from portal.domain.internships.periods import latest, stay_fits
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound
from portal.internships.policy import hosting_organisations


@dataclass(frozen=True, slots=True)
class Wanted:
    """One posting in which a student shows interest, as the student reads it."""

    interest: Interest
    posting: InternshipPosting
    company: Organisation
    season: InternshipRound
    approval: Approval

    @property
    def posting_id(self) -> int:
        """The number of the posting."""
        return self.posting.id

    @property
    def is_approved(self) -> bool:
        """Approved, for a time into which the stay fits."""
        return is_approved(self.approval, self.posting)

    @property
    def is_offered(self) -> bool:
        """Students may still choose the posting."""
        return self.posting.state is PostingState.PUBLISHED


@dataclass(frozen=True, slots=True)
class Applicant:
    """One student and one posting, as the company reads them: not why something was not approved."""

    interest_id: int
    student_id: int
    name: str
    posting_id: int
    words: str
    approval: ApprovalState
    shown_at: datetime


def is_approved(approval: Approval, posting: InternshipPosting) -> bool:
    """Approved, for a time into which the stay of the posting fits."""
    return approval.state is ApprovalState.APPROVED and stay_fits(
        starts_from=posting.starts_from,
        ends_by=posting.ends_by,
        weeks=posting.weeks,
        from_on=approval.from_on,
        until_on=approval.until_on,
    )


def interest_in(posting_id: int, student_id: int) -> Interest | None:
    """What a student said of a posting, shown or withdrawn."""
    mine = (Interest.posting_id == posting_id, Interest.student_id == student_id)
    return db.session.scalars(select(Interest).where(*mine)).one_or_none()


def interest_for(person: Actor, interest_id: int) -> Interest:
    """The student's own; raises NotFound."""
    found = db.session.get(Interest, interest_id)
    if found is None or found.student_id != person.id:
        raise NotFound
    return found


def interest_for_company(person: Actor, interest_id: int) -> Interest:
    """What an applicant of the person's company shows; raises NotFound."""
    found = db.session.get(Interest, interest_id)
    if (
        found is None
        or found.organisation_id not in hosting_organisations(person)
        or found.state is not InterestState.SHOWN
    ):
        raise NotFound
    return found


def interests_of(student_id: int, round_id: int) -> Sequence[Wanted]:
    """What a student may list in a round: interest stands and the posting is open. In the order in which it was shown first."""
    listable = (Interest.round_id == round_id, InternshipPosting.state == PostingState.PUBLISHED)
    return _wanted(student_id, *listable)


def all_interests_of(student_id: int) -> Sequence[Wanted]:
    """Everything in which the student's interest stands, also where the posting is no longer offered; the newest round first."""
    return sorted(_wanted(student_id), key=lambda each: -each.season.id)


def wanted_in(student_id: int, posting_id: int) -> Wanted | None:
    """One of them."""
    return next(iter(_wanted(student_id, Interest.posting_id == posting_id)), None)


def applicants_of(organisation_id: int, round_id: int) -> Sequence[Applicant]:
    """Who shows interest in which open posting of a company, a row each pair, by student in the order of their first interest."""
    mine, theirs = Interest.__table__.c, Approval.__table__.c
    statement = (
        select(mine.id, mine.student_id, Person.__table__.c.name, mine.posting_id, mine.words, theirs.state, mine.shown_at)
        .join_from(Interest.__table__, Approval.__table__, theirs.interest_id == mine.id)
        .join(Person.__table__, Person.__table__.c.id == mine.student_id)
        .join(InternshipPosting.__table__, InternshipPosting.__table__.c.id == mine.posting_id)
        .where(mine.round_id == round_id, mine.organisation_id == organisation_id, *_standing())
        .order_by(mine.id)
    )  # fmt: skip
    rows = [Applicant(*row) for row in db.session.execute(statement)]
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row.student_id, row.interest_id)
    return sorted(rows, key=lambda row: (first[row.student_id], row.interest_id))


def count_applicants(round_id: int, organisation_id: int) -> int:
    """How many students show interest in a company's open postings."""
    mine = Interest.__table__.c
    counted = (
        select(func.count(mine.student_id.distinct()))
        .join_from(
            Interest.__table__,
            InternshipPosting.__table__,
            InternshipPosting.__table__.c.id == mine.posting_id,
        )
        .where(mine.round_id == round_id, mine.organisation_id == organisation_id, *_standing())
    )
    return int(db.session.scalar(counted) or 0)


def approved_pairs(round_id: int, not_before: date | None = None) -> set[tuple[int, int]]:
    """(student, posting) with interest shown, the posting open, and an approval into whose time the stay fits, from a day on."""
    mine, said, work = Interest.__table__.c, Approval.__table__.c, InternshipPosting.__table__.c
    statement = (
        select(mine.student_id, mine.posting_id, work.starts_from, work.ends_by, work.weeks, said.from_on, said.until_on)
        .join_from(Interest.__table__, Approval.__table__, said.interest_id == mine.id)
        .join(InternshipPosting.__table__, work.id == mine.posting_id)
        .where(mine.round_id == round_id, said.state == ApprovalState.APPROVED, *_standing())
    )  # fmt: skip
    return {
        (student, posting)
        for student, posting, begins, ends_by, weeks, from_on, until_on in db.session.execute(statement)
        if stay_fits(
            from_on=from_on, until_on=until_on, starts_from=latest(begins, not_before), ends_by=ends_by, weeks=weeks
        )
    }  # fmt: skip


def vetoed_pairs(round_id: int) -> set[tuple[int, int]]:
    """(student, posting) that a supervisor has ruled out, also where the interest was taken back since."""
    mine, said = Interest.__table__.c, Approval.__table__.c
    statement = (
        select(mine.student_id, mine.posting_id)
        .join_from(Interest.__table__, Approval.__table__, said.interest_id == mine.id)
        .where(mine.round_id == round_id, said.state == ApprovalState.VETOED)
    )
    return {(row[0], row[1]) for row in db.session.execute(statement)}


def _standing() -> tuple[ColumnElement[bool], ...]:
    shown = Interest.__table__.c.state == InterestState.SHOWN
    return shown, InternshipPosting.__table__.c.state == PostingState.PUBLISHED


def _wanted(student_id: int, *conditions: ColumnElement[bool]) -> list[Wanted]:
    statement = (
        select(Interest, InternshipPosting, Organisation, InternshipRound, Approval)
        .join(InternshipPosting, InternshipPosting.id == Interest.posting_id)
        .join(Organisation, Organisation.id == Interest.organisation_id)
        .join(InternshipRound, InternshipRound.id == Interest.round_id)
        .join(Approval, Approval.interest_id == Interest.id)
        .where(Interest.student_id == student_id, Interest.state == InterestState.SHOWN, *conditions)
        .order_by(Interest.id)
    )
    return [Wanted(*row) for row in db.session.execute(statement)]
