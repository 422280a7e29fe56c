"""Students who are interested in the two companies' postings: the visitor in A's, somebody else in B's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from portal.accounts.models import Person
from portal.core import clock
from portal.core.transaction import transaction
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.question_flow import QuestionState
from portal.domain.internships.question_flow import Side as AskingSide
from portal.internships.models import Interview, InterviewSlot, Question
from tests.support.academics import student
from tests.support.interests import approval_of, guided, secret_of, show, write_profile
from tests.support.marks import Side, Thing


def interest_things(
    sides: Sequence[Side], scholars: Mapping[str, Person], shared: Mapping[str, Thing]
) -> None:
    """One interest in each company's open posting; the visiting supervisor guides the visiting student."""
    write_profile(scholars["student"], "about", "cv")
    other = student(name="学術 other")
    guides = guided(scholars["student"], scholars["supervisor"]), guided(other)
    for side, who, guide in zip(sides, (scholars["student"], other), guides, strict=True):
        posting = side.things["internships.show_offer:posting_id"]
        interest = show(who, posting)
        side.things |= {"interest_id": interest, "internships.show_interest:posting_id": posting}
        side.things |= {
            "approval_id": approval_of(interest).id,
            "approval_token": secret_of(guide, shared["round_id"]),
        }
        slot = _slot(side, posting, shared["round_id"])
        interview = _interview(side, posting, shared["round_id"], interest, who)
        side.things |= {
            "question_id": _question(side, posting, shared["round_id"], who),
            "internships.ask_company:posting_id": posting,
            "slot_id": slot,
            "interview_id": interview,
            "internships.add_slots:posting_id": posting,
        }


def _slot(side: Side, posting: Thing, round_id: Thing) -> int:
    """A free time in the company's interviews."""
    start = clock.now() + timedelta(days=25)
    with transaction() as session:
        made = InterviewSlot(
            round_id=round_id, organisation_id=side.organisation_id, posting_id=posting, once_key=f"world:{side.mark.latin}",
            starts_at=start, ends_at=start + timedelta(minutes=30), place=f"{side.mark.word}本社", interviewer="担当",
            created_at=clock.now(), created_by_id=side.people["company_admin"].id,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def _interview(side: Side, posting: Thing, round_id: Thing, interest: int, who: Person) -> int:
    """The student is invited."""
    with transaction() as session:
        made = Interview(
            interest_id=interest, round_id=round_id, organisation_id=side.organisation_id, posting_id=posting, student_id=who.id,
            state=InterviewState.INVITED, days=5, answer_by=clock.now() + timedelta(days=5),
            invited_by_id=side.people["company_admin"].id, invited_at=clock.now(), moved_at=clock.now(),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def _question(side: Side, posting: Thing, round_id: Thing, who: Person) -> int:
    """The student has asked the company, and the office has forwarded it."""
    with transaction() as session:
        made = Question(
            round_id=round_id, organisation_id=side.organisation_id, posting_id=posting, student_id=who.id, side=AskingSide.STUDENT,
            state=QuestionState.FORWARDED, once_key=f"world:{side.mark.latin}", words=f"{side.mark.word}への質問", asked_by_id=who.id,
            asked_at=clock.now(), moved_at=clock.now(), due_at=clock.now() + timedelta(days=5),
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id
