"""The shape of what applicants type: one form a page, by the page's name. Eligibility and the rest is the services'."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.accounts.services.organisations import NUMBER_PROBLEMS
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
from portal.core.i18n import _, _l
from portal.domain.names import check_kana, normalise_kana
from portal.domain.organisation_numbers import check_corporate_number
from portal.membership import choices
from portal.membership.enums import AttachmentKind, Industry, PaymentWay
from portal.membership.models import Application
from portal.membership.pages import (
    LEARNERS_LISTED,
    MOST_LEARNERS,
    OPTIONAL,
    QUESTIONS,
    learners_wanted,
    pages_for,
)


def offered(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Pairs of value and label as choices."""
    return [SelectChoice(value, label) for value, label in pairs]


ENVELOPE = frozenset({"csrf_token", "once", "submit", "seen"})


def corporate_number(form: FlaskForm, field: Field) -> None:
    """13 digits with a check digit that fits; kept half-width without hyphens."""
    check = check_corporate_number(field.data or "")
    if check.problem is not None:
        raise ValidationError(NUMBER_PROBLEMS[check.problem])
    field.data = check.number


def kana(form: FlaskForm, field: Field) -> None:
    """A reading in katakana; hiragana and half-width letters are turned into it."""
    if not normalise_kana(field.data or ""):
        return
    check = check_kana(field.data)
    if check.problem is not None:
        letters = "".join(check.wrong_characters[:10])
        raise ValidationError(
            _("Please write the reading in katakana. Not katakana: %(letters)s", letters=letters)
        )
    field.data = check.text


POSTAL_CODE = re.compile(r"([0-9]{3})[-\u2010\u2212\u30fc]?([0-9]{4})")


def postal_code(form: Any, field: Any) -> None:
    """Seven digits, kept as 100-0001 however they were typed."""
    if not field.data:
        return
    shape = POSTAL_CODE.fullmatch(unicodedata.normalize("NFKC", field.data))
    if shape is None:
        raise ValidationError(_("Please write seven digits, like 100-0001."))
    field.data = f"{shape[1]}-{shape[2]}"


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


class PurchaseOrderForm(Form):
    """The number alone, after the application was sent in; empty takes it off again."""

    number = line(_l("Purchase order number"), most=60, required=False)


class DocumentsForm(Form):
    kind = choice(_l("What is it?"), choices=offered(choices.labelled(AttachmentKind)))
    file = FileField(
        _l("File"), description=_l("PDF, PNG, JPEG, docx, xlsx or pptx, up to 10 MB. No macros, no password.")
    )


class ConfirmForm(Form):
    """The wordings that were shown (`versions`, numbers with commas), each with its box."""

    versions = HiddenField()
    membership_rules = tick(_l("We accept the membership rules"), must=True)
    anti_social_pledge = tick(_l("We make the pledge on anti-social forces"), must=True)
    personal_data = tick(_l("We consent to the handling of personal data"), must=True)

    @property
    def shown(self) -> list[int]:
        """Numbers of the wordings that the page showed."""
        parts = (self.versions.data or "").split(",")
        return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19]


class StartForm(Form):
    """A signed-in person begins."""

    fiscal_year = choice(_l("Fiscal year"), radio=True, coerce=int)
    organisation = choice(_l("Company"), radio=True, coerce=int)


class StrangerForm(Form):
    """Somebody new gives a name and an address."""

    name = line(_l("Your name"), most=100)
    email = email(
        _l("Mail address at work"),
        hint=_l("We send a link to this address. Nothing is kept before you open it."),
    )


class ShareForm(Form):
    email = email(_l("Your colleague's mail address"))


class JoinForm(Form):
    """Somebody new says who they are; who is signed in only presses the button."""

    name = line(_l("Your name"), most=100)


class WithdrawForm(Form):
    note = paragraph(_l("Reason"), most=500, required=False)


class QuoteForm(Form):
    tier = choice(_l("Membership tier"), radio=True)
    company = line(_l("Company name"), hint=_l("As it should appear on the quote, with its legal form."))
    department = line(_l("Department"), most=100, required=False)
    person = line(_l("Name"), most=100, required=False)
    postal_code = line(_l("Postal code"), most=8, required=False, checks=[postal_code])
    address = line(_l("Address"), most=300, required=False)


FORMS: dict[str, type[StepForm]] = {
    "company": CompanyForm,
    "profile": ProfileForm,
    "tier": TierForm,
    "representative": RepresentativeForm,
    "contact": ContactForm,
    "billing": BillingForm,
    "learners": LearnersForm,
    "plan": PlanForm,
    "interests": InterestsForm,
    "payment": PaymentForm,
}
LEARNER_FIELDS = ("name", "kana", "department", "email")


def learners_form(count: int) -> type[StepForm]:
    """A form with four fields for each learner; the portal asks for the first ten."""
    fields: dict[str, Any] = {}
    for n in range(1, min(count, LEARNERS_LISTED) + 1):
        fields[f"name_{n}"] = line(_l("Name"), most=100, required=False)
        fields[f"kana_{n}"] = line(_l("Reading (katakana)"), most=100, required=False, checks=[kana])
        fields[f"department_{n}"] = line(_l("Department"), most=100, required=False)
        fields[f"email_{n}"] = email(_l("Mail address"), required=False)
    return type("LearnersForm", (LearnersForm,), fields)


def make_form(page: str, draft: Mapping[str, Any], tier_codes: list[str], **arguments: Any) -> StepForm:
    """The form of a page with its choices in the reader's language; `arguments` go to WTForms."""
    kind = learners_form(learners_wanted(draft)) if page == "learners" else FORMS[page]
    form = kind(**arguments)
    if isinstance(form, TierForm):
        form.tier.choices = offered((code, code) for code in tier_codes)
    if isinstance(form, InterestsForm):
        form.areas.choices, form.groups.choices = offered(choices.areas()), offered(choices.groups())
    return form


def filled_form(page: str, application: Application, tier_codes: list[str]) -> StepForm:
    """The page's form with what was typed so far, and no errors."""
    typed = application.drafted(page)
    words = MultiDict(
        (name, value)
        for name, values in typed.items()
        for value in (values if isinstance(values, list) else [values])
    )
    form = make_form(
        page, application.draft, tier_codes, formdata=words if typed else None, meta={"csrf": True}
    )
    form.seen.data = str(application.page_version(page))
    return form


def read_answers(
    application: Application, tier_codes: list[str]
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Clean answers of every page, and the names of the pages that are not complete."""
    answers: dict[str, dict[str, Any]] = {}
    unfinished = []
    wanted = {page.name for page in pages_for(application.draft)}
    for page in QUESTIONS:
        if page.name not in wanted:
            continue
        form = filled_form(page.name, application, tier_codes)
        del form.csrf_token
        typed = bool(application.drafted(page.name))
        if (not typed and page.name not in OPTIONAL) or not form.validate():
            unfinished.append(page.name)
        answers[page.name] = form.values()
    return spelled_out(answers), unfinished


def spelled_out(answers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Who is the same as the representative gets the representative's data."""
    person = {
        name: answers.get("representative", {}).get(name)
        for name in ("name", "kana", "department", "title", "telephone", "email")
    }
    for page in ("contact", "billing"):
        if answers.get(page, {}).get("same_as_representative"):
            answers[page] = answers[page] | person
    return answers


def typed_words(form: StepForm, data: Mapping[str, list[str]]) -> dict[str, str | list[str]]:
    """What a browser sent for this page, field by field, as typed; strange fields are dropped."""
    words: dict[str, str | list[str]] = {}
    for name, field in form._fields.items():
        if name in ENVELOPE or name not in data:
            continue
        sent = data[name]
        words[name] = sent if field.type == "CheckboxesField" else (sent[0] if sent else "")
    return words
