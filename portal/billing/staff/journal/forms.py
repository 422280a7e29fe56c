"""What the office types about the journal export: shape only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms.fields import SelectChoice

from portal.billing.enums import ACCOUNT_LABELS, TAX_LABELS
from portal.billing.services.journal import Asked
from portal.billing.staff.journal import words
from portal.core.exports import FileFormat
from portal.core.forms import Form, calendar_day, choice, line, paragraph, tick
from portal.core.i18n import _, _l
from portal.domain.journal import AccountCode, DayFormat, Layout, Letters, Shape, Strangers, columns_to_text
from portal.domain.ledger import Account
from portal.domain.tax import TaxCategory

PARTS = {
    "code": (_l("Code"), 20),
    "name": (_l("Account name"), 40),
    "sub": (_l("Sub-account"), 60),
    "department": (_l("Department code"), 40),
    "tax": (_l("Tax code"), 40),
}


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(each.value, label) for each, label in labels.items()]


class _Base(Form):
    shape = choice(_l("Arrangement of rows"), choices=_choices(words.SHAPES), radio=True)
    columns = paragraph(
        _l("Columns"),
        hint=_l('One a line, in their order: title = field. A fixed text stands in quotes: title = "2000". Nothing after the sign: an empty column.'),
    )  # fmt: skip
    has_head = tick(_l("The first line holds the titles"))
    day_format = choice(_l("Days are written as"), choices=_choices(words.DAYS))
    letters = choice(_l("Character encoding"), choices=_choices(words.LETTERS))
    strangers = choice(_l("Characters that the encoding lacks"), choices=_choices(words.STRANGERS))

    def account_fields(self) -> Iterator[tuple[Any, list[Any]]]:
        """Each of our accounts with its five fields."""
        for account in Account:
            yield ACCOUNT_LABELS[account], [self[f"{account.value}_{part}"] for part in PARTS]

    def tax_fields(self) -> list[Any]:
        """The tax codes of fee income by category."""
        return [self[f"by_{category.value}"] for category in TaxCategory]

    def layout(self, columns: Any) -> Layout:
        """What was typed, with columns that were read already."""
        return Layout(
            shape=Shape(self.shape.data),
            columns=columns,
            accounts={
                a: AccountCode(**{p: self[f"{a.value}_{p}"].data or "" for p in PARTS}) for a in Account
            },
            taxes={c: self[f"by_{c.value}"].data or "" for c in TaxCategory},
            day_format=DayFormat(self.day_format.data),
            letters=Letters(self.letters.data),
            strangers=Strangers(self.strangers.data),
            has_head=self.has_head.data,
        )


def _fields() -> dict[str, Any]:
    made: dict[str, Any] = {
        f"{account.value}_{part}": line(label, most=most, required=False)
        for account in Account
        for part, (label, most) in PARTS.items()
    }
    return made | {f"by_{c.value}": line(TAX_LABELS[c], most=40, required=False) for c in TaxCategory}


LayoutForm: Any = type("LayoutForm", (_Base,), {"__doc__": "A layout of the journal.", **_fields()})


def typed_layout(layout: Layout) -> dict[str, Any]:
    """A layout as the form shows it."""
    codes = {
        f"{account.value}_{part}": getattr(code, part)
        for account, code in layout.accounts.items()
        for part in PARTS
    }
    return {
        "shape": layout.shape.value,
        "columns": columns_to_text(
            layout.columns, {field: str(word) for field, word in words.FIELDS.items()}
        ),
        "has_head": layout.has_head,
        "day_format": layout.day_format.value,
        "letters": layout.letters.value,
        "strangers": layout.strangers.value,
        **codes,
        **{f"by_{category.value}": code for category, code in layout.taxes.items()},
    }


class PeriodForm(Form):
    """Which entries are to go out."""

    since = calendar_day(_l("From this day"))
    until = calendar_day(_l("To this day"))
    format = choice(_l("File"), choices=[SelectChoice("csv", "CSV"), SelectChoice("xlsx", "Excel (XLSX)")])
    repeats = tick(_l("Take along entries that went out before"))

    def validate(self, extra_validators: object = None) -> bool:
        """The shape of each, and that the time does not end before it begins."""
        if not super().validate(extra_validators):
            return False
        if self.until.data < self.since.data:
            self.until.errors = [*self.until.errors, _("The range ends before it begins.")]
        return not self.errors

    @property
    def asked(self) -> Asked:
        """As the service takes it."""
        return Asked(self.since.data, self.until.data, FileFormat(self.format.data), self.repeats.data)
