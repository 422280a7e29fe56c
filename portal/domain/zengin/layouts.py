"""Where each field of a record stands in its 200 bytes, positions counted from 1."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

RECORD_BYTES = 200


class Kind(StrEnum):
    """How a field is filled: digits from the right with noughts, text from the left with blanks."""

    NUMBER = "n"
    TEXT = "c"
    UNUSED = "x"


@dataclass(frozen=True)
class Field:
    """One field from byte `first` to byte `last`."""

    name: str
    first: int
    last: int
    kind: Kind

    @property
    def width(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Layout:
    """A kind of record; the last field is what no one uses."""

    fields: tuple[Field, ...]

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Where to cut, without the unused rest."""
        return tuple(slice(f.first - 1, f.last) for f in self.fields[:-1])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the used fields, in order."""
        return tuple(f.name for f in self.fields[:-1])

    def column(self, name: str, *, is_csv: bool) -> int:
        """Where a field begins: a byte of the record, or the number of the CSV field."""
        place = self.names.index(name)
        return place + 1 if is_csv else self.fields[place].first


def _layout(*parts: tuple[str, int, str]) -> Layout:
    """Fields one after the other: (name, width, kind); what is left of the 200 bytes is unused."""
    fields, at = [], 1
    for name, width, kind in parts:
        fields.append(Field(name, at, at + width - 1, Kind(kind)))
        at += width
    return Layout((*fields, Field("unused", at, RECORD_BYTES, Kind.UNUSED)))


_HEAD = (
    ("record", 1, "n"), ("kind", 2, "n"), ("code", 1, "n"), ("made_on", 6, "n"), ("from_on", 6, "n"), ("to_on", 6, "n"),
    ("bank_code", 4, "n"), ("bank_name", 15, "c"), ("branch_code", 3, "n"), ("branch_name", 15, "c"),
)  # fmt: skip
_DATA_01 = (
    ("record", 1, "n"), ("reference", 6, "n"), ("booked_on", 6, "n"), ("value_on", 6, "n"), ("amount", 10, "n"),
    ("other_banks", 10, "n"), ("payer_code", 10, "n"), ("payer_name", 48, "c"), ("bank", 15, "c"), ("branch", 15, "c"),
    ("cancelled", 1, "n"),
)  # fmt: skip

HEADER_01 = _layout(*_HEAD, ("deposit_kind", 1, "n"), ("number", 7, "n"), ("holder", 40, "c"))
DATA_01_A = _layout(*_DATA_01, ("edi", 20, "c"))
DATA_01_B = _layout(*_DATA_01, ("amount_2", 12, "n"), ("other_banks_2", 12, "n"), ("edi", 20, "c"))
TRAILER_01 = _layout(
    ("record", 1, "n"), ("count", 6, "n"), ("sum", 12, "n"), ("cancelled_count", 6, "n"), ("cancelled_sum", 12, "n")
)  # fmt: skip
END_01 = _layout(("record", 1, "n"))

HEADER_03 = _layout(
    *_HEAD, ("filler", 3, "n"), ("deposit_kind", 1, "n"), ("number", 10, "n"), ("holder", 40, "c"), ("sign", 1, "n"),
    ("passbook", 1, "n"), ("balance", 14, "n"),
)  # fmt: skip
DATA_03 = _layout(
    ("record", 1, "n"), ("reference", 8, "n"), ("booked_on", 6, "n"), ("value_on", 6, "n"), ("direction", 1, "n"),
    ("category", 2, "n"), ("amount", 12, "n"), ("other_banks", 12, "n"), ("presented_on", 6, "n"),
    ("returned_on", 6, "n"), ("bill_kind", 1, "n"), ("bill_number", 7, "n"), ("bill_branch", 3, "n"),
    ("payer_code", 10, "n"), ("payer_name", 48, "c"), ("bank", 15, "c"), ("branch", 15, "c"), ("remarks", 20, "c"),
    ("edi", 20, "c"),
)  # fmt: skip
TRAILER_03 = _layout(
    ("record", 1, "n"), ("in_count", 6, "n"), ("in_sum", 13, "n"), ("out_count", 6, "n"), ("out_sum", 13, "n"),
    ("sign", 1, "n"), ("balance", 14, "n"), ("data_count", 7, "n"),
)  # fmt: skip
END_03 = _layout(("record", 1, "n"), ("records", 10, "n"), ("accounts", 5, "n"))
