"""Agreements with host companies, as the office enters them."""

from __future__ import annotations

from flask_wtf.file import FileField

from portal.core.forms import Form, calendar_day, choice, line, paragraph, several
from portal.core.i18n import _l
from portal.domain.internships.agreements import AgreementKind
from portal.internships.enums import AGREEMENT_LABELS

CHOOSE = ("", _l("Please choose"))
NEEDED_HINT = _l(
    "Companies read it beforehand. Whoever has none that holds over the whole period stays out of the match."
)


def kinds_to_choose() -> list[tuple[str, str]]:
    """All kinds in words."""
    return [(kind.value, str(label)) for kind, label in AGREEMENT_LABELS.items()]


class AgreementForm(Form):
    """A signed agreement. Days are included."""

    company = line(_l("Corporate number or whole name of the company"))
    kind = choice(_l("Kind of agreement"))
    signed_on = calendar_day(_l("Signed on"))
    from_on = calendar_day(_l("First day of validity"))
    until_on = calendar_day(_l("Last day of validity"), required=False, hint=_l("Empty: without an end."))
    file = FileField(
        _l("Signed document"),
        description=_l("A PDF, a picture or an Office file up to 10 MB. Read by the office and the company's administrators."),
    )  # fmt: skip
    note = paragraph(_l("Note"), most=2000, required=False, hint=_l("Read by the office alone."))

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        self.kind.choices = [CHOOSE, *kinds_to_choose()]


class EndForm(Form):
    """An agreement ends before its time."""

    ended_on = calendar_day(
        _l("No longer holds from"),
        hint=_l("The first day without it. Its own first day where it was entered by mistake."),
    )
    reason = paragraph(_l("Reason"), most=1000, hint=_l("The company's administrators read it."))


class NeededForm(Form):
    """What every company needs in a round."""

    needed = several(_l("Agreements needed of every company"), hint=NEEDED_HINT)

    def offer(self) -> None:
        """Fill the choices, in the reader's language."""
        self.needed.choices = kinds_to_choose()

    def kinds(self) -> list[AgreementKind]:
        """What was ticked."""
        return [AgreementKind(each) for each in self.needed.data or ()]
