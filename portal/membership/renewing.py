"""Words of renewals: states, how an answer came, why somebody declines, what became of a reminder."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from portal.core import clock
from portal.core.formats import day, fiscal_year
from portal.core.i18n import _, _l
from portal.domain.reminder_ladder import LadderProblem
from portal.domain.renewal_flow import RenewalReason, RenewalState
from portal.membership.enums import Shown

RENEWAL_LABELS = {
    RenewalState.DUE: _l("To be offered"),
    RenewalState.OFFERED: _l("Offered"),
    RenewalState.RENEWED: _l("Renewed"),
    RenewalState.INVOICED: _l("Renewed, awaiting payment"),
    RenewalState.PAID: _l("Renewed and paid"),
    RenewalState.GRACE: _l("In grace"),
    RenewalState.SUSPENDED: _l("Suspended"),
    RenewalState.LAPSED: _l("Lapsed"),
    RenewalState.DECLINED: _l("Not renewing"),
}
OFFER_CHANGED = "renewal.offer_changed"  # the verb in the trail: the offer follows a change of tier
# In these the member is still expected to answer: a place is held, reminders go out.
UNANSWERED = (RenewalState.DUE, RenewalState.OFFERED, RenewalState.GRACE)
REASON_WORDS = {
    RenewalReason.ALLOWED: _l("This is possible."),
    RenewalReason.NO_SUCH_STEP: _l("This step is not possible at present. The page shows the newest state."),
    RenewalReason.NOT_YOURS: _l("This step is for somebody else to take."),
    RenewalReason.ALREADY_AGREED: _l("The renewal is agreed already; its invoice awaits payment."),
    RenewalReason.NOT_AGREED: _l("Nothing has been agreed yet."),
    RenewalReason.CLOSED: _l("This renewal is closed. Please ask the secretariat if that is not right."),
    RenewalReason.OFFER_COMES: _l("The offer goes out on the day of the campaign."),
    RenewalReason.ANSWER_AWAITED: _l("The company has the offer; its answer is awaited."),
    RenewalReason.INVOICE_COMES: _l("The invoice is being made."),
    RenewalReason.PAYMENT_AWAITED: _l("The company has renewed; its payment is awaited."),
    RenewalReason.ANSWER_MISSING: _l("The deadline has passed without an answer."),
    RenewalReason.PAYMENT_MISSING: _l("The company renewed, but the fee has not arrived in time."),
}
LADDER_WORDS = {
    LadderProblem.TOO_MANY: _l("Twelve reminders are the most."),
    LadderProblem.TWICE: _l("A day stands here twice."),
    LadderProblem.TOO_FAR: _l("A reminder lies within a year of the deadline."),
    LadderProblem.AFTER_GRACE: _l("The last reminder has to lie within the days of grace."),
}


class AnswerWay(StrEnum):
    """How the answer came."""

    PORTAL = "portal"
    MAIL = "mail"
    TELEPHONE = "telephone"
    APPLICATION = "application"

    @property
    def label(self) -> Any:
        return WAY_LABELS[self]


WAY_LABELS = {
    AnswerWay.PORTAL: _l("On the portal"),
    AnswerWay.MAIL: _l("By the link in the mail"),
    AnswerWay.TELEPHONE: _l("Told to the secretariat"),
    AnswerWay.APPLICATION: _l("By a new application"),
}


class DeclineReason(StrEnum):
    """Why a member does not renew."""

    BUDGET = "budget"
    NO_USE = "no_use"
    PRIORITIES = "priorities"
    REORGANISED = "reorganised"
    ELSEWHERE = "elsewhere"
    OTHER = "other"

    @property
    def label(self) -> Any:
        return DECLINE_LABELS[self]


DECLINE_LABELS = {
    DeclineReason.BUDGET: _l("The budget does not allow it"),
    DeclineReason.NO_USE: _l("We made too little use of the membership"),
    DeclineReason.PRIORITIES: _l("Our priorities have changed"),
    DeclineReason.REORGANISED: _l("Our company was merged or reorganised"),
    DeclineReason.ELSEWHERE: _l("We work on this with others"),
    DeclineReason.OTHER: _l("Another reason"),
}


class NoticeState(StrEnum):
    """What became of a step of the reminder ladder."""

    PLANNED = "planned"
    SENT = "sent"
    PASSED_OVER = "passed_over"
    STOPPED = "stopped"

    @property
    def label(self) -> Any:
        return NOTICE_LABELS[self]


NOTICE_LABELS = {
    NoticeState.PLANNED: _l("Planned"),
    NoticeState.SENT: _l("Sent out"),
    NoticeState.PASSED_OVER: _l("Passed over"),
    NoticeState.STOPPED: _l("Not needed any more"),
}


def shown_renewal(state: RenewalState) -> Shown:
    """For the badge."""
    return Shown(state.value, RENEWAL_LABELS[state])


def lapsed_words(year: int) -> str:
    """To whoever is about to pay the invoice of a renewal that has lapsed."""
    return _(
        "The membership for %(year)s has lapsed, and paying alone does not bring it back. Please write to the secretariat before you pay.",
        year=fiscal_year(year),
    )


def present_words(ends_on: date) -> str:
    """To whoever does not renew: until when the membership goes on that the renewal would have followed, or when it ended."""
    if ends_on < clock.today():
        return _("The membership ended on %(day)s.", day=day(ends_on))
    return _("The present membership goes on until %(day)s.", day=day(ends_on))
