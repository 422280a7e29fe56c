"""Fiscal years and contract terms. Membership derives from terms alone: a term knows the day on which
it was paid for, no invoice is asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_MONTH = 4  # a Japanese fiscal year runs from April to March


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal year (年度), named by the calendar year in which it begins. Only 1-9998, else ValueError."""

    year: int

    def __post_init__(self) -> None:
        if not 1 <= self.year <= date.max.year - 1:
            raise ValueError(f"no fiscal year {self.year}")

    @classmethod
    def of(cls, day: date) -> "FiscalYear":
        """The fiscal year to which a day belongs: 31 March 2026 is still 2025."""
        return cls(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @property
    def starts_on(self) -> date:
        """1 April."""
        return date(self.year, FIRST_MONTH, 1)

    @property
    def ends_on(self) -> date:
        """31 March of the following calendar year, the last day inside."""
        return date(self.year + 1, FIRST_MONTH, 1) - timedelta(days=1)

    @property
    def next(self) -> "FiscalYear":
        """The year after."""
        return FiscalYear(self.year + 1)

    @property
    def previous(self) -> "FiscalYear":
        """The year before."""
        return FiscalYear(self.year - 1)

    def contains(self, day: date) -> bool:
        """True from 1 April to 31 March, both included."""
        return self.starts_on <= day <= self.ends_on

    def __str__(self) -> str:
        return str(self.year)


class TermState(StrEnum):
    """Where one contract term stands on a day."""

    AWAITING_PAYMENT = "awaiting_payment"
    UPCOMING = "upcoming"  # paid, not begun
    ACTIVE = "active"
    ENDED = "ended"
    UNPAID_ENDED = "unpaid_ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Term:
    """One contract term. `activated_on`: day of payment; `cancelled_on`: first day without membership.

    `reference` is the caller's own handle (a row id) and plays no part in the rules.
    """

    fiscal_year: FiscalYear
    tier_code: str
    starts_on: date
    ends_on: date
    activated_on: date | None = None
    cancelled_on: date | None = None
    reference: int | None = None

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a term ends on or after the day on which it starts")

    @classmethod
    def for_year(cls, fiscal_year: FiscalYear, tier_code: str, *, starts_on: date | None = None) -> "Term":
        """An unpaid term to 31 March, from 1 April or from a later day of the same fiscal year."""
        begins = starts_on or fiscal_year.starts_on
        if not fiscal_year.contains(begins):
            raise ValueError(f"{begins.isoformat()} is not in fiscal year {fiscal_year}")
        return cls(fiscal_year, tier_code, begins, fiscal_year.ends_on)

    def state_on(self, on: date) -> TermState:
        """The state on a day, past or future, as far as the term knows."""
        return term_state(self.starts_on, self.ends_on, self.activated_on, self.cancelled_on, on)


def term_state(
    starts_on: date, ends_on: date, activated_on: date | None, cancelled_on: date | None, on: date
) -> TermState:
    """The state of a term with these days on a day `on`."""
    if cancelled_on is not None and on >= cancelled_on:
        return TermState.CANCELLED
    is_paid = activated_on is not None and activated_on <= on
    if on > ends_on:
        return TermState.ENDED if is_paid else TermState.UNPAID_ENDED
    if not is_paid:
        return TermState.AWAITING_PAYMENT
    return TermState.ACTIVE if on >= starts_on else TermState.UPCOMING


class StandingState(StrEnum):
    """What an organisation is on a day. Only ACTIVE is a member."""

    ACTIVE = "active"
    UPCOMING = "upcoming"
    AWAITING_PAYMENT = "awaiting_payment"
    ENDED = "ended"
    NONE = "none"


class StandingReason(StrEnum):
    """Why it is so; `Standing.term` is the term that decided it."""

    PAID_TERM_RUNS = "paid_term_runs"
    PAID_TERM_NOT_BEGUN = "paid_term_not_begun"
    TERM_NOT_PAID = "term_not_paid"
    TERM_OVER = "term_over"
    TERM_CANCELLED = "term_cancelled"
    NEVER_PAID = "never_paid"
    NO_TERM = "no_term"


@dataclass(frozen=True)
class Standing:
    """Membership on the day `on`, with its reason and deciding term (None when there never was one)."""

    state: StandingState
    reason: StandingReason
    term: Term | None
    on: date

    @property
    def is_member(self) -> bool:
        """True while a paid term runs."""
        return self.state is StandingState.ACTIVE


_LIVE = (
    (TermState.ACTIVE, StandingState.ACTIVE, StandingReason.PAID_TERM_RUNS),
    (TermState.AWAITING_PAYMENT, StandingState.AWAITING_PAYMENT, StandingReason.TERM_NOT_PAID),
    (TermState.UPCOMING, StandingState.UPCOMING, StandingReason.PAID_TERM_NOT_BEGUN),
)


def membership_standing(terms: Iterable[Term], on: date) -> Standing:
    """Membership of one organisation from all of its terms.

    A running paid term comes first, then one that awaits payment, then one paid ahead (the earliest of each);
    else the latest that was ever paid. Terms that nobody paid make no former member.
    """
    ordered = sorted(terms, key=lambda term: (term.starts_on, term.ends_on, term.fiscal_year))
    for wanted, state, reason in _LIVE:
        term = next((term for term in ordered if term.state_on(on) is wanted), None)
        if term is not None:
            return Standing(state, reason, term, on)
    return _past_standing(ordered, on)


def _past_standing(ordered: list[Term], on: date) -> Standing:
    paid = [term for term in ordered if _was_active(term, on)]
    if not paid:
        last = ordered[-1] if ordered else None
        reason = StandingReason.NEVER_PAID if last else StandingReason.NO_TERM
        return Standing(StandingState.NONE, reason, last, on)
    last = max(paid, key=last_day_of)
    is_cut = last.cancelled_on is not None and last.cancelled_on <= last.ends_on
    reason = StandingReason.TERM_CANCELLED if is_cut else StandingReason.TERM_OVER
    return Standing(StandingState.ENDED, reason, last, on)


def last_day_of(term: Term) -> date:
    """The last day of membership: that of the term, or the one before it was cancelled."""
    if term.cancelled_on is None:
        return term.ends_on
    return min(term.ends_on, term.cancelled_on - timedelta(days=1))


def _was_active(term: Term, on: date) -> bool:
    """True when the term was paid for by `on` and not cancelled before it began."""
    return term.activated_on is not None and term.activated_on <= on and last_day_of(term) >= term.starts_on
