"""Mail addresses as people paste them: one a line, in a row, with names around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.domain.email_keys import check_email

_APART = re.compile(r"[\n\r\t,;、，；]+")
_BRACKETS = re.compile(r"<([^<>]*)>")


@dataclass(frozen=True, slots=True)
class PastedAddresses:
    """`keys` (as accounts are found by) with the address as written, each once; `wrong`: what is no address, as written."""

    keys: dict[str, str]
    wrong: tuple[str, ...]


def read_addresses(text: str) -> PastedAddresses:
    """Addresses parted by line breaks, commas, semicolons or tabs; `山田 花子 <hanako@example.ac.jp>` is read too."""
    keys: dict[str, str] = {}
    wrong: list[str] = []
    for part in filter(None, (part.strip() for part in _APART.split(text))):
        inside = _BRACKETS.search(part)
        check = check_email(inside[1] if inside else part)
        if check.is_valid:
            keys.setdefault(check.key, check.address)
        elif "@" in part or not _is_name(part):
            wrong.append(part)
    return PastedAddresses(keys, tuple(dict.fromkeys(wrong)))


def _is_name(part: str) -> bool:
    """A column of names beside the addresses, as spreadsheets give it."""
    return False if part.isascii() else "＠" not in part
