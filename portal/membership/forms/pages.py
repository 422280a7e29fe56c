"""One form a page of an application, by the page's name."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField

from portal.accounts.enums import Industry
from portal.core.forms import (
    Form,
    calendar_day,
    choice,
    email,
    latin_letters,
    line,
    not_in_future,
    paragraph,
    several,
    telephone,
    tick,
    web_address,
    whole_number,
)
from portal.core.i18n import _l
from portal.membership import choices
from portal.membership.enums import PaymentWay
from portal.membership.forms.checks import corporate_number, kana, offered, postal_code
from portal.membership.pages import (
    MOST_LEARNERS,
)

ENVELOPE = frozenset({"csrf_token", "once", "submit", "seen"})


class StepForm(Form):
    """A page of an application. `seen` is the version of the page that this form was filled with."""

    seen = HiddenField()

    def values(self) -> dict[str, Any]:
        return {name: field.data for name, field in self._fields.items() if name not in ENVELOPE}

    @property
    def seen_version(self) -> int:
        """As a number; nonsense counts as never seen."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class CompanyForm(StepForm):
    corporate_number = line(
        _l("Corporate number"),
        most=30,
        hint=_l("13 digits. You find it on the National Tax Agency's corporate number site."),
        checks=[corporate_number],
    )
    name_ja = line(_l("Registered name (Japanese)"), hint=_l("With its legal form, such as 株式会社."))
    name_kana = line(_l("Reading of the name (katakana)"), hint=_l("Without the legal form."), checks=[kana])
    name_en = line(_l("Name in English"), checks=[latin_letters])
    postal_code = line(_l("Postal code"), most=8, checks=[postal_code])
    address = line(_l("Address of the head office"), most=300)


class ProfileForm(StepForm):
    head_title = line(
        _l("Title of the head of the company"), most=100, hint=_l("For example: President and CEO")
    )
    head_name = line(_l("Name of the head of the company"), most=100)
    founded_on = calendar_day(_l("Date of founding"), checks=[not_in_future])
    employees = whole_number(
        _l("Employees"), most=10_000_000, hint=_l("Regular employees of this legal entity alone.")
    )
    capital_yen = whole_number(_l("Capital (yen)"), most=99_999_999_999_999)
    industry = choice(_l("Industry"), choices=offered(choices.labelled(Industry)), radio=True)
    website = web_address(_l("Web site"), required=False)


class TierForm(StepForm):
    learners_wanted = whole_number(
        _l("Learners you would like to send"),
        most=MOST_LEARNERS,
        hint=_l("Enter 0 if nobody will attend the training."),
    )
    tier = choice(_l("Membership tier"), radio=True)


class PersonForm(StepForm):
    """One contact of the company."""

    name = line(_l("Name"), most=100)
    kana = line(_l("Reading (katakana)"), most=100, checks=[kana])
    department = line(_l("Department"), most=100, required=False)
    title = line(_l("Job title"), most=100)
    telephone = telephone(_l("Telephone"))
    email = email(_l("Mail address"))


class RepresentativeForm(PersonForm):
    pass


class OtherPersonForm(StepForm):
    """A contact who may be the representative: then nothing else has to be filled in."""

    same_as_representative = tick(_l("Same as the representative"))
    name = line(_l("Name"), most=100, required=False)
    kana = line(_l("Reading (katakana)"), most=100, required=False, checks=[kana])
    department = line(_l("Department"), most=100, required=False)
    title = line(_l("Job title"), most=100, required=False)
    telephone = telephone(_l("Telephone"), required=False)
    email = email(_l("Mail address"), required=False)

    NEEDED = ("name", "kana", "title", "telephone", "email")

    def validate(self, extra_validators: Any = None) -> bool:
        """Without the tick, the person is asked for."""
        fits = bool(super().validate(extra_validators))
        if self.same_as_representative.data:
            return self._forgive()
        for name in self.NEEDED:
            field = self._fields[name]
            if not field.data and not field.errors:
                field.errors = [_l("Please fill in this field.")]
                fits = False
        return fits

    def _forgive(self) -> bool:
        """Nothing of the person counts while the tick is set."""
        for name in (*self.NEEDED, "department"):
            self._fields[name].errors = []
        return not any(field.errors for field in self._fields.values())


class ContactForm(OtherPersonForm):
    pass


class BillingForm(OtherPersonForm):
    postal_code = line(
        _l("Postal code for invoices"),
        most=8,
        required=False,
        checks=[postal_code],
        hint=_l("Only when it differs from the head office."),
    )
    address = line(_l("Address for invoices"), most=300, required=False)


class LearnersForm(StepForm):
    """Fields for as many learners as are wanted, added by `make_form`; names may follow later."""


class PlanForm(StepForm):
    theme = line(_l("Theme"), most=200, hint=_l("In one line: what you would like to find out or build."))
    purposes = several(_l("Field of use"), choices=offered(choices.PURPOSES.items()), required=True)
    methods = several(_l("Approach"), choices=offered(choices.METHODS.items()), required=True)
    summary = paragraph(
        _l("Your plan"),
        most=2000,
        hint=_l("What, with which data, by when. A few sentences are enough. Nothing confidential, please."),
    )


class InterestsForm(StepForm):
    areas = several(_l("Priority areas"))
    groups = several(_l("Working groups"))
    topics = paragraph(_l("Other topics you would like to see"), most=500, required=False)


class PaymentForm(StepForm):
    way = choice(_l("How will you pay?"), choices=offered(choices.labelled(PaymentWay)), radio=True)
    needs_purchase_order = tick(_l("We need a purchase order number on the invoice"))
    purchase_order_number = line(
        _l("Purchase order number"),
        most=60,
        required=False,
        hint=_l("If you know it already; you can add or change it until your application is approved."),
    )
    wishes = paragraph(_l("Wishes about the invoice"), most=500, required=False)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Whoever gives a number needs it on the invoice."""
        super().process(*args, **kwargs)
        if self.purchase_order_number.data:
            self.needs_purchase_order.data = True
