"""The shape of what applicants type. Eligibility and the rest is the services'."""

from portal.membership.forms.answers import (
    FORMS,
    LEARNER_FIELDS,
    filled_form,
    learners_form,
    make_form,
    read_answers,
    typed_words,
)
from portal.membership.forms.around import (
    ConfirmForm,
    DocumentsForm,
    JoinForm,
    PurchaseOrderForm,
    QuoteForm,
    ShareForm,
    StartForm,
    StrangerForm,
    WithdrawForm,
)
from portal.membership.forms.checks import offered
from portal.membership.forms.pages import StepForm

__all__ = [
    "FORMS",
    "LEARNER_FIELDS",
    "ConfirmForm",
    "DocumentsForm",
    "JoinForm",
    "PurchaseOrderForm",
    "QuoteForm",
    "ShareForm",
    "StartForm",
    "StepForm",
    "StrangerForm",
    "WithdrawForm",
    "filled_form",
    "learners_form",
    "make_form",
    "offered",
    "read_answers",
    "typed_words",
]
