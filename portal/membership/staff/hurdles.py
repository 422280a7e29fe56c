"""The office's three steps, whose they are, and in words what stands in the way before one tries."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from portal.core.access import Actor
from portal.core.i18n import _, _l
from portal.domain.application_flow import ApplicationState, allowed_next
from portal.membership.enums import APPLICATION_LABELS
from portal.membership.models import Application
from portal.membership.policy import CHECKING_ROLES, DECIDING_ROLES, is_party, mover_of


class Step(StrEnum):
    """A verb of the review; the value is the end of its address."""

    CHECK = "check"
    DECIDE = "decide"
    RETURN = "return"

    @property
    def label(self) -> Any:
        return STEP_WORDS[self]

    def is_for(self, person: Actor) -> bool:
        """Whether the person's role takes this step at all."""
        roles = {
            Step.CHECK: CHECKING_ROLES,
            Step.DECIDE: DECIDING_ROLES,
            Step.RETURN: CHECKING_ROLES | DECIDING_ROLES,
        }
        return not person.staff_roles.isdisjoint(roles[self])

    def fits(self, state: ApplicationState) -> bool:
        """Whether the step is possible from this state, for whomever."""
        return _LEADS_TO[self] in allowed_next(state)


STEP_WORDS = {
    Step.CHECK: _l("Record the check"),
    Step.DECIDE: _l("Record the decision"),
    Step.RETURN: _l("Return for correction"),
}
_LEADS_TO = {
    Step.CHECK: ApplicationState.CHECKED,
    Step.DECIDE: ApplicationState.APPROVED,
    Step.RETURN: ApplicationState.RETURNED,
}


def hurdle(step: Step, person: Actor, application: Application, hands: Collection[int]) -> Any:
    """Why this person cannot take the step now, in words; empty when nothing stands in the way."""
    if application.organisation_id in person.organisation_ids:
        return _("You belong to this company, so somebody else has to review its application.")
    if is_party(person, application, hands):
        return _("You worked on this application yourself, so somebody else has to review it.")
    if not step.fits(application.state):
        return _(
            "This step is not open now. The application is: %(state)s.",
            state=APPLICATION_LABELS[application.state],
        )
    if step is Step.RETURN and ApplicationState.RETURNED not in allowed_next(
        application.state, mover_of(person)
    ):
        return _("The secretariat checks the application first; the committee can return it after that.")
    if step is Step.DECIDE and application.checked_by_id == person.id:
        return _("You checked this application. Somebody else has to record the decision.")
    return ""
