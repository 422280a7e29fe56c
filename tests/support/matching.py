"""Students, companies and their lists in a round of matching; everything invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.accounts.enums import CredentialKind
from portal.accounts.models import Credential, Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import Approval, Interest, InternshipPosting, InternshipRound
from portal.matching.models import CompanyRanking, Prearrangement, PreferenceList
from tests.support import internships as given
from tests.support.academics import student

_serial = iter(range(1, 1_000_000))


def trained(at: Organisation, *, is_trained: bool = True, **values: Any) -> Person:
    """A doctoral student who has completed the training."""
    made = student(at, **values)
    if is_trained:
        with transaction() as session:
            session.add(
                Credential(
                    person_id=made.id, kind=CredentialKind.TRAINING, earned_on=date(2026, 3, 1), granted_by_id=made.id,
                    granted_at=clock.now(),
                )
            )  # fmt: skip
    return made


def offer(admin: Person, round_id: int, **values: Any) -> int:
    """A published posting of somebody's company; its number."""
    n = next(_serial)
    said = given.SAID | {"title": f"募集{n}", "title_en": f"Posting {n}", "mentor": f"Mentor {n}"} | values
    company = given.company_of(admin)
    with transaction() as session:
        made = InternshipPosting(
            round_id=round_id, organisation_id=company, state=PostingState.PUBLISHED, once_key=f"offer{n}",
            created_by_id=admin.id, created_at=clock.now(), moved_at=clock.now(), published_at=clock.now(), **said,
        )  # fmt: skip
        session.add(made)
    return made.id


def apply(
    who: Person, posting_id: int, state: ApprovalState | None = ApprovalState.APPROVED, **values: Any
) -> int:
    """Interest in a posting, with the supervisor's word; the number of the interest."""
    with transaction() as session:
        posting = session.get_one(InternshipPosting, posting_id)
        made = Interest(
            round_id=posting.round_id, organisation_id=posting.organisation_id, posting_id=posting_id, student_id=who.id,
            shown_at=clock.now(), moved_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        if state is not None:
            session.add(Approval(interest_id=made.id, state=state, asked_at=clock.now(), **values))
    return made.id


def lists(who: Person, round_id: int, *postings: int) -> None:
    """A student's list, as if it had been saved."""
    with transaction() as session:
        session.add(
            PreferenceList(
                round_id=round_id, student_id=who.id, postings=list(postings), changed_at=clock.now()
            )
        )


def ranks(
    admin: Person, round_id: int, *tiers: Sequence[Person], unacceptable: Sequence[Person] = ()
) -> None:
    """A company's ranking, as if it had been saved."""
    company = given.company_of(admin)
    with transaction() as session:
        session.add(
            CompanyRanking(
                round_id=round_id, organisation_id=company, tiers=[[who.id for who in tier] for tier in tiers],
                unacceptable=[who.id for who in unacceptable], changed_at=clock.now(), changed_by_id=admin.id,
            )
        )  # fmt: skip


def agreed(who: Person, posting_id: int, **values: Any) -> None:
    """A pre-arranged placement to which all four have said yes."""
    now = clock.now()
    with transaction() as session:
        posting = session.get_one(InternshipPosting, posting_id)
        said = {"student_at": now, "company_at": now, "supervisor_at": now, "office_at": now} | values
        session.add(
            Prearrangement(
                round_id=posting.round_id, student_id=who.id, posting_id=posting_id, proposed_at=now, proposed_by_id=who.id,
                **said,
            )
        )  # fmt: skip


def season(round_id: int) -> InternshipRound:
    """The round as it stands."""
    rollback()
    return db.session.get_one(InternshipRound, round_id)
