"""What the office looks for among the papers: shape only."""

from __future__ import annotations

from wtforms.fields import SelectChoice

from portal.billing.queries.register import Wanted
from portal.billing.register import PaperKind
from portal.core.forms import Form, calendar_day, choice, line, tick, whole_number
from portal.core.i18n import _, _l
from portal.domain.money import LARGEST_YEN

FIELDS = ("since", "until", "least_yen", "most_yen", "party", "kind", "number")


class PapersForm(Form):
    """Everything may stay empty; what is filled in holds together."""

    since = calendar_day(_l("Transaction date from"), required=False)
    until = calendar_day(_l("Transaction date to"), required=False)
    least_yen = whole_number(_l("From this amount"), most=LARGEST_YEN, required=False)
    most_yen = whole_number(_l("To this amount"), most=LARGEST_YEN, required=False)
    party = line(
        _l("Counterparty"),
        most=100,
        required=False,
        hint=_l("Part of the name, in any spelling, or the corporate number"),
    )
    kind = choice(_l("Kind of paper"), required=False, choices=lambda: _kinds())
    number = line(_l("Number"), most=40, required=False, hint=_l("Or how it begins"))
    with_pint = tick(_l("With invoices and credit notes as JP PINT (Peppol) too"))

    def validate(self, extra_validators: object = None) -> bool:
        """The shape of each, and that no range ends before it begins."""
        if not super().validate(extra_validators):
            return False
        for low, high in ((self.since, self.until), (self.least_yen, self.most_yen)):
            if low.data is not None and high.data is not None and high.data < low.data:
                high.errors = [*high.errors, _("The range ends before it begins.")]
        return not self.errors

    @property
    def wanted(self) -> Wanted:
        """As the query takes it."""
        kind = PaperKind(self.kind.data) if self.kind.data else None
        return Wanted(
            since=self.since.data,
            until=self.until.data,
            least_yen=self.least_yen.data,
            most_yen=self.most_yen.data,
            party=self.party.data or "",
            kind=kind,
            number=self.number.data or "",
        )


def _kinds() -> list[SelectChoice]:
    return [
        SelectChoice("", _("Everything")),
        *(SelectChoice(kind.value, str(kind.label)) for kind in PaperKind),
    ]
