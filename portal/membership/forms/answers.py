"""From the draft to forms and back: a page filled with what was typed, the clean answers of all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.core.forms import (
    email,
    line,
)
from portal.core.i18n import _l
from portal.membership import choices
from portal.membership.forms.checks import kana, offered
from portal.membership.forms.pages import (
    ENVELOPE,
    BillingForm,
    CompanyForm,
    ContactForm,
    InterestsForm,
    LearnersForm,
    PaymentForm,
    PlanForm,
    ProfileForm,
    RepresentativeForm,
    StepForm,
    TierForm,
)
from portal.membership.models import Application
from portal.membership.pages import (
    LEARNERS_LISTED,
    OPTIONAL,
    QUESTIONS,
    learners_wanted,
    pages_for,
)

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
