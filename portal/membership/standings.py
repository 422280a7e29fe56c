"""What a company is, in words: member or not, and why."""

from __future__ import annotations

from portal.core.i18n import _l
from portal.domain.terms import Standing, StandingReason, StandingState
from portal.membership.enums import Shown

STANDING_LABELS = {
    StandingState.ACTIVE: _l("Member"),
    StandingState.UPCOMING: _l("Membership begins later"),
    StandingState.AWAITING_PAYMENT: _l("Awaiting payment"),
    StandingState.ENDED: _l("Former member"),
    StandingState.NONE: _l("Not a member"),
}
REASON_LABELS = {
    StandingReason.PAID_TERM_RUNS: _l("A paid contract runs today."),
    StandingReason.PAID_TERM_NOT_BEGUN: _l("The fee is paid; the contract has not begun yet."),
    StandingReason.TERM_NOT_PAID: _l("The contract is made; the fee has not arrived yet."),
    StandingReason.TERM_OVER: _l("The last paid contract is over."),
    StandingReason.TERM_CANCELLED: _l("The last paid contract was cancelled."),
    StandingReason.NEVER_PAID: _l("There was a contract, but the fee was never paid."),
    StandingReason.NO_TERM: _l("There has been no contract yet."),
}


def shown_standing(standing: Standing) -> Shown:
    """For the badge."""
    value = "withdrawn" if standing.state is StandingState.NONE else standing.state.value
    return Shown(value, STANDING_LABELS[standing.state])
