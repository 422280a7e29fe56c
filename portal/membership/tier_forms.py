"""The shape of what is typed about a change of tier."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from portal.billing.enums import TAX_LABELS
from portal.core.forms import Form, calendar_day, choice, line, not_in_future, paragraph, tick, whole_number
from portal.core.i18n import _l
from portal.domain.tier_change import Proration
from portal.membership.changing import PRORATION_LABELS
from portal.membership.renewal_forms import FactsForm
from portal.membership.services.eligibility import LARGEST_COMPANY


class TierForm(FactsForm):
    """Which tier, and what it may depend on."""

    tier = choice(_l("Membership tier"), radio=True)
    employees = whole_number(
        _l("Employees"),
        most=LARGEST_COMPANY,
        required=False,
        hint=_l("Regular employees of this legal entity alone, as of today."),
    )
    founded_on = calendar_day(_l("Date of founding"), required=False, checks=[not_in_future])


class ConsentForm(FactsForm):
    """Agree to what is shown; `seen` is its fingerprint."""

    employees = whole_number(_l("Employees"), most=LARGEST_COMPANY)
    founded_on = calendar_day(_l("Date of founding"), checks=[not_in_future])
    purchase_order = line(
        _l("Purchase order number"), most=60, required=False, hint=_l("It is printed on the invoice.")
    )
    accept = tick(_l("We agree to the change and to these amounts"), must=True)

    @property
    def fingerprint(self) -> str:
        """What the page showed."""
        return (self.seen.data or "")[:64]


class RecordForm(ConsentForm):
    """The office writes down that the company agreed."""

    note = paragraph(
        _l("Who agreed for the company, when and how"),
        most=1000,
        hint=_l("It stands in the timeline, which the company sees."),
    )
    accept = tick(_l("The company has agreed to the change and to these amounts"), must=True)


class WishForm(Form):
    """A lower tier for the next year."""

    tier = HiddenField()


class ApproveForm(Form):
    """The office approves what it was shown."""

    seen = HiddenField()


class DeclineChangeForm(Form):
    """The office says no."""

    reason = paragraph(_l("Reason"), most=1000, hint=_l("The company reads it."))


class ProrationForm(Form):
    """In what the rest of a contract is counted."""

    proration = choice(
        _l("How the rest of a contract is counted"),
        choices=[SelectChoice(way.value, words) for way, words in PRORATION_LABELS.items()],
        radio=True,
    )
    valid_from = calendar_day(_l("Valid from"))

    @property
    def way(self) -> Proration:
        """The choice."""
        return Proration(self.proration.data)


class SeenForm(Form):
    """Agree to what is shown; `seen` is its fingerprint."""

    seen = HiddenField()

    @property
    def fingerprint(self) -> str:
        """What the page showed."""
        return (self.seen.data or "")[:64]


class SeatsForm(SeenForm):
    """Extra seats that the office proposes, or writes down as agreed."""

    seats = whole_number(_l("Extra seats"), least=1, most=100)
    price_yen = whole_number(
        _l("Price of a seat and year"),
        most=10_000_000,
        hint=_l("Yen without tax, for a whole contract year."),
    )
    category = choice(
        _l("Consumption tax"), choices=[SelectChoice(each.value, words) for each, words in TAX_LABELS.items()]
    )
    goes_on = tick(
        _l("Carry it along when the membership is renewed"), hint=_l("It stands as a line in the renewal.")
    )
    way = choice(
        _l("Consent of the company"),
        choices=[
            SelectChoice("portal", _l("Ask the company; it agrees on the portal")),
            SelectChoice("agreed", _l("The company has agreed already")),
        ],
        radio=True,
    )
    note = paragraph(
        _l("Words to the company, or who agreed and when"),
        most=1000,
        required=False,
        hint=_l("It stands in the timeline, which the company sees."),
    )


class TakeBackForm(SeenForm):
    """The office takes a change back."""

    reason = paragraph(
        _l("Reason"), most=200, hint=_l("The company reads it; it stands on the credit note too.")
    )


class EndSeatsForm(Form):
    """End seats by arrangement."""

    reason = paragraph(_l("Reason"), most=300, hint=_l("The company reads it."))
    settled = tick(_l("Their price has been seen to; the seats end without a credit note"))
