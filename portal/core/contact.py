"""Students and companies get each other's addresses when both go to interview, not before: no words that pass between them hold any."""

from __future__ import annotations

from typing import Any

from portal.core.errors import Refused
from portal.core.i18n import _
from portal.domain.contact_words import contact_in


def contact_message(words: str) -> Any:
    """What is said of the first mail address or telephone number in `words`; empty where there is none."""
    found = contact_in(words)
    if not found:
        return ""
    return _(
        "Please leave out %(contact)s. Ways to reach each other are opened when both sides go to interview.",
        contact=found[:100],
    )


def without_contact(words: str, *, field: str) -> str:
    """The words, trimmed; raises Refused at `field` where the other side could read a mail address or a telephone number."""
    if message := contact_message(words):
        raise Refused(message, field=field)
    return words.strip()
