"""Corporate numbers (法人番号, 13 digits) and the numbers of qualified invoice issuers (`T` + 13 digits).

Check digit: 法人番号の指定等に関する省令 (財務省令第70号, 2014) 第2条. Both kinds of number carry it.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.typed import is_ascii_digits, plain_code


class OrganisationNumberProblem(StrEnum):
    """Why a number was not taken, in the order in which it is found."""

    EMPTY = "empty"
    NO_LEADING_T = "no_leading_t"
    LEADING_T = "leading_t"
    NOT_DIGITS = "not_digits"
    WRONG_LENGTH = "wrong_length"
    LEADING_ZERO = "leading_zero"
    WRONG_CHECK_DIGIT = "wrong_check_digit"


@dataclass(frozen=True)
class NumberCheck:
    """The number as it is stored (normalised), and what is wrong with it, None when nothing is."""

    number: str
    problem: OrganisationNumberProblem | None

    @property
    def is_valid(self) -> bool:
        """True when nothing is wrong."""
        return self.problem is None


BASE_DIGITS = 12


def normalise_number(text: str) -> str:
    """Half-width, upper case, without blanks, hyphens and dots: `7-1234-5678-9012` is `7123456789012`."""
    return plain_code(text).replace("-", "").replace(".", "")


def check_digit(base: str) -> int:
    """The first digit (1-9) that belongs before twelve base digits. Raises ValueError on any other text.

    Digits count from the right: odd places weigh 1, even places 2; 9 less the remainder of the sum by 9.
    """
    if len(base) != BASE_DIGITS or not is_ascii_digits(base):
        raise ValueError("twelve digits are needed")
    total = sum(int(digit) * (1 if place % 2 else 2) for place, digit in enumerate(reversed(base), start=1))
    return 9 - total % 9


def check_corporate_number(text: str) -> NumberCheck:
    """Check a corporate number as typed; a leading T has its own problem, as people paste that number."""
    number = normalise_number(text)
    if number.startswith("T"):
        return NumberCheck(number, OrganisationNumberProblem.LEADING_T)
    return NumberCheck(number, _problem_of(number))


def check_registration_number(text: str) -> NumberCheck:
    """Check a qualified invoice issuer's number as typed; `number` keeps its T."""
    number = normalise_number(text)
    if number and not number.startswith("T"):
        return NumberCheck(number, OrganisationNumberProblem.NO_LEADING_T)
    return NumberCheck(number, _problem_of(number.removeprefix("T")))


def _problem_of(digits: str) -> OrganisationNumberProblem | None:
    if not digits:
        return OrganisationNumberProblem.EMPTY
    if not is_ascii_digits(digits):
        return OrganisationNumberProblem.NOT_DIGITS
    if len(digits) != BASE_DIGITS + 1:
        return OrganisationNumberProblem.WRONG_LENGTH
    if digits.startswith("0"):
        return OrganisationNumberProblem.LEADING_ZERO
    if int(digits[0]) != check_digit(digits[1:]):
        return OrganisationNumberProblem.WRONG_CHECK_DIGIT
    return None
