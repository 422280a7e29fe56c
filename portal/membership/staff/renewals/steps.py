"""What the office may do by hand with a renewal, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.i18n import _, _l
from portal.domain.renewal_flow import Act, Party, allowed_acts
from portal.membership.models import Renewal
from portal.membership.policy import may_keep_renewals
from portal.membership.queries.renewals import receivable_of
from portal.membership.renewal_forms import AnswerForm
from portal.membership.renewing import (
    RENEWAL_LABELS,
    present_words,
)
from portal.membership.services.renewals.contracts import claim_to_stand_on


class Step(StrEnum):
    """What the office does by hand."""

    EXTEND = "extend"
    DECLINE = "decline"
    REINSTATE = "reinstate"

    @property
    def label(self) -> Any:
        return STEP_LABELS[self]

    @property
    def act(self) -> Act:
        """In the flow."""
        return Act(self.value)


STEP_LABELS = {
    Step.EXTEND: _l("Give more time"),
    Step.DECLINE: _l("Record that it does not renew"),
    Step.REINSTATE: _l("Take up again"),
}


DONE = {
    Step.EXTEND: _l("More time is given. The company has been told."),
    Step.DECLINE: _l("It is recorded that the company does not renew. The company has been told."),
    Step.REINSTATE: _l("The renewal is taken up again. The company has been told."),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """How a step is taken: its form and its verb."""

    step: Step
    form: type[AnswerForm]
    act: Callable[[Renewal, Any], Any]


def hurdle_of(renewal: Renewal, step: Step) -> str:
    """What stands in the way of a step; empty when nothing does."""
    if not may_keep_renewals(actor(), renewal.organisation_id):
        return _("You belong to this company, so somebody else has to act on its renewal.")
    if step.act not in possible_acts(renewal):
        return _("This step is not open now. The renewal is: %(state)s.", state=RENEWAL_LABELS[renewal.state])
    if step is not Step.DECLINE and renewal.term_id:
        return _no_claim(renewal.term_id)
    return ""


def _no_claim(term_id: int) -> str:
    """What the verbs would refuse with."""
    try:
        claim_to_stand_on(term_id)
    except Refused as refused:
        return str(refused.message)
    return ""


def effects_of(renewal: Renewal, step: Step, until: date | None) -> list[str]:
    """What a step does besides its mails."""
    if until is None:
        return [_("The place is free for others."), present_words(renewal.from_term.last_day)]
    owed = receivable_of(renewal.term_id) if renewal.term_id else None
    words = {"day": day(until)} if owed is None else {"day": day(until), "number": owed[0].number}
    asks = owed is not None and owed[1].state.is_owed
    pays = (
        _("Invoice %(number)s can be paid until %(day)s. Its paper stays as it was issued.", **words)
        if asks
        else ""
    )
    if step is Step.EXTEND:
        return [
            pays
            if renewal.is_agreed
            else _("The offer can be answered until %(day)s; a place is held until then.", **words)
        ]
    if owed is None or not (asks or owed[1].debt.is_paid):
        return [_("The company gets a new offer, to be answered by %(day)s.", **words)]
    stands = _("The contract stands again and takes its place.")
    if renewal.is_agreed:
        stands = _("The renewal is no longer suspended.")
    return [
        stands,
        pays or _("The fee of invoice %(number)s has arrived, so the company is a member at once.", **words),
    ]


def possible_acts(renewal: Renewal) -> tuple[Act, ...]:
    """What the flow lets the office do now."""
    return allowed_acts(renewal.state, Party.OFFICE, agreed=renewal.is_agreed)
