"""What came of interest: counts and pairs of a round, for its pictures. No ranks, no names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.internships.interest_flow import InterestState
from portal.domain.internships.interview_flow import SEATED, InterviewState
from portal.internships.models import Interest, Interview
from portal.internships.queries.interests import approved_pairs

Pairs = frozenset[tuple[int, int]]  # student, posting


def flow_of(round_id: int) -> dict[str, Any]:
    """Pairs of student and posting at each step, and their numbers.

    `{"interests": n, "approved": n, "invited": n, "agreed": n, "held": n, "pairs": {the same names: frozenset of pairs}}`;
    each step lies within the one before but `approved`, which stands beside the interviews. Interest that was withdrawn counts
    where an interview was agreed.
    """
    mine, talks = Interest.__table__.c, Interview.__table__.c
    shown = select(mine.student_id, mine.posting_id).where(
        mine.round_id == round_id, mine.state == InterestState.SHOWN
    )
    interests = {(row[0], row[1]) for row in db.session.execute(shown)}
    asked = select(talks.student_id, talks.posting_id, talks.state).where(
        talks.round_id == round_id, talks.state != InterviewState.WAITING
    )
    rows = [(row[0], row[1], row[2]) for row in db.session.execute(asked)]
    agreed = {(student, posting) for student, posting, state in rows if state in SEATED}
    interests |= agreed
    pairs: dict[str, Pairs] = {
        "interests": frozenset(interests),
        "approved": frozenset(approved_pairs(round_id)),
        "invited": frozenset({(student, posting) for student, posting, _state in rows} & interests),
        "agreed": frozenset(agreed),
        "held": frozenset(
            (student, posting) for student, posting, state in rows if state is InterviewState.HELD
        ),
    }
    return {name: len(found) for name, found in pairs.items()} | {"pairs": pairs}
