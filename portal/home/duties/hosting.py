"""What waits for a company that takes students in: interviews, questions, placements arranged before the match."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, cast, func, literal, null, select, union_all

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import ask, written
from portal.core.i18n import _, ngettext
from portal.domain.internships.interview_flow import InterviewState
from portal.domain.internships.question_flow import TURN, Side, Turn
from portal.home.duties import Task
from portal.home.duties.places import prearranged_words
from portal.internships.models import InternshipPosting, InternshipRound, Interview, InterviewSlot, Question
from portal.internships.policy import hosting_organisations
from portal.matching.models import Prearrangement

MINE = {turn: [state for state, its in TURN.items() if its is turn] for turn in Turn}
_talks, _slots, _asked = Interview.__table__.c, InterviewSlot.__table__.c, Question.__table__.c
_pairs, _postings, _rounds = (
    Prearrangement.__table__.c,
    InternshipPosting.__table__.c,
    InternshipRound.__table__.c,
)
_COMPANY: Any = bindparam("company")
_NOW: Any = bindparam("now", type_=_slots.ends_at.type)
_UNBOUND: Any = cast(null(), _rounds.locks_at.type)  # nothing runs out
_TO_MOVE = (
    select(literal("interview").label("kind"), _talks.round_id, func.count(), _UNBOUND.label("until"))
    .join_from(Interview.__table__, InterviewSlot.__table__, _slots.id == _talks.slot_id, isouter=True)
    .where(
        _talks.organisation_id == _COMPANY,
        _talks.state.in_(written(InterviewState.UNFIT))
        | (_talks.state.in_(written(InterviewState.AGREED)) & (_slots.ends_at <= _NOW)),
    )
    .group_by(_talks.round_id)
)
_TO_ANSWER = select(literal("question"), _asked.id, literal(1), _UNBOUND).where(
    _asked.organisation_id == _COMPANY,
    (_asked.side.in_(written(Side.STUDENT)) & _asked.state.in_(written(*MINE[Turn.ANSWERER])))
    | (_asked.side.in_(written(Side.COMPANY)) & _asked.state.in_(written(*MINE[Turn.ASKER]))),
)
_TO_AGREE = (
    select(literal("prearranged"), _pairs.id, literal(1), _rounds.locks_at)
    .join_from(Prearrangement.__table__, InternshipPosting.__table__, _postings.id == _pairs.posting_id)
    .join(InternshipRound.__table__, _rounds.id == _pairs.round_id)
    .where(_postings.organisation_id == _COMPANY, _pairs.company_at.is_(None), _pairs.ended_at.is_(None))
    .where(_rounds.cancelled_at.is_(None), _rounds.locks_at > _NOW)
)
_HOSTING = union_all(_TO_MOVE, _TO_ANSWER, _TO_AGREE)


def hosting_tasks(person: Actor, organisation_id: int) -> list[Task]:
    """A company's interviews in which it has the next move, questions to answer, and placements arranged before the match to agree to; one statement."""
    if organisation_id not in hosting_organisations(person):
        return []
    found = []
    for kind, number, count, until in ask(_HOSTING, company=organisation_id, now=clock.now()):
        if kind == "question":
            words, values = _("Answer a question about an internship"), {"question_id": number}
            found.append(Task(words, _("See the question"), "internships.show_question", values))
        elif kind == "prearranged":
            words, values = prearranged_words(), {"pair_id": number}
            due = clock.day_of(until)
            found.append(Task(words, _("See and answer"), "matching.show_prearrangement", values, due=due))
        else:
            words = ngettext("%(num)d interview needs you", "%(num)d interviews need you", count)
            values = {"round_id": number, "organisation_id": organisation_id}
            found.append(Task(words, _("See"), "internships.list_company_interviews", values))
    return found
