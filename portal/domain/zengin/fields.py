"""One record's fields, read by name; what cannot be read is refused with its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.zengin.eras import read_era_date
from portal.domain.zengin.layouts import Layout
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.records import FileForm


def cut(record: str | Sequence[str], layout: Layout, line: int) -> list[str]:
    """The used fields of a record without their filling; a CSV line may or may not carry the unused one."""
    if isinstance(record, str):
        return [record[part].strip() for part in layout.slices]
    wanted = len(layout.slices)
    if len(record) not in (wanted, wanted + 1):
        raise BadBankFile(
            Problem.WRONG_FIELD_COUNT, line, len(record), found=str(len(record)), expected=str(wanted)
        )
    return [field.strip() for field in record[:wanted]]


@dataclass(frozen=True, slots=True)
class Days:
    """Reads dates of one file, each spelling once."""

    as_of: date
    known: dict[str, date | None]

    def read(self, digits: str) -> date | None:
        """The day, or None."""
        if digits not in self.known:
            self.known[digits] = read_era_date(digits, self.as_of)
        return self.known[digits]


@dataclass(frozen=True, slots=True)
class Reader:
    """The fields of one record with what is needed to say where they stand."""

    values: list[str]
    layout: Layout
    line: int
    form: FileForm
    days: Days

    def text(self, name: str) -> str:
        """A field as it is, filling taken off."""
        return self.values[self.layout.names.index(name)]

    def number(self, name: str, *, optional: bool = False) -> int:
        """Digits as a number; blank is nothing where the field may be left out."""
        digits = self.text(name)
        if not digits and optional:
            return 0
        if not (digits.isascii() and digits.isdigit()):
            raise self.refuse(Problem.BAD_NUMBER, name, found=digits)
        return int(digits)

    def code(self, name: str, *allowed: str) -> str:
        """A code out of a few."""
        found = self.text(name)
        if found not in allowed:
            raise self.refuse(Problem.BAD_CODE, name, found=found, expected=" ".join(allowed))
        return found

    def day(self, name: str) -> date:
        """A date that must be there."""
        found = self.days.read(self.text(name))
        if found is None:
            raise self.refuse(Problem.BAD_DATE, name, found=self.text(name))
        return found

    def optional_day(self, name: str) -> date | None:
        """A date, or None where blanks or noughts stand."""
        return self.day(name) if self.text(name).strip("0") else None

    def refuse(self, problem: Problem, name: str, *, found: str = "", expected: str = "") -> BadBankFile:
        """The refusal with this record's line and the field's column."""
        column = self.layout.column(name, is_csv=self.form is FileForm.CSV)
        return BadBankFile(problem, self.line, column, found=found, expected=expected)
