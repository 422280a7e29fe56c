"""One record's fields, read by name; what cannot be read is refused with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.ledger import FIRST_DAY
from portal.domain.zengin.eras import read_era_date
from portal.domain.zengin.layouts import Layout
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.records import FileForm

END = "9"


def cut(record: str | Sequence[str], layout: Layout, line: int) -> list[str]:
    """The used fields of a record without their filling; a CSV line has exactly these."""
    if isinstance(record, str):
        return [record[part].strip() for part in layout.slices]
    wanted = len(layout.slices)
    if len(record) != wanted:
        raise BadBankFile(
            Problem.WRONG_FIELD_COUNT,
            line,
            min(len(record), wanted + 1),
            found=str(len(record)),
            expected=str(wanted),
        )
    return [field.strip() for field in record]


def without_unused(records: Sequence[Sequence[str]], header: Layout) -> Iterator[list[str]]:
    """Lines of a CSV without the field that nobody uses: every line carries it, blank, or none does (the end may).

    Were each line read for itself, an amount with commas of its own (`1,000`) would pass for a line that carries it.
    """
    carries = len(records[0]) == len(header.slices) + 1
    for line, record in enumerate(records, 1):
        is_end = bool(record) and record[0].strip() == END
        if not carries and not is_end:
            yield list(record)
        elif len(record) > 1 and not record[-1].strip():
            yield list(record[:-1])
        elif is_end:
            yield list(record)
        else:
            found = len(record)
            raise BadBankFile(
                Problem.WRONG_FIELD_COUNT, line, max(1, found), found=str(found), expected=str(found + 1)
            )


def span(first: date | None, last: date | None) -> str:
    """Days from one to another, either end open: 2026-11-20/2026-11-21, 2026-11-20/, /2026-11-21."""
    return "/".join("" if day is None else day.isoformat() for day in (first, last))


@dataclass(frozen=True, slots=True)
class Days:
    """Reads dates of one account's part, each spelling once.

    `come` are those on which money may have moved, `booked` those of them from `first` to `last`, the header's days
    (None: it names none).
    """

    as_of: date
    first: date | None = None
    last: date | None = None
    known: dict[str, date | None] = field(default_factory=dict)
    come: dict[str, date] = field(default_factory=dict)
    booked: dict[str, date] = field(default_factory=dict)

    def within(self, first: date | None, last: date | None) -> "Days":
        """The same for movements of these days."""
        return Days(self.as_of, first, last, self.known)

    def holds(self, day: date) -> bool:
        """Whether the header says that a movement may be of this day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

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

    def moved_on(self, name: str) -> date:
        """A date on which money moved: today or before, and not before the books begin."""
        found = self.day(name)
        if found < FIRST_DAY:
            raise self.refuse(
                Problem.PAST_DATE, name, found=found.isoformat(), expected=FIRST_DAY.isoformat()
            )
        if found > self.days.as_of:
            raise self.refuse(
                Problem.FUTURE_DATE, name, found=found.isoformat(), expected=self.days.as_of.isoformat()
            )
        self.days.come[self.text(name)] = found
        return found

    def booked_on(self, name: str) -> date:
        """A date on which money moved, within the header's days."""
        found = self.moved_on(name)
        if not self.days.holds(found):
            raise self.refuse(
                Problem.OUTSIDE_DAYS,
                name,
                found=found.isoformat(),
                expected=span(self.days.first, self.days.last),
            )
        self.days.booked[self.text(name)] = found
        return found

    def optional_moved_on(self, name: str) -> date | None:
        """The same, or None where blanks or noughts stand."""
        return self.moved_on(name) if self.text(name).strip("0") else None

    def refuse(self, problem: Problem, name: str, *, found: str = "", expected: str = "") -> BadBankFile:
        """The refusal with this record's line and the field's column."""
        column = self.layout.column(name, is_csv=self.form is FileForm.CSV)
        return BadBankFile(problem, self.line, column, found=found, expected=expected)
