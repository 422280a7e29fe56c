"""Numbers of our invoices in what payers write: any case, width and dash, with or without the letters before them."""

import re
import unicodedata

from portal.domain.numbering import DocumentKind
from portal.domain.payer_names import BETWEEN, INVOICE

_MAYBE = re.compile(r"\d{6}")  # in any width: what ends a number is never parted
_OTHERS = "|".join(kind.value for kind in DocumentKind if kind is not DocumentKind.INVOICE)
_NUMBER = re.compile(
    rf"(?:(?P<kind>{INVOICE}|{_OTHERS}){BETWEEN}(?P<year>[0-9]{{4}})|(?<![0-9])(?P<bare>20[0-9]{{2}}))"
    rf"{BETWEEN}(?P<number>[0-9]{{6,9}})(?P<more>[0-9]?)"
)


def invoices_named(text: str) -> frozenset[str]:
    """As they are printed (`INV-2026-000001`), whether or not there is such an invoice; a quote's or an order's names none."""
    if not _MAYBE.search(text):
        return frozenset()
    plain = unicodedata.normalize("NFKC", text).upper()
    return frozenset(
        f"{DocumentKind.INVOICE}-{each['year'] or each['bare']}-{each['number']}"
        for each in _NUMBER.finditer(plain)
        if _is_invoice(each)
    )


def _is_invoice(found: re.Match[str]) -> bool:
    """Digits alone are a number only where no more of them follow."""
    if found["bare"]:
        return not found["more"]
    return re.sub(r"\W", "", found["kind"]) == DocumentKind.INVOICE
