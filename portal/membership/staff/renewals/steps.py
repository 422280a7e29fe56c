"""What the office may do by hand with a renewal, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.access import actor
from portal.core.i18n import _, _l
from portal.domain.renewal_flow import Act, Party, allowed_acts
from portal.membership.models import Renewal
from portal.membership.policy import may_keep_renewals
from portal.membership.renewal_forms import AnswerForm
from portal.membership.renewing import (
    RENEWAL_LABELS,
)


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
    return ""


def possible_acts(renewal: Renewal) -> tuple[Act, ...]:
    """What the flow lets the office do now."""
    return allowed_acts(renewal.state, Party.OFFICE, agreed=renewal.is_agreed)
