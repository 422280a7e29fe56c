"""What waits in placements: the facts that the rules ask for, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import String, func, select, type_coerce

from portal.core import clock
from portal.core.db import db, written
from portal.domain.placements.checklist import ItemKind
from portal.domain.placements.duties import Duty, Facts, duties
from portal.domain.placements.hours import WeekState
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.placements.models import (
    CertificateVoid,
    Placement,
    PlacementCertificate,
    PlacementCheck,
    PlacementEvaluation,
    PlacementItem,
    PlacementWeek,
)
from portal.placements.queries.certificates import KINDS

ACTIVE = (
    PlacementState.PREPARING,
    PlacementState.RUNNING,
    PlacementState.ENDED,
    PlacementState.EVALUATED,
)


def duties_of(placements: Sequence[Placement]) -> dict[int, list[Duty]]:
    """What is to be done in each now, by due date; five statements for any number of them."""
    today, facts = clock.today(), _facts(placements)
    return {number: duties(each, today) for number, each in facts.items()}


def active_placements(after: int, most: int = 200) -> Sequence[int]:
    """Numbers of placements in which something can wait, in order."""
    mine = Placement.__table__.c
    wanted = select(mine.id).where(mine.state.in_(written(*ACTIVE)), mine.id > after)
    return db.session.scalars(wanted.order_by(mine.id).limit(most)).all()


def _facts(placements: Sequence[Placement]) -> dict[int, Facts]:
    numbers = [each.id for each in placements]
    (items, settled), weeks, (checked, concerns) = _items(numbers), _weeks(numbers), _checks(numbers)
    evaluated = _evaluated(numbers)
    papers = _papers([each.id for each in placements if each.state is PlacementState.EVALUATED])
    return {
        each.id: Facts(
            state=each.state, made_on=clock.day_of(each.created_at), starts_on=each.first_day, last_on=each.last_day,
            agreed=each.agreed, items=items[each.id], settled_on=settled.get(each.id), weeks=weeks[each.id], checked=frozenset(checked[each.id]),
            evaluated=frozenset(evaluated[each.id]), has_papers=papers.get(each.id) == len(KINDS), is_certified=each.id in papers,
            ending_asked_on=clock.day_of(each.ending_asked_at) if each.ending_asked_at else None,
            concern_on=concerns.get(each.id),
        )
        for each in placements
    }  # fmt: skip


def _items(numbers: Sequence[int]) -> tuple[dict[int, list[tuple[ItemKind, date]]], dict[int, date]]:
    """What is open with its day, and when the last of the rest was settled."""
    mine, found, settled = PlacementItem.__table__.c, defaultdict[int, list[Any]](list), dict[int, date]()
    wanted = select(
        mine.placement_id, type_coerce(mine.kind, String), mine.due_on, mine.is_needed, mine.done_at
    )
    for number, kind, due_on, is_needed, done_at in db.session.execute(
        wanted.where(mine.placement_id.in_(numbers)).order_by(mine.done_at)
    ):
        if done_at is not None:
            settled[number] = clock.day_of(done_at)
        elif is_needed:
            found[number].append((ItemKind(kind), due_on))
    return found, settled


def _weeks(numbers: Sequence[int]) -> dict[int, dict[date, WeekState]]:
    mine, found = PlacementWeek.__table__.c, defaultdict[int, dict[date, WeekState]](dict)
    wanted = select(mine.placement_id, mine.monday, type_coerce(mine.state, String))
    for number, monday, state in db.session.execute(wanted.where(mine.placement_id.in_(numbers))):
        found[number][monday] = WeekState(state)
    return found


def _checks(numbers: Sequence[int]) -> tuple[dict[int, set[Side]], dict[int, date]]:
    """The sides that have answered, and since when a concern waits to be followed up."""
    mine, sides, concerns = PlacementCheck.__table__.c, defaultdict[int, set[Side]](set), dict[int, date]()
    wanted = select(
        mine.placement_id,
        type_coerce(mine.side, String),
        mine.has_concern,
        mine.followed_at,
        mine.answered_at,
    )
    for number, side, has_concern, followed_at, answered_at in db.session.execute(
        wanted.where(mine.placement_id.in_(numbers)).order_by(mine.answered_at.desc())
    ):
        sides[number].add(Side(side))
        if has_concern and followed_at is None:
            concerns[number] = clock.day_of(answered_at)
    return sides, concerns


def _evaluated(numbers: Sequence[int]) -> dict[int, set[Side]]:
    """The sides whose evaluation is in."""
    mine, found = PlacementEvaluation.__table__.c, defaultdict[int, set[Side]](set)
    wanted = select(mine.placement_id, type_coerce(mine.side, String)).distinct()
    for number, side in db.session.execute(wanted.where(mine.placement_id.in_(numbers), mine.is_sent)):
        found[number].add(Side(side))
    return found


def _papers(numbers: Sequence[int]) -> dict[int, int]:
    """Of those for which a paper holds: how many do over the newest evaluation of the company."""
    if not numbers:
        return {}
    mine, said = PlacementCertificate.__table__.c, PlacementEvaluation.__table__.c
    newest = (
        select(func.max(said.id))
        .where(said.placement_id.in_(numbers), said.side == Side.COMPANY, said.is_sent)
        .group_by(said.placement_id)
    )
    found, void = dict[int, int](), select(CertificateVoid.certificate_id)
    held = select(mine.placement_id, mine.evaluation_id.in_(newest)).where(
        mine.placement_id.in_(numbers), mine.id.not_in(void)
    )
    for number, is_newest in db.session.execute(held):
        found[number] = found.get(number, 0) + bool(is_newest)
    return found
