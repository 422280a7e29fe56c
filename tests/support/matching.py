"""Students, companies and their lists in a round of matching; everything invented."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask.testing import FlaskClient

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
from tests.support.academics import student, university
from tests.support.reader import Page, PageForm

_serial = iter(range(1, 1_000_000))


RANKING = given.TIMES.ranking_at + timedelta(hours=1)  # lists are made


@dataclass(frozen=True)
class Scene:
    """One company with one posting of two places; students at one university."""

    office: Person
    admin: Person
    round_id: int
    posting: int
    place: Organisation
    company: int

    def student(self, **values: Any) -> Person:
        """Who wants the posting, may have it, and lists it."""
        made = trained(self.place, **values)
        apply(made, self.posting)
        lists(made, self.round_id, self.posting)
        return made

    def applicant(self, **values: Any) -> Person:
        """Who wants the posting and may have it."""
        made = trained(self.place, **values)
        apply(made, self.posting)
        return made


def scene() -> Scene:
    """The round opens soon; `members.house()` has to stand."""
    office, admin = given.officer(), given.host()
    round_id = given.plan(office)
    return Scene(office, admin, round_id, offer(admin, round_id), university(), given.company_of(admin))


def change(model: Any, number: int, **values: Any) -> None:
    """Columns of one row, past all rules."""
    with transaction() as session:
        row = session.get_one(model, number)
        for name, value in values.items():
            setattr(row, name, value)


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


def step_form(page: Page, **fields: int) -> PageForm:
    """The form of one entry on a page of a list or ranking."""
    wanted = {name: str(value) for name, value in fields.items()}
    return next(form for form in page.forms if wanted.items() <= form.values().to_dict().items())


def token(browser: FlaskClient, page: str) -> str:
    """What a form of this page would send along."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(page).get_data(as_text=True))
    assert found
    return found[1]
