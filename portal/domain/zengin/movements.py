"""03 入出金取引明細: every movement of an account, money in and money out."""

from collections.abc import Sequence

from portal.domain.zengin.fields import Days, Reader, cut
from portal.domain.zengin.headers import read_balance
from portal.domain.zengin.layouts import DATA_03, TRAILER_03
from portal.domain.zengin.problems import Problem
from portal.domain.zengin.records import Direction, Entry, FileForm
from portal.domain.zengin.rules import Records, Rules, check_totals


def is_wide(data: Records) -> bool:
    """There is one form alone."""
    return False


def read(data: Records, first_line: int, wide: bool, form: FileForm, days: Days) -> tuple[Entry, ...]:
    """The movements of one account."""
    return tuple(
        _entry(Reader(cut(record, DATA_03, line), DATA_03, line, form, days))
        for line, record in enumerate(data, first_line)
    )


def _entry(fields: Reader) -> Entry:
    amount = fields.number("amount")
    if amount == 0:
        raise fields.refuse(Problem.NO_AMOUNT, "amount")
    return Entry(
        booked_on=fields.booked_on("booked_on"),
        amount_yen=amount,
        payer_name=fields.text("payer_name"),
        reference=fields.text("reference"),
        value_on=fields.optional_moved_on("value_on"),
        direction=Direction(fields.code("direction", *Direction)),
        category=fields.text("category"),
        other_banks_yen=fields.number("other_banks", optional=True),
        payer_code=fields.text("payer_code"),
        bank=fields.text("bank"),
        branch=fields.text("branch"),
        edi=fields.text("edi"),
        remarks=fields.text("remarks"),
        presented_on=fields.optional_day("presented_on"),
        returned_on=fields.optional_day("returned_on"),
        bill_kind=fields.text("bill_kind"),
        bill_number=fields.text("bill_number"),
        bill_branch=fields.text("bill_branch"),
        line=fields.line,
    )


def check(trailer: Reader, entries: Sequence[Entry]) -> int | None:
    """Money in and money out have their own number and sum; all records are counted once more."""
    check_totals(trailer, [e for e in entries if e.direction is Direction.IN], "in_count", "in_sum")
    check_totals(trailer, [e for e in entries if e.direction is Direction.OUT], "out_count", "out_sum")
    if trailer.text("data_count") and trailer.number("data_count") != len(entries):
        raise trailer.refuse(
            Problem.COUNT_DIFFERS, "data_count", found=trailer.text("data_count"), expected=str(len(entries))
        )
    return read_balance(trailer)


RULES = Rules(TRAILER_03, is_wide, read, check)
