"""What is wrong with a bank's file, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.core.formats import day, number
from portal.core.i18n import _l
from portal.domain.zengin import BadBankFile, Problem

PROBLEMS = {
    Problem.EMPTY: _l("There is no movement in it."),
    Problem.NOT_A_BANK_FILE: _l("This is neither a Zengin file (01, 03) nor its CSV form."),
    Problem.EBCDIC: _l("The file is coded in EBCDIC. Please ask the bank for JIS."),
    Problem.WRONG_LENGTH: _l("A record has %(found)s bytes; it must have %(expected)s."),
    Problem.WRONG_FIELD_COUNT: _l("The line has %(found)s fields; %(expected)s are needed."),
    Problem.BAD_CHARACTER: _l("A character stands here that banks do not send. %(found)s"),
    Problem.BAD_QUOTES: _l("A quotation mark is not closed, or stands in the wrong place."),
    Problem.UNKNOWN_RECORD: _l('A record begins with "%(found)s"; "%(expected)s" was expected.'),
    Problem.OUT_OF_ORDER: _l('A record of kind "%(found)s" stands where it cannot. %(expected)s'),
    Problem.UNSUPPORTED_KIND: _l('The file says that it is of kind "%(found)s"; only %(expected)s can be read.'),
    Problem.UNSUPPORTED_DEPOSIT: _l('Accounts of kind "%(found)s" cannot be read, only %(expected)s.'),
    Problem.BAD_NUMBER: _l('"%(found)s" is no number.'),
    Problem.BAD_DATE: _l('"%(found)s" is no day that can be understood.'),
    Problem.FUTURE_DATE: _l("%(found)s has not come yet (today is %(expected)s), so no money can have arrived on it."),
    Problem.PAST_DATE: _l("%(found)s is before the books begin (%(expected)s), so it cannot be the day of this money."),
    Problem.OUTSIDE_DAYS: _l("%(found)s is not one of the days that the header names (%(expected)s)."),
    Problem.BAD_CODE: _l('"%(found)s" stands where one of %(expected)s must.'),
    Problem.NO_AMOUNT: _l('There is no amount, or more than one. "%(found)s"'),
    Problem.COUNT_DIFFERS: _l("The trailer counts %(found)s movements; there are %(expected)s."),
    Problem.SUM_DIFFERS: _l("The trailer adds up to %(found)s yen; the movements come to %(expected)s."),
    Problem.ENDS_EARLY: _l('The file ends before its record "%(expected)s". Perhaps it was not downloaded whole.'),
    Problem.MISSING_COLUMN: _l('There is no column "%(expected)s".'),
    Problem.TOO_LARGE: _l("The file is too large to be a statement."),
}  # fmt: skip


DAYS = (Problem.FUTURE_DATE, Problem.PAST_DATE, Problem.OUTSIDE_DAYS)


def _days(said: str) -> str:
    """A day, or days from one to another, either end open."""
    return " – ".join(day(date.fromisoformat(each)) if each else "" for each in said.split("/")).strip()


def say_bad_file(bad: BadBankFile) -> Any:
    """The place, what is wrong there, and that nothing was imported."""
    return _l(
        "Line %(line)s, column %(column)s: %(what)s Nothing of the file was imported.",
        line=bad.line,
        column=bad.column,
        what=_Said(PROBLEMS[bad.problem], bad),
    )


class _Said:
    """Lazy words with what stands in the file put in, when somebody reads them."""

    def __init__(self, words: Any, bad: BadBankFile) -> None:
        self.words, self.bad = words, bad

    def __str__(self) -> str:
        figures = {"found": self.bad.found, "expected": self.bad.expected}
        if self.bad.problem is Problem.SUM_DIFFERS:
            figures = {
                name: number(int(said)) if said.isdecimal() else said for name, said in figures.items()
            }
        if self.bad.problem in DAYS:
            figures = {name: _days(said) for name, said in figures.items()}
        return (str(self.words) % figures).strip()
