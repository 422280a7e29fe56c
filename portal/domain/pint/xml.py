"""A little writer of XML: elements are made inside out as lists of lines, so that the same document is the same bytes."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

Element = list[str]
"""The lines of one element; empty for an element that is left out."""

# What XML 1.0 cannot hold (production 2, Char), and characters that only confuse readers there.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
NAMESPACES = {
    "": "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}


def plain(text: str) -> str:
    """The text without what XML cannot hold, blanks and line breaks tidied to single blanks."""
    return " ".join(_UNWRITABLE.sub("", text).split())


def leaf(name: str, text: object, **attributes: str) -> Element:
    """A `cbc` element with text; left out when there is none."""
    said = plain(str(text))
    if not said:
        return []
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return [f"<cbc:{name}{given}>{escape(said)}</cbc:{name}>"]


def group(name: str, *children: Element) -> Element:
    """A `cac` element around others; left out when all of them are."""
    inner = [f"  {line}" for child in children for line in child]
    return [f"<cac:{name}>", *inner, f"</cac:{name}>"] if inner else []


def document(*children: Element) -> bytes:
    """The whole invoice as UTF-8."""
    spaces = " ".join(f'xmlns{":" if key else ""}{key}="{uri}"' for key, uri in NAMESPACES.items())
    inner = [f"  {line}" for child in children for line in child]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<Invoice {spaces}>", *inner, "</Invoice>", ""]
    return "\n".join(lines).encode()
