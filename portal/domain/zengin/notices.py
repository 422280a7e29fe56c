"""01 振込入金通知, forms A and B: transfers that came in, and cancellations of earlier ones."""

from collections.abc import Sequence

from portal.domain.zengin.fields import Days, Reader, cut
from portal.domain.zengin.layouts import DATA_01_A, DATA_01_B, TRAILER_01
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
    entries: list[Entry] = []
    for line, record in enumerate(data, first_line):
        entry = _plain(record, line, days) if isinstance(record, str) and not wide else None
        if entry is None:
            entry = _careful(Reader(cut(record, layout, line), layout, line, form, days), wide)
        entries.append(entry)
    return tuple(entries)


_AT = dict(zip(DATA_01_A.names, DATA_01_A.slices, strict=True))
_REFERENCE, _BOOKED, _VALUE, _AMOUNT, _OTHERS = (
    _AT[name] for name in ("reference", "booked_on", "value_on", "amount", "other_banks")
)
_CODE, _NAME, _BANK, _BRANCH, _CANCELLED, _EDI = (
    _AT[name] for name in ("payer_code", "payer_name", "bank", "branch", "cancelled", "edi")
)


def _plain(record: str, line: int, days: Days) -> Entry | None:
    """A record of 200 characters as nearly all are, in a third of the time; None for one that needs a closer look."""
    booked_on, value_on = days.booked.get(record[_BOOKED]), days.come.get(record[_VALUE])
    amount, others, cancelled = record[_AMOUNT], record[_OTHERS], record[_CANCELLED]
    if booked_on is None or not (amount + others).isdigit() or not int(amount) or cancelled not in "01 ":
        return None
    if value_on is None and record[_VALUE].strip(" 0"):
        return None
    return Entry(
        booked_on, int(amount), record[_NAME].strip(), record[_REFERENCE].strip(), value_on, Direction.IN, "", int(others),
        record[_CODE].strip(), record[_BANK].strip(), record[_BRANCH].strip(), cancelled == CANCELLED, record[_EDI].strip(),
        line=line,
    )  # fmt: skip


_CANCELLATION = ("", "0", CANCELLED)


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
        booked_on=fields.booked_on("booked_on"),
        amount_yen=amount,
        payer_name=fields.text("payer_name"),
        reference=fields.text("reference"),
        value_on=fields.optional_moved_on("value_on"),
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
