"""Ways to reach somebody in a text that strangers will read."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
# Ten or eleven digits that begin with 0, as Japan writes them, or with +81.
_TELEPHONE = re.compile(r"(?<![0-9])(?:\+81[\s\-]?|0)[0-9]{1,4}[\s\-(]?[0-9]{1,4}[\s\-)]?[0-9]{3,4}(?![0-9])")


def contact_in(text: str) -> str:
    """The first mail address or telephone number in `text`, as written in half width; empty where there is none."""
    plain = unicodedata.normalize("NFKC", text)
    if found := _ADDRESS.search(plain):
        return found[0]
    for number in _TELEPHONE.finditer(plain):
        if len(re.sub(r"\D", "", number[0])) in (10, 11, 12):
            return number[0]
    return ""
