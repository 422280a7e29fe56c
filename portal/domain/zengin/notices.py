"""01 振込入金通知, forms A and B: transfers that came in, and cancellations of earlier ones."""

from collections.abc import Sequence
from datetime import date

from portal.domain.zengin.fields import Days, Reader, cut
from portal.domain.zengin.layouts import DATA_01_A, DATA_01_B, TRAILER_01, Layout
from portal.domain.zengin.problems import Problem
from portal.domain.zengin.records import Direction, Entry, FileForm
from portal.domain.zengin.rules import Records, Rules, check_totals

CANCELLED = "1"


def is_wide(data: Records) -> bool:
    """Form B: bytes 129 to 152 hold the two long amounts (all digits) in some record, or the CSV line is longer."""
    wide = len(DATA_01_B.slices)
    return any(
        record[128:152].isdigit() if isinstance(record, str) else len(record) >= wide for record in data
    )


def read(data: Records, first_line: int, wide: bool, form: FileForm, days: Days) -> tuple[Entry, ...]:
    """The movements of one account."""
    layout = DATA_01_B if wide else DATA_01_A
    return tuple(
        _entry(cut(record, layout, line), layout, line, wide, form, days)
        for line, record in enumerate(data, first_line)
    )


def _entry(values: list[str], layout: Layout, line: int, wide: bool, form: FileForm, days: Days) -> Entry:
    _, reference, booked, value, amount, others, code, name, bank, branch, cancelled = values[:11]
    booked_on = days.known.get(booked)
    plain = amount + (others or "0")
    if (
        wide
        or booked_on is None
        or not (plain.isascii() and plain.isdigit())
        or int(amount) == 0
        or cancelled not in _CANCELLATION
    ):
        return _careful(Reader(values, layout, line, form, days), wide)
    return Entry(
        booked_on, int(amount), name, reference, _value_day(value, days, values, layout, line, form), Direction.IN, "",
        int(others or 0), code, bank, branch, cancelled == CANCELLED, values[-1], line=line,
    )  # fmt: skip


_CANCELLATION = ("", "0", CANCELLED)


def _value_day(
    digits: str, days: Days, values: list[str], layout: Layout, line: int, form: FileForm
) -> date | None:
    known = days.known.get(digits)
    return known if known is not None else Reader(values, layout, line, form, days).optional_day("value_on")


def _careful(fields: Reader, wide: bool) -> Entry:
    """The same with every check at its field: form B, the first of a day, and whatever is wrong."""
    amount, others = (
        fields.number("amount", optional=wide),
        fields.number("other_banks", optional=True),
    )
    if wide and amount == 0:
        amount = fields.number("amount_2", optional=True)
        others = fields.number("other_banks_2", optional=True)
    if amount == 0:
        raise fields.refuse(Problem.NO_AMOUNT, "amount")
    return Entry(
        booked_on=fields.day("booked_on"),
        amount_yen=amount,
        payer_name=fields.text("payer_name"),
        reference=fields.text("reference"),
        value_on=fields.optional_day("value_on"),
        other_banks_yen=others,
        payer_code=fields.text("payer_code"),
        bank=fields.text("bank"),
        branch=fields.text("branch"),
        is_cancelled=fields.code("cancelled", *_CANCELLATION) == CANCELLED,
        edi=fields.text("edi"),
        line=fields.line,
    )


def check(trailer: Reader, entries: Sequence[Entry]) -> None:
    """Transfers and cancellations have their own number and sum."""
    stand = [entry for entry in entries if not entry.is_cancelled]
    check_totals(trailer, stand, "count", "sum")
    check_totals(
        trailer, [entry for entry in entries if entry.is_cancelled], "cancelled_count", "cancelled_sum"
    )


RULES = Rules(TRAILER_01, is_wide, read, check)
