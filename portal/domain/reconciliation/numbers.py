"""Numbers of our invoices in what payers write: any case, width and dash, with or without the letters before them."""

import re
import unicodedata
from collections.abc import Mapping

from portal.domain.numbering import DocumentKind, format_number
from portal.domain.payer_names import BETWEEN, INVOICE

_MAYBE = re.compile(r"\d{6}")  # in any width: what ends a number is never parted
_OTHERS = "|".join(kind.value for kind in DocumentKind if kind is not DocumentKind.INVOICE)
_NUMBER = re.compile(
    rf"(?:(?P<kind>{INVOICE}|{_OTHERS}){BETWEEN}(?P<year>[0-9]{{4}})|(?<![0-9])(?P<bare>20[0-9]{{2}}))"
    rf"{BETWEEN}(?P<number>[0-9]{{6,9}})(?P<more>[0-9]?)"
)


def invoices_named(text: str) -> dict[str, bool]:
    """As they are printed (`INV-2026-000001`), whether or not there is such an invoice; a quote's or an order's names none.

    With each, whether our letters stand before it somewhere: digits alone may be anybody's.
    """
    found: dict[str, bool] = {}
    if not _MAYBE.search(text):
        return found
    for each in _NUMBER.finditer(unicodedata.normalize("NFKC", text).upper()):
        if _is_invoice(each):
            number = f"{DocumentKind.INVOICE}-{each['year'] or each['bare']}-{each['number']}"
            found[number] = found.get(number, False) or not each["bare"]
    return found


def was_issued(number: str, last: Mapping[int, int]) -> bool:
    """Whether there ever was an invoice of that number: `last` has the last one of each year, and they have no gaps."""
    year, sequence = (int(part) for part in number.split("-")[1:])
    return 0 < sequence <= last.get(year, 0) and number == format_number(DocumentKind.INVOICE, year, sequence)


def _is_invoice(found: re.Match[str]) -> bool:
    """Digits alone are a number only where no more of them follow."""
    if found["bare"]:
        return not found["more"]
    return re.sub(r"\W", "", found["kind"]) == DocumentKind.INVOICE
