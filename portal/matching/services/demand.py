"""How much postings are wanted, told once while ranking is open: numbers below five are hidden, and it is never told anew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.timetable import Stage
from portal.domain.matching import read_market
from portal.domain.matching.demand import demand_signal
from portal.internships.models import InternshipRound
from portal.internships.policy import may_run_rounds
from portal.matching.models import DemandSignal
from portal.matching.queries.standing import applicants_in, demand_in
from portal.matching.services.markets import market_of

NOT_YOURS = _l("This is done by the career-support office.")
NOT_NOW = _l("Demand is told while ranking is open.")
TOLD = _l("Demand was told in this round already. A second time would tell who changed a list in between.")
CHANGED = _l("Somebody was faster. Please look at it again.")


def publish_demand(*, season: InternshipRound, by: Actor) -> DemandSignal:
    """Students and companies may read it from now on; once a round. Raises Refused, OutOfDate."""
    _require(by)
    if season.stage is not Stage.RANKING:
        raise OutOfDate(NOT_NOW)
    known = {f"p{posting}": count for posting, count in applicants_in(season.id).items()}
    rows = demand_signal(read_market(market_of(season)), known)
    figures = [
        {"posting": int(r.posting[1:]), "seats": r.seats, "listed": r.listed, "first": r.first} for r in rows
    ]
    made = DemandSignal(round_id=season.id, figures=figures, published_at=clock.now(), published_by_id=by.id)
    standing, is_ours = add_or_find(made, lambda: demand_in(season.id))
    if not is_ours:
        raise OutOfDate(TOLD)
    record(verb="demand.published", subject=season, by=by)
    return standing


def hide_demand(*, signal: DemandSignal, by: Actor) -> None:
    """Nobody reads it any more. Raises Refused, OutOfDate."""
    _turn(signal, by, clock.now())


def show_demand(*, signal: DemandSignal, by: Actor) -> None:
    """The same numbers again, as they were told. Raises Refused, OutOfDate."""
    _turn(signal, by, None)


def _turn(signal: DemandSignal, by: Actor, hidden_at: datetime | None) -> None:
    _require(by)
    is_shown = DemandSignal.hidden_at.is_(None)
    stands = update(DemandSignal).where(DemandSignal.id == signal.id, is_shown if hidden_at else ~is_shown)
    change_one(signal, stands.values(hidden_at=hidden_at, hidden_by_id=by.id), CHANGED)
    record(verb="demand.hidden" if hidden_at else "demand.shown_again", subject=signal, by=by)


def _require(by: Actor) -> None:
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)
