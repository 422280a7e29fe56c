"""Numbers of documents and applications: kind, fiscal year, sequence, e.g. `INV-2026-000123`.

The sequence itself comes from a counter row inside the issuing transaction; here it is only written and read.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.typed import plain_code


class DocumentKind(StrEnum):
    """What is numbered; the value is the prefix."""

    QUOTE = "QUO"
    ORDER = "ORD"
    INVOICE = "INV"
    RECEIPT = "RCT"
    CREDIT_NOTE = "CRN"
    APPLICATION = "APP"
    EVALUATION_SHEET = "EVS"
    CERTIFICATE = "EVC"


class NumberProblem(StrEnum):
    """Why a typed number was not taken."""

    EMPTY = "empty"
    WRONG_SHAPE = "wrong_shape"
    UNKNOWN_KIND = "unknown_kind"
    OTHER_KIND = "other_kind"
    ZERO_SEQUENCE = "zero_sequence"


class NotADocumentNumber(ValueError):
    """A text that is no document number; `.problem` says why."""

    def __init__(self, problem: NumberProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


FIRST_YEAR, LAST_YEAR = 1900, 9998
LARGEST_SEQUENCE = 999_999_999


@dataclass(frozen=True, order=True)
class DocumentNumber:
    """A number in parts. `str()` writes it with six digits, more only after 999,999 documents a year.

    Raises ValueError outside fiscal years 1900-9998 and sequences 1-999,999,999.
    """

    kind: DocumentKind
    fiscal_year: int
    sequence: int

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.fiscal_year <= LAST_YEAR:
            raise ValueError(f"fiscal year {self.fiscal_year} cannot be numbered")
        if not 1 <= self.sequence <= LARGEST_SEQUENCE:
            raise ValueError(f"sequence {self.sequence} cannot be numbered")

    def __str__(self) -> str:
        return f"{self.kind.value}-{self.fiscal_year}-{self.sequence:06d}"


def format_number(kind: DocumentKind, fiscal_year: int, sequence: int) -> str:
    """`format_number(DocumentKind.APPLICATION, 2026, 12)` is `APP-2026-000012`."""
    return str(DocumentNumber(kind, fiscal_year, sequence))


_SHAPE = re.compile(r"(?P<kind>[A-Z]{3})-(?P<year>[0-9]{4})-(?P<sequence>[0-9]{6}|[1-9][0-9]{6,8})")


def parse_number(text: str, *, expected: DocumentKind | None = None) -> DocumentNumber:
    """Read a number back, forgiving full-width letters, lower case, blanks and foreign dashes.

    Raises `NotADocumentNumber`; with `expected`, a number of another kind is `OTHER_KIND`.
    """
    bare = plain_code(text)
    if not bare:
        raise NotADocumentNumber(NumberProblem.EMPTY)
    found = _SHAPE.fullmatch(bare)
    if found is None or not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        raise NotADocumentNumber(NumberProblem.WRONG_SHAPE)
    if found["kind"] not in {kind.value for kind in DocumentKind}:
        raise NotADocumentNumber(NumberProblem.UNKNOWN_KIND)
    kind = DocumentKind(found["kind"])
    if expected is not None and kind is not expected:
        raise NotADocumentNumber(NumberProblem.OTHER_KIND)
    if int(found["sequence"]) == 0:
        raise NotADocumentNumber(NumberProblem.ZERO_SEQUENCE)
    return DocumentNumber(kind, int(found["year"]), int(found["sequence"]))
