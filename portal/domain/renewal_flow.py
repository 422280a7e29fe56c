"""How one member's renewal for a fiscal year moves, and what the calendar does to it when nobody does anything.

No state waits for ever: each is an end or has a day on which it becomes another (`next_step`). A member that does not
answer, or that renews and does not pay, goes the same way: grace, suspended, lapsed. Nobody lapses before the fiscal
year begins for which nothing was renewed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.terms import FiscalYear

LONGEST_GRACE_DAYS = 180
LONGEST_SUSPENSION_DAYS = 365


class RenewalState(StrEnum):
    """Where a renewal stands."""

    DUE = "due"  # a member of this year, not asked yet
    OFFERED = "offered"
    RENEWED = "renewed"  # agreed, the invoice comes with the same step
    INVOICED = "invoiced"
    PAID = "paid"
    GRACE = "grace"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"
    DECLINED = "declined"

    @property
    def is_final(self) -> bool:
        """True when no day changes it any more; the office may still reinstate."""
        return self in (_S.PAID, _S.LAPSED, _S.DECLINED)


_S = RenewalState


class Act(StrEnum):
    """What can happen to a renewal."""

    OFFER = "offer"
    RENEW = "renew"
    JOIN = "join"  # a contract for the year came about through an application
    INVOICE = "invoice"
    PAY = "pay"
    REOPEN = "reopen"  # a payment was undone
    CANCEL = "cancel"  # the invoice was given back, and with it the contract
    DECLINE = "decline"
    MISS = "miss"  # the day has passed without an answer, or without the money
    SUSPEND = "suspend"
    LAPSE = "lapse"
    EXTEND = "extend"
    REINSTATE = "reinstate"
    END = "end"  # the contract that it follows was cancelled: there is no membership to renew
    ENROL = "enrol"  # after that: a member of this year again, and before the deadline


class Party(StrEnum):
    """Who does it."""

    MEMBER = "member"
    OFFICE = "office"
    CLOCK = "clock"
    BOOKS = "books"


@dataclass(frozen=True)
class _Move:
    """Where an act leads; `agreed` None: whether or not there is a contract for the year already."""

    new: RenewalState
    agreed: bool | None = None


_BY: dict[Act, frozenset[Party]] = {
    Act.OFFER: frozenset({Party.CLOCK, Party.OFFICE}),
    Act.RENEW: frozenset({Party.MEMBER}),
    Act.JOIN: frozenset({Party.OFFICE}),
    Act.INVOICE: frozenset({Party.MEMBER, Party.OFFICE, Party.CLOCK}),
    Act.PAY: frozenset({Party.BOOKS}),
    Act.REOPEN: frozenset({Party.BOOKS}),
    Act.CANCEL: frozenset({Party.BOOKS}),
    Act.DECLINE: frozenset({Party.MEMBER, Party.OFFICE}),
    Act.MISS: frozenset({Party.CLOCK}),
    Act.SUSPEND: frozenset({Party.CLOCK}),
    Act.LAPSE: frozenset({Party.CLOCK}),
    Act.EXTEND: frozenset({Party.OFFICE, Party.BOOKS}),
    Act.REINSTATE: frozenset({Party.OFFICE, Party.BOOKS}),
    Act.END: frozenset({Party.BOOKS}),
    Act.ENROL: frozenset({Party.CLOCK}),
}
_UNAGREED = (_S.DUE, _S.OFFERED, _S.GRACE, _S.SUSPENDED, _S.LAPSED, _S.DECLINED)
_MOVES: dict[tuple[RenewalState, Act], tuple[_Move, ...]] = {
    (_S.DUE, Act.OFFER): (_Move(_S.OFFERED),),
    (_S.DUE, Act.DECLINE): (_Move(_S.DECLINED),),
    (_S.OFFERED, Act.RENEW): (_Move(_S.RENEWED),),
    (_S.OFFERED, Act.DECLINE): (_Move(_S.DECLINED),),
    (_S.OFFERED, Act.MISS): (_Move(_S.GRACE),),
    (_S.OFFERED, Act.EXTEND): (_Move(_S.OFFERED),),
    (_S.RENEWED, Act.INVOICE): (_Move(_S.INVOICED),),
    (_S.INVOICED, Act.PAY): (_Move(_S.PAID),),
    (_S.INVOICED, Act.MISS): (_Move(_S.GRACE),),
    (_S.INVOICED, Act.EXTEND): (_Move(_S.INVOICED),),
    (_S.PAID, Act.REOPEN): (_Move(_S.INVOICED),),
    **{
        (state, Act.CANCEL): (_Move(_S.DECLINED, agreed=True),)
        for state in (_S.INVOICED, _S.PAID, _S.GRACE, _S.SUSPENDED)
    },
    (_S.GRACE, Act.RENEW): (_Move(_S.RENEWED, agreed=False),),
    (_S.GRACE, Act.DECLINE): (_Move(_S.DECLINED, agreed=False),),
    (_S.GRACE, Act.PAY): (_Move(_S.PAID, agreed=True),),
    (_S.GRACE, Act.EXTEND): (_Move(_S.OFFERED, agreed=False), _Move(_S.INVOICED, agreed=True)),
    (_S.GRACE, Act.SUSPEND): (_Move(_S.SUSPENDED),),
    (_S.SUSPENDED, Act.DECLINE): (_Move(_S.DECLINED, agreed=False),),
    (_S.SUSPENDED, Act.PAY): (_Move(_S.PAID, agreed=True),),
    (_S.SUSPENDED, Act.LAPSE): (_Move(_S.LAPSED),),
    **{
        (state, Act.REINSTATE): (_Move(_S.OFFERED, agreed=False), _Move(_S.INVOICED, agreed=True))
        for state in (_S.SUSPENDED, _S.LAPSED, _S.DECLINED)
    },
    **{(state, Act.JOIN): (_Move(_S.RENEWED, agreed=False),) for state in _UNAGREED},
    **{
        (state, Act.END): (_Move(_S.LAPSED, agreed=False),)
        for state in (_S.DUE, _S.OFFERED, _S.GRACE, _S.SUSPENDED)
    },
    (_S.LAPSED, Act.ENROL): (_Move(_S.DUE, agreed=False),),
}  # fmt: skip


_WORSE = (Act.MISS, Act.SUSPEND, Act.LAPSE)


class RenewalReason(StrEnum):
    """Why something may be done or not, and why a renewal stands where it stands."""

    ALLOWED = "allowed"
    NO_SUCH_STEP = "no_such_step"
    NOT_YOURS = "not_yours"
    ALREADY_AGREED = "already_agreed"
    NOT_AGREED = "not_agreed"
    CLOSED = "closed"
    OFFER_COMES = "offer_comes"
    ANSWER_AWAITED = "answer_awaited"
    INVOICE_COMES = "invoice_comes"
    PAYMENT_AWAITED = "payment_awaited"
    ANSWER_MISSING = "answer_missing"
    PAYMENT_MISSING = "payment_missing"


@dataclass(frozen=True)
class ActVerdict:
    """Whether an act is possible, where it leads (None when it is not), and why."""

    is_allowed: bool
    new: RenewalState | None
    reason: RenewalReason


def check_act(state: RenewalState, act: Act, party: Party, *, agreed: bool) -> ActVerdict:
    """Judge one act; `agreed`: there is a contract for the year that was not cancelled."""
    moves = _MOVES.get((state, act), ())
    if not moves:
        reason = RenewalReason.CLOSED if state.is_final else RenewalReason.NO_SUCH_STEP
        return ActVerdict(False, None, reason)
    if party not in _BY[act]:
        return ActVerdict(False, None, RenewalReason.NOT_YOURS)
    fitting = next((move for move in moves if move.agreed in (None, agreed)), None)
    if fitting is None:
        reason = RenewalReason.ALREADY_AGREED if agreed else RenewalReason.NOT_AGREED
        return ActVerdict(False, None, reason)
    return ActVerdict(True, fitting.new, RenewalReason.ALLOWED)


def allowed_acts(state: RenewalState, party: Party, *, agreed: bool) -> tuple[Act, ...]:
    """What this party may do now, in the order of the enum."""
    return tuple(act for act in Act if check_act(state, act, party, agreed=agreed).is_allowed)


@dataclass(frozen=True)
class Season:
    """The days of a campaign. Raises ValueError when the offer does not come before the deadline."""

    fiscal_year: FiscalYear
    offers_on: date
    deadline_on: date
    grace_days: int
    suspension_days: int

    def __post_init__(self) -> None:
        if self.offers_on >= self.deadline_on:
            raise ValueError("offers go out before the deadline")
        if not 0 <= self.grace_days <= LONGEST_GRACE_DAYS:
            raise ValueError(f"grace lasts 0-{LONGEST_GRACE_DAYS} days")
        if not 0 <= self.suspension_days <= LONGEST_SUSPENSION_DAYS:
            raise ValueError(f"a suspension lasts 0-{LONGEST_SUSPENSION_DAYS} days")


@dataclass(frozen=True)
class Standing:
    """One member's renewal. `deadline_on` is its own day; `pay_by` is known once there is a contract (`agreed`).

    The last day that still counts is inside: an answer on the deadline is in time. `since` is the day of the last move.
    """

    state: RenewalState
    deadline_on: date
    agreed: bool = False
    pay_by: date | None = None
    since: date | None = None

    @property
    def awaited_on(self) -> date:
        """The last day for what is missing: the money once agreed, else the answer."""
        return self.pay_by if self.agreed and self.pay_by is not None else self.deadline_on


@dataclass(frozen=True)
class NextStep:
    """What the calendar does on the day `on`, unless somebody does something before, and why it stands here until then."""

    on: date
    act: Act
    new: RenewalState
    reason: RenewalReason


def next_step(standing: Standing, season: Season) -> NextStep | None:
    """The next step of the calendar; None at an end.

    However late it comes, one step a day: whoever was away for a month is told of grace before being suspended.
    """
    step = _by_the_days(standing, season)
    if step is None or standing.since is None or step.act not in _WORSE:
        return step
    return replace(step, on=max(step.on, standing.since + timedelta(days=1)))


def _by_the_days(standing: Standing, season: Season) -> NextStep | None:
    state, awaited = standing.state, standing.awaited_on
    missing = RenewalReason.PAYMENT_MISSING if standing.agreed else RenewalReason.ANSWER_MISSING
    grace = timedelta(days=season.grace_days)
    if state is _S.DUE:
        return NextStep(season.offers_on, Act.OFFER, _S.OFFERED, RenewalReason.OFFER_COMES)
    if state is _S.RENEWED:
        return NextStep(season.offers_on, Act.INVOICE, _S.INVOICED, RenewalReason.INVOICE_COMES)
    if state in (_S.OFFERED, _S.INVOICED):
        awaits = RenewalReason.PAYMENT_AWAITED if state is _S.INVOICED else RenewalReason.ANSWER_AWAITED
        return NextStep(awaited + timedelta(days=1), Act.MISS, _S.GRACE, awaits)
    if state is _S.GRACE:
        return NextStep(awaited + grace + timedelta(days=1), Act.SUSPEND, _S.SUSPENDED, missing)
    if state is _S.SUSPENDED:
        over = awaited + grace + timedelta(days=season.suspension_days + 1)
        return NextStep(max(over, season.fiscal_year.starts_on), Act.LAPSE, _S.LAPSED, missing)
    return None


def last_day_to_answer(standing: Standing, season: Season) -> date:
    """Until when a member may still renew or decline: the deadline, in grace the end of grace."""
    if standing.state is _S.GRACE:
        return standing.deadline_on + timedelta(days=season.grace_days)
    return standing.deadline_on


LATE = (_S.GRACE, _S.SUSPENDED)  # the fee still completes what was agreed


def last_day_to_pay(state: RenewalState, next_on: date | None) -> date | None:
    """In grace and while suspended, the day before the calendar (`next_on`) takes the next step; None elsewhere."""
    return next_on - timedelta(days=1) if next_on is not None and state in LATE else None


def pay_by(deadline_on: date, invoice_due_on: date) -> date:
    """The last day for the money: as the invoice says, and never before the deadline. Who renews early is no worse off."""
    return max(deadline_on, invoice_due_on)


FACTS_HOLD_DAYS = 180


def are_stale(told_on: date | None, today: date) -> bool:
    """Whether what a company said of its size has to be asked again before a tier is judged by it."""
    return told_on is None or (today - told_on).days > FACTS_HOLD_DAYS
