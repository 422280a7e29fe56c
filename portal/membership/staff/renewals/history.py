"""Everything that happened to a renewal and its contract, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.core.formats import day
from portal.core.i18n import _, _l
from portal.membership import queries
from portal.membership.models import Renewal
from portal.membership.renewing import (
    DECLINE_LABELS,
    REASON_WORDS,
    WAY_LABELS,
)

TONES = {
    "renewal.renewed": "good",
    "renewal.paid": "good",
    "renewal.declined": "over",
    "renewal.missed": "warn",
    "renewal.paid_late": "warn",
    "renewal.paid_beside": "warn",
    "renewal.suspended": "bad",
    "renewal.lapsed": "bad",
    "renewal.ended": "bad",
    "renewal.offered": "info",
    "renewal.extended": "info",
    "renewal.reinstated": "info",
}


FACTS = {
    "tier": _l("Tier"),
    "deadline_on": _l("Answer by"),
    "pay_by": _l("Pay by"),
    "number": _l("Invoice"),
    "answer_way": _l("Answered"),
    "decline_reason": _l("Reason"),
    "reason": _l("Reason"),
}


def entries_of(renewal: Renewal) -> list[dict[str, Any]]:
    """Everything that happened to it and to its contract, the newest first."""
    found = [*timeline(renewal, for_staff=True)]
    if renewal.term is not None:
        found += timeline(renewal.term, for_staff=True)
    found.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    names = queries.names_of({entry.actor_id for entry in found if entry.actor_id})
    return [_entry(entry, names) for entry in found]


def _entry(entry: AuditEntry, names: Mapping[int, str]) -> dict[str, Any]:
    said = [
        _("%(term)s: %(value)s", term=str(FACTS[name]), value=_shown(value))
        for name, value in entry.changes.items()
        if name in FACTS and value
    ]
    return {
        "at": entry.at,
        "what": verb_label(entry.verb),
        "who": _("Portal, by itself") if entry.actor_id is None else names.get(entry.actor_id, ""),
        "note": "\n".join([*said, *([entry.note] if entry.note else [])]),
        "tone": TONES.get(entry.verb, "neutral"),
    }


_WORDS: dict[str, Any] = {
    **{way.value: words for way, words in WAY_LABELS.items()},
    **{reason.value: words for reason, words in DECLINE_LABELS.items()},
    **{reason.value: words for reason, words in REASON_WORDS.items()},
}


def _shown(value: Any) -> str:
    """A day, a word of ours, or old → new."""
    if isinstance(value, list):
        return " → ".join(_shown(part) for part in value)
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(_WORDS.get(str(value), value))
