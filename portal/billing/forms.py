"""What people type about money: shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField
from wtforms.fields import SelectChoice
from wtforms.validators import Regexp

from portal.billing.enums import PRODUCT_LABELS, ROUNDING_LABELS, TAX_LABELS
from portal.billing.line_forms import MOST_LINES, SPARE, given_lines, line_fields, rows_sent
from portal.billing.models import Invoice, InvoiceLine, InvoiceRevision
from portal.core.forms import (
    Form,
    calendar_day,
    choice,
    email,
    latin_letters,
    line,
    paragraph,
    telephone,
    tick,
    whole_number,
)
from portal.core.i18n import _, _l, current_language
from portal.domain.money import LARGEST_YEN

DUE_RULES = {
    "end_of_next_month": _l("The end of the next month"),
    "days_after:14": _l("14 days after issue"),
    "days_after:30": _l("30 days after issue"),
    "days_after:60": _l("60 days after issue"),
}
ACCOUNT_KINDS = {
    "ordinary": _l("Ordinary account"),
    "current": _l("Current account"),
    "savings": _l("Savings account"),
}


def _choices(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in labels.items()]


class BankPaymentForm(Form):
    """A transfer on the bank's statement."""

    amount_yen = whole_number(_l("Amount that arrived"), least=1, most=LARGEST_YEN)
    received_on = calendar_day(_l("Day on the bank's statement"))
    payer_name = line(
        _l("Name of the payer as the bank shows it"),
        most=120,
        required=False,
        hint=_l("In kana, as on the statement. It helps to find the payer next time."),
    )


class ReversalForm(Form):
    """Why a payment is undone."""

    reason = paragraph(_l("Reason"), most=300, hint=_l("The company reads this too."))


class RefundForm(Form):
    """Money that went back to the payer from our own bank account."""

    amount_yen = whole_number(_l("Amount paid back"), least=1, most=LARGEST_YEN)
    paid_on = calendar_day(_l("Day on which it left our account"))
    note = line(_l("Note"), most=200, required=False, hint=_l("The company reads this too."))


class ProviderRefundForm(Form):
    """What the payment provider shall give back; `payment` is one of those of which something is left there."""

    payment = choice(_l("Which payment"), radio=True)
    amount_yen = whole_number(_l("Amount to give back"), least=1, most=LARGEST_YEN)
    note = line(_l("Note"), most=200, required=False, hint=_l("The company reads this too."))


def provider_refund_form(
    sources: Sequence[tuple[int, object]], amount_yen: int | None = None
) -> ProviderRefundForm:
    """`sources` are numbers of payments with their words; the first is chosen."""
    first = str(sources[0][0]) if sources else None
    form = ProviderRefundForm(payment=first, amount_yen=amount_yen or None)
    form.payment.choices = [SelectChoice(str(number), words) for number, words in sources]
    return form


class BalanceForm(Form):
    """How much of what a payer has with the provider goes to its bank."""

    amount_yen = whole_number(
        _l("Amount to send"), least=1, most=LARGEST_YEN, required=False, hint=_l("Empty: all of it.")
    )


class WriteOffForm(Form):
    """Why nobody will pay; `seen` is the rest in yen that the preview showed."""

    seen = HiddenField()
    reason = paragraph(
        _l("Reason"), most=300, hint=_l("It stays in the books; the company does not read it.")
    )

    @property
    def owed_yen(self) -> int:
        """The rest that was shown; -1 for what is none."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else -1


class UndoWriteOffForm(Form):
    """Why a claim is asked for again."""

    reason = paragraph(
        _l("Reason"), most=300, hint=_l("It stays in the books; the company does not read it.")
    )


class AdvanceForm(Form):
    """An advance that is used for another invoice of the company; `target` is one of those that are owed."""

    target = choice(_l("For which invoice"), radio=True)
    amount_yen = whole_number(
        _l("Amount"),
        least=1,
        most=LARGEST_YEN,
        required=False,
        hint=_l("Empty: as much as there is and is owed."),
    )
    reason = line(_l("Note"), most=200, required=False, hint=_l("The company reads this too."))


def credit_form(lines: Sequence[InvoiceLine], given: Mapping[int, int] | None = None) -> Form:
    """What to give back, ex tax: a field `line_<number>` for each line of the invoice, which it names, and why."""
    fields: dict[str, Any] = {}
    for each in lines:
        label = _("Amount to give back, tax excluded: %(line)s", line=each.description(current_language()))
        fields[f"line_{each.id}"] = whole_number(label, least=0, most=each.amount_yen, required=False)
    fields["reason"] = line(
        _l("Reason"), hint=_l("It stands on the credit note, in the language of the invoice.")
    )
    kind = type("CreditForm", (Form,), fields)
    made: Form = kind(**{f"line_{number}": amount for number, amount in (given or {}).items()})
    return made


BUYER_FIELDS = ("name", "department", "title", "person", "postal_code", "address", "email")


class CorrectionForm(Form):
    """How the paper of an invoice shall read."""

    name = line(_l("Name of the company"))
    department = line(_l("Department"), most=100, required=False)
    title = line(_l("Title"), most=100, required=False)
    person = line(_l("Attention"), most=100, required=False)
    postal_code = line(_l("Postal code"), most=10, required=False)
    address = paragraph(_l("Address"), most=300, required=False)
    email = email(_l("Mail address for the invoice"), required=False)
    subject = line(_l("Subject"), most=300)
    purchase_order = line(_l("Purchase order number"), most=60, required=False)
    reason = line(_l("What was wrong"), hint=_l("The company reads this too."))


def correction_form(version: Invoice | InvoiceRevision, lines: Sequence[Mapping[str, Any]]) -> CorrectionForm:
    """Filled in as the paper reads now, with a field `line_<position>` for the words of each line."""
    words = f"description_{version.language}"
    fields = {f"line_{each['position']}": line(_l("Description"), most=300) for each in lines}
    given = {f"line_{each['position']}": each[words] for each in lines}
    kind = type("CorrectionFormWithLines", (CorrectionForm,), fields)
    made: CorrectionForm = kind(**_as_it_reads(version), **given)
    return made


def replacement_form(
    version: Invoice | InvoiceRevision, lines: Sequence[Mapping[str, Any]], sent: Mapping[str, Any]
) -> CorrectionForm:
    """Filled in as the paper reads now, with the fields of `line_forms` for what is billed, some rows of them empty."""
    rows = rows_sent(sent, min(MOST_LINES, len(lines) + SPARE))
    kind = type("ReplacementForm", (CorrectionForm,), line_fields(rows))
    made: CorrectionForm = kind(**_as_it_reads(version), **given_lines(lines, version.language))
    return made


def _as_it_reads(version: Invoice | InvoiceRevision) -> dict[str, Any]:
    given = {name: version.buyer.get(name) or "" for name in BUYER_FIELDS}
    return given | {"subject": version.subject(version.language), "purchase_order": version.purchase_order}


class DifferenceForm(Form):
    """What became of a difference."""

    note = paragraph(_l("What became of it"), most=500)


class IssuerForm(Form):
    """Who issues the documents from a day on."""

    valid_from = calendar_day(_l("Valid from"), hint=_l("Documents issued before this day stay as they are."))
    name_ja = line(_l("Name in Japanese"))
    name_en = line(_l("Name in English"), checks=[latin_letters])
    registration_number = line(
        _l("Registration number of the qualified invoice issuer"),
        most=20,
        required=False,
        hint=_l("T and 13 digits. Empty: not registered, and invoices make no claim to be qualified."),
    )
    postal_code = line(_l("Postal code"), most=10, required=False)
    address_ja = line(_l("Address in Japanese"), most=300)
    address_en = line(_l("Address in English"), most=300, checks=[latin_letters])
    department = line(_l("Department"), most=100, required=False)
    department_en = line(_l("Department in English"), most=100, required=False, checks=[latin_letters])
    telephone = telephone(_l("Telephone"), required=False)
    email = email(_l("Mail address for questions"), required=False)
    bank_name = line(_l("Bank"), most=60, required=False)
    bank_name_en = line(_l("Bank in English"), most=60, required=False, checks=[latin_letters])
    bank_code = line(
        _l("Bank code"), most=4, required=False, checks=[Regexp(r"^[0-9]{4}$", message=_l("Four digits."))]
    )
    branch_name = line(_l("Branch"), most=60, required=False)
    branch_name_en = line(_l("Branch in English"), most=60, required=False, checks=[latin_letters])
    branch_code = line(
        _l("Branch code"), most=3, required=False, checks=[Regexp(r"^[0-9]{3}$", message=_l("Three digits."))]
    )
    account_kind = choice(_l("Kind of account"), choices=_choices(ACCOUNT_KINDS))
    account_number = line(
        _l("Account number"),
        most=7,
        required=False,
        checks=[Regexp(r"^[0-9]{7}$", message=_l("Seven digits."))],
    )
    account_holder = line(_l("Account holder, as the bank spells it"), most=100, required=False)
    account_holder_en = line(
        _l("Account holder in Latin letters"), most=100, required=False, checks=[latin_letters]
    )
    rounding = choice(_l("Rounding of the tax"), choices=_choices(ROUNDING_LABELS))
    due_rule = choice(_l("Invoices are due"), choices=_choices(DUE_RULES))
    shifts_due_day = tick(_l("When the banks are closed on that day, on the next day they are open"))
    quote_valid_days = whole_number(_l("Quotes are valid for"), least=1, most=366)


class TaxForm(Form):
    """How a product is taxed from a day on."""

    product = choice(_l("Fee"), choices=_choices(PRODUCT_LABELS))
    valid_from = calendar_day(_l("Valid from"), hint=_l("Invoices issued before this day stay as they are."))
    category = choice(_l("Tax"), choices=_choices(TAX_LABELS))
    notice_ja = paragraph(
        _l("Notice on the documents, in Japanese"),
        most=500,
        required=False,
        hint=_l("For dues outside the scope of tax the law wants members to be told."),
    )
    notice_en = paragraph(_l("Notice on the documents, in English"), most=500, required=False)
