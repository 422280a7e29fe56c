"""What a supervisor says of one pair."""

from __future__ import annotations

from typing import Any

from wtforms.fields import SelectChoice

from portal.core.forms import Form, calendar_day, choice, hidden_number, paragraph
from portal.core.i18n import _l
from portal.internships.queries.approvals import Asked

APPROVE, VETO = "approve", "veto"


class ApprovalForm(Form):
    """Yes with its days, or no with its reason; `version` is what the page showed."""

    decision = choice(
        _l("Your decision"),
        radio=True,
        choices=[SelectChoice(APPROVE, _l("I approve")), SelectChoice(VETO, _l("I do not approve"))],
    )
    from_on = calendar_day(_l("From"), required=False, hint=_l("Left empty: as the posting says."))
    until_on = calendar_day(_l("Until"), required=False)
    reason = paragraph(
        _l("Reason"),
        most=1000,
        required=False,
        hint=_l("Needed where you do not approve. The student reads it, the company does not."),
    )
    version = hidden_number()

    @classmethod
    def shown(cls, asked: Asked) -> ApprovalForm:
        """What stands; the days of the posting where nothing was said."""
        approval, posting = asked.approval, asked.posting
        said: dict[str, Any] = {"reason": approval.reason, "version": approval.version}
        said |= {
            "from_on": approval.from_on or posting.starts_from,
            "until_on": approval.until_on or posting.ends_by,
        }
        said["decision"] = {"approved": APPROVE, "vetoed": VETO}.get(approval.state.value)
        return cls(formdata=None, **said)


class LiftForm(Form):
    """Why a veto is lifted."""

    reason = paragraph(
        _l("Reason"),
        most=2000,
        hint=_l("For example: who has spoken with which supervisor. The office alone reads it."),
    )
