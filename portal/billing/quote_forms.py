"""What is typed about quotes of the office and the orders that answer them: shape only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from wtforms.fields import SelectChoice

from portal.billing.forms import DUE_RULES
from portal.billing.line_forms import SPARE, line_fields, rows_sent
from portal.core.forms import Form, calendar_day, choice, email, line, paragraph, tick
from portal.core.i18n import _l

LANGUAGES = {"ja": _l("Japanese"), "en": _l("English")}


class QuoteForm(Form):
    """A quote for any organisation; the lines are those of `line_forms`."""

    subject = line(_l("Subject"), most=300)
    period_from = calendar_day(_l("First day of the supply"))
    period_to = calendar_day(_l("Last day of the supply"))
    valid_until = calendar_day(_l("Valid until"))
    due_rule = choice(
        _l("Its invoice is due"), choices=[SelectChoice(value, label) for value, label in DUE_RULES.items()]
    )
    language = choice(_l("Language of the papers"), choices=[SelectChoice(v, each) for v, each in LANGUAGES.items()])  # fmt: skip
    department = line(_l("Department"), most=100, required=False)
    person = line(_l("Attention"), most=100, required=False)
    email = email(_l("Mail address of the company"))
    invoices_itself = tick(_l("Issue the invoice at once when the company orders"))


def quote_form(sent: Mapping[str, Any], **given: Any) -> QuoteForm:
    """With rows for lines, as many as were sent."""
    kind = type("QuoteFormWithLines", (QuoteForm,), line_fields(rows_sent(sent, SPARE)))
    made: QuoteForm = kind(**given)
    return made


class OrderForm(Form):
    """One click that orders."""

    purchase_order = line(_l("Your purchase order number"), most=60, required=False)
    agrees = tick(_l("We order what this quote offers, at its prices and terms."), must=True)


class PaperOrderForm(Form):
    """An order that came on paper."""

    ordered_on = calendar_day(_l("Day of the order"))
    purchase_order = line(_l("Purchase order number"), most=60, required=False)
    file = FileField(_l("The order as it came"), description=_l("PDF or picture, up to 10 MB."))


class WithdrawForm(Form):
    """Why the office takes a quote back."""

    reason = paragraph(_l("Reason"), most=300, hint=_l("The company reads this too."))


class EndForm(Form):
    """Why a company does not want a quote."""

    reason = paragraph(_l("Reason"), most=300, required=False)
