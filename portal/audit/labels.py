"""A verb of the trail in words; features add theirs beside their services."""

from __future__ import annotations

from typing import Any

VERBS: dict[str, Any] = {}


def name_verbs(words: dict[str, Any]) -> None:
    """Add labels: `{"application.submitted": _l("Application submitted")}`."""
    VERBS.update(words)


def verb_label(verb: str) -> Any:
    """The words for a verb; the verb itself where nobody named it (a test forbids that)."""
    return VERBS.get(verb, verb)
