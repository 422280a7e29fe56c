"""Free lines of a document as they are typed: description, quantity, unit price, tax; a row left empty is no line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.fields import SelectChoice

from portal.billing.enums import TAX_LABELS, FeeProduct
from portal.billing.services import BillLine
from portal.core.forms import Form, choice, line, whole_number
from portal.core.i18n import _, _l
from portal.domain.money import LARGEST_YEN
from portal.domain.tax import TaxCategory

MOST_LINES = 20
SPARE = 3  # empty rows below those that are filled


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A row that was filled in."""

    row: int
    description: str
    quantity: int
    unit_price_yen: int
    category: TaxCategory


def line_fields(rows: int) -> dict[str, Any]:
    """The fields `description_<row>`, `quantity_<row>`, `price_<row>`, `category_<row>` of so many rows."""
    taxes = [SelectChoice(str(value), label) for value, label in TAX_LABELS.items()]
    fields: dict[str, Any] = {}
    for row in range(1, rows + 1):
        fields[f"description_{row}"] = line(_l("Description"), most=300, required=False)
        fields[f"quantity_{row}"] = whole_number(_l("Quantity"), least=1, most=99_999, required=False)
        fields[f"price_{row}"] = whole_number(
            _l("Unit price, tax excluded"), least=0, most=LARGEST_YEN, required=False
        )
        fields[f"category_{row}"] = choice(_l("Tax"), choices=taxes)
    return fields


def given_lines(lines: Sequence[Mapping[str, Any]], language: str) -> dict[str, Any]:
    """What the fields hold for lines as they are kept."""
    given: dict[str, Any] = {}
    for row, each in enumerate(lines, start=1):
        given[f"description_{row}"] = each[f"description_{language}"]
        given[f"quantity_{row}"] = each["quantity"]
        given[f"price_{row}"] = each["unit_price_yen"]
        given[f"category_{row}"] = each["category"]
    return given


def rows_of(form: Form) -> list[int]:
    """The rows that a form has."""
    return [int(name.removeprefix("price_")) for name in form._fields if name.startswith("price_")]


def rows_sent(data: Mapping[str, Any], least: int) -> int:
    """How many rows a form that was sent has, at least `least`."""
    return max([least, *(row for row in range(1, MOST_LINES + 1) if f"price_{row}" in data)])


def typed_lines(form: Form) -> list[TypedLine]:
    """The rows that were filled in; a half-filled one has its message at the field, and so has none at all."""
    typed, fields = [], form._fields
    for row in rows_of(form):
        words, quantity = fields[f"description_{row}"], fields[f"quantity_{row}"]
        price = fields[f"price_{row}"]
        if not words.data and price.data is None and quantity.data is None:
            continue
        if not words.data:
            words.errors = [*words.errors, _("Please say what this line is for.")]
        if price.data is None:
            price.errors = [*price.errors, _("Please write a price; 0 for what is free.")]
        if words.data and price.data is not None:
            category = TaxCategory(fields[f"category_{row}"].data)
            typed.append(TypedLine(row, words.data, quantity.data or 1, price.data, category))
    if not typed and not form.errors:
        first = fields["description_1"]
        first.errors = [*first.errors, _("Please write at least one line.")]
    return typed


def bill_lines(
    typed: Sequence[TypedLine], before: Sequence[Mapping[str, Any]], language: str
) -> list[BillLine]:
    """Lines to bill; a row that stood there `before` keeps its product, its detail and its words in the other language."""
    return [_bill_line(each, before[each.row - 1] if each.row <= len(before) else {}, language) for each in typed]  # fmt: skip


def _bill_line(typed: TypedLine, old: Mapping[str, Any], language: str) -> BillLine:
    is_same = old.get(f"description_{language}") == typed.description
    words = (
        {"ja": old["description_ja"], "en": old["description_en"]}
        if is_same
        else {"ja": typed.description, "en": typed.description}
    )
    return BillLine(
        description=words,
        unit_price_yen=typed.unit_price_yen,
        quantity=typed.quantity,
        product=FeeProduct(old.get("product", FeeProduct.OTHER)),
        category=typed.category,
        detail=old.get("detail", ""),
    )
