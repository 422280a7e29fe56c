"""What the office types about deposits: shape only."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.fields import SelectChoice

from portal.billing.deposits import ALIAS_LABELS
from portal.core.forms import Form, choice, line, paragraph, tick, whole_number
from portal.core.i18n import _l
from portal.domain.bank_csv import Encoding
from portal.domain.bank_days import ShortYears
from portal.domain.money import LARGEST_YEN
from portal.domain.reconciliation.values import MOST_FEE_YEN

ROWS = range(1, 7)
ACCOUNT_KINDS = {
    "1": _l("Ordinary account"),
    "2": _l("Current account"),
    "4": _l("Savings account"),
}
ENCODINGS = {
    Encoding.AUTO: _l("Find out by itself"),
    Encoding.CP932: "Shift_JIS (cp932)",
    Encoding.UTF_8: "UTF-8",
}
YEARS = {
    ShortYears.ERA: _l("Years of the era (08 is 2026)"),
    ShortYears.WESTERN: _l("Western years (26 is 2026)"),
}


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(str(value), label) for value, label in labels.items()]


class DepositForm(Form):
    """A decision about a deposit as it was shown in round `seen`."""

    seen = HiddenField()

    @property
    def round(self) -> int:
        """The round that was shown; -1 for what is none."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


class ProposalForm(DepositForm):
    """One click on a proposal; `looked` once its preview was seen, `keeps` when the name stays whose it is."""

    proposal = HiddenField()
    looked = HiddenField()
    keeps = HiddenField()


class NoteForm(DepositForm):
    """Why a deposit is parked or sent back."""

    note = paragraph(
        _l("Note"), most=300, hint=_l("For your colleagues: what you have found out, whom you have asked.")
    )


class AsideForm(DepositForm):
    """Why nothing is booked for a deposit."""

    why = paragraph(
        _l("Why nothing is booked"),
        most=300,
        hint=_l("For example: interest of the half year; transfer from our savings account; told of twice."),
    )


class UndoForm(DepositForm):
    """Why a decision is undone."""

    reason = paragraph(
        _l("Reason"), most=300, hint=_l("If invoices were paid by it, their companies read this too.")
    )


def _numbers() -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for row in ROWS:
        rows[f"number_{row}"] = line(_l("Invoice number"), most=40, required=False)
        rows[f"amount_{row}"] = whole_number(_l("Amount"), least=1, most=LARGEST_YEN, required=False)
    return rows


class _Rows(DepositForm):
    @property
    def further(self) -> bool:
        """Whether something stands in the rows that are folded away."""
        return any(
            self[f"{name}_{row}"].data or self[f"{name}_{row}"].errors
            for row in ROWS[2:]
            for name in ("number", "amount")
        )

    takes_fee = tick(
        _l("The payer kept back the transfer fee: settle the last invoice in full"),
        hint=_l("What is lacking there is booked as a return at the rate of the sale."),
    )


ShareForm: Any = type(
    "ShareForm", (_Rows,), {"__doc__": "Which invoices a deposit pays, by hand.", **_numbers()}
)


class UploadForm(Form):
    """A file of the bank."""

    file = FileField(_l("File"), description=_l("As the bank gives it, up to 10 MB."))
    account = choice(_l("How it is written"), choices=())


class RulesForm(Form):
    """What is decided about every deposit."""

    fee_yen = whole_number(
        _l("Largest transfer fee that is taken over"),
        most=MOST_FEE_YEN,
        hint=_l("A transfer that lacks no more than this is proposed to settle the invoice. 0: never."),
    )
    applies_itself = tick(
        _l("Apply what is sure without a click"),
        hint=_l("Only the exact amount of one invoice, from a name that somebody has confirmed."),
    )


class AccountForm(Form):
    """An account of ours."""

    bank_code = line(_l("Bank code"), most=4)
    branch_code = line(_l("Branch code"), most=3)
    kind = choice(_l("Kind of account"), choices=_choices(ACCOUNT_KINDS))
    number = line(_l("Account number"), most=10)
    name = line(_l("What we call it"), most=100, required=False)


class MappingForm(Form):
    """How an account's CSV is read. A column is its name in the head line, or its number."""

    day = line(_l("Column of the day"), most=60, hint=_l("Its name in the head line, or its number from 1."))
    paid_in = line(_l("Column of money in"), most=60)
    paid_out = line(_l("Column of money out"), most=60, required=False)
    direction = line(
        _l("Column that says in or out"),
        most=60,
        required=False,
        hint=_l("Where one column holds both amounts. Without it, amounts below nothing went out."),
    )
    in_words = line(_l("What it says for money in"), most=60, required=False, hint=_l("Words with commas."))
    payer = line(_l("Column of the payer"), most=60, required=False)
    reference = line(_l("Column of the bank's reference"), most=60, required=False)
    remarks = line(_l("Column of remarks"), most=60, required=False)
    edi = line(_l("Column of EDI data"), most=60, required=False)
    head_line = whole_number(_l("Line of the head"), most=100, hint=_l("0: there is none."))
    foot_lines = whole_number(_l("Lines of the foot"), most=100)
    foot_word = line(_l("Word with which the foot begins"), most=30, required=False)
    delimiter = choice(
        _l("Fields are parted by"),
        choices=[
            SelectChoice(",", _l("Comma")),
            SelectChoice("tab", _l("Tab")),
            SelectChoice(";", _l("Semicolon")),
        ],
    )
    encoding = choice(_l("Character encoding"), choices=_choices(ENCODINGS))
    short_years = choice(_l("Years of two digits are"), choices=_choices(YEARS))


class AliasForm(Form):
    """A name or code that is a company's."""

    kind = choice(_l("Name or code?"), choices=_choices(ALIAS_LABELS))
    name = line(_l("Name or code"), most=120, hint=_l("As it stands on the statement."))
    corporate_number = line(_l("Corporate number of the company"), most=20, hint=_l("13 digits."))
