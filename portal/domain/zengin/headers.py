"""The header of an account's part."""

from portal.domain.zengin.fields import Reader, span
from portal.domain.zengin.problems import Problem
from portal.domain.zengin.records import FileKind, Header

ORDINARY_DEPOSITS = ("1", "2", "4")  # 普通, 当座, 貯蓄; 5 to 7 have records of another shape
OVERDRAWN = "2"


def read_header(fields: Reader, kind: FileKind) -> Header:
    """Whose account, of which days; kinds of deposit whose records have another shape are refused, and days to come."""
    fields.code("kind", kind.value, kind.value.lstrip("0"))
    deposit = fields.text("deposit_kind")
    if deposit not in ORDINARY_DEPOSITS:
        raise fields.refuse(
            Problem.UNSUPPORTED_DEPOSIT, "deposit_kind", found=deposit, expected=" ".join(ORDINARY_DEPOSITS)
        )
    is_notice = kind is FileKind.NOTICES
    first, last = fields.optional_moved_on("from_on"), fields.optional_moved_on("to_on")
    if first and last and last < first:
        raise fields.refuse(Problem.OUTSIDE_DAYS, "to_on", found=last.isoformat(), expected=span(first, None))
    return Header(
        made_on=fields.moved_on("made_on"),
        from_on=first,
        to_on=last,
        bank_code=_digits(fields, "bank_code"),
        bank_name=fields.text("bank_name"),
        branch_code=_digits(fields, "branch_code"),
        branch_name=fields.text("branch_name"),
        deposit_kind=deposit,
        number=_digits(fields, "number"),
        holder=fields.text("holder"),
        passbook="" if is_notice else fields.text("passbook"),
        balance_yen=None if is_notice else read_balance(fields),
    )


def _digits(fields: Reader, name: str) -> str:
    """A code of digits, with its leading noughts."""
    fields.number(name)
    field = next(each for each in fields.layout.fields if each.name == name)
    return fields.text(name).zfill(field.width)


def read_balance(fields: Reader) -> int | None:
    """A balance, below nothing when the account is overdrawn; None where the bank leaves it out."""
    if not fields.text("balance"):
        return None
    amount = fields.number("balance")
    return -amount if fields.text("sign") == OVERDRAWN else amount
