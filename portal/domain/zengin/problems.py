"""Why a bank's file is not taken: a code, a place, what stood there and what should have."""

from enum import StrEnum


class Problem(StrEnum):
    """What is wrong; the words for it stand where people read them."""

    EMPTY = "empty"
    NOT_A_BANK_FILE = "not_a_bank_file"
    EBCDIC = "ebcdic"
    WRONG_LENGTH = "wrong_length"
    WRONG_FIELD_COUNT = "wrong_field_count"
    BAD_CHARACTER = "bad_character"
    BAD_QUOTES = "bad_quotes"
    UNKNOWN_RECORD = "unknown_record"
    OUT_OF_ORDER = "out_of_order"
    UNSUPPORTED_KIND = "unsupported_kind"
    UNSUPPORTED_DEPOSIT = "unsupported_deposit"
    BAD_NUMBER = "bad_number"
    BAD_DATE = "bad_date"
    FUTURE_DATE = "future_date"
    PAST_DATE = "past_date"
    OUTSIDE_DAYS = "outside_days"
    BAD_CODE = "bad_code"
    NO_AMOUNT = "no_amount"
    COUNT_DIFFERS = "count_differs"
    SUM_DIFFERS = "sum_differs"
    ENDS_EARLY = "ends_early"
    MISSING_COLUMN = "missing_column"
    TOO_LARGE = "too_large"


class BadBankFile(ValueError):
    """A file that is refused whole.

    `line` and `column` count from 1 (a column is a byte of a fixed record, a field of a CSV line); `found` is what
    stands there, `expected` what should.
    """

    def __init__(
        self, problem: Problem, line: int, column: int = 1, *, found: str = "", expected: str = ""
    ) -> None:
        super().__init__(
            f"{problem.value} in line {line}, column {column}: {found!r} instead of {expected!r}"
        )
        self.problem, self.line, self.column = problem, line, column
        self.found, self.expected = found[:60], expected[:60]
