"""A round of internships and two companies' postings in it, as addresses name them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.internships.agreements import AgreementKind
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.timetable import Timetable
from portal.internships.models import InternshipPosting
from tests.support import internships as given
from tests.support.academics import student, supervisor, university
from tests.support.agreements import agreed
from tests.support.marks import YEAR, Side, Thing

DAY = timedelta(days=1)
STATES = (PostingState.DRAFT, PostingState.SUBMITTED, PostingState.PUBLISHED)


def academics() -> dict[str, Person]:
    """A doctoral student and a supervisor of one university, who belong to no company."""
    place = university()
    return {
        "student": student(place, name="学術 student"),
        "supervisor": supervisor(place, name="学術 supervisor"),
    }


def internship_things(sides: Sequence[Side], officer: Person) -> dict[str, Thing]:
    """An open round; of each company a draft of its own, and a posting that the office has to review."""
    days = (-2, 20, 40, 50, 60, 90)
    times = Timetable(*(clock.now() + n * DAY for n in days))
    round_id = given.plan(officer, times=times, fiscal_year=YEAR)
    for side in sides:
        with transaction():
            made = [_posting(side, round_id, state) for state in STATES]
            db.session.add_all(made)
        side.things |= {"internships:posting_id": made[0].id, "internships_staff:posting_id": made[1].id}
        side.things |= {
            "agreement_id": agreed(
                officer, side.organisation_id, AgreementKind.NDA, note=f"{side.mark.word}の控え"
            )
        }
        side.things |= {"posting_id": made[0].id, "internships.show_offer:posting_id": made[2].id}
    return {"round_id": round_id}


def _posting(side: Side, round_id: int, state: PostingState) -> InternshipPosting:
    said = given.SAID | {"title": f"{side.mark.word}での解析", "title_en": f"Analysis at {side.mark.latin}"}
    return InternshipPosting(
        round_id=round_id, organisation_id=side.organisation_id, state=state, once_key=f"world:{side.mark.latin}:{state}",
        created_by_id=side.people["company_admin"].id, created_at=clock.now(), moved_at=clock.now(), **said,
    )  # fmt: skip
