"""Who did what with an application and its contract, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.core.formats import day
from portal.core.i18n import _, _l
from portal.membership.models import Application, ContractTerm
from portal.membership.queries import names_of

TONES = {
    "application.approved": "good",
    "application.checked": "info",
    "application.declined": "bad",
    "application.deferred": "wait",
    "application.resubmitted": "info",
    "application.returned": "warn",
    "application.submitted": "info",
    "application.withdrawn": "over",
    "term.activated": "good",
}
FACTS = {
    "receipt_number": _l("Receipt number"),
    "revision": _l("Version"),
    "tier": _l("Tier"),
    "decided_on": _l("Day of the committee's decision"),
    "minute_reference": _l("Reference of the minutes"),
    "purchase_order": _l("Purchase order number"),
    "file": _l("File"),
    "email": _l("Mail address"),
    "activated_on": _l("Paid on"),
}
DAYS = ("decided_on", "activated_on")


def entries_of(
    application: Application, term: ContractTerm | None, *, since: datetime | None = None
) -> list[dict[str, Any]]:
    """For the timeline component, the newest first; `since` leaves out what is as old or older."""
    found = [*timeline(application, for_staff=True), *(timeline(term, for_staff=True) if term else [])]
    found = sorted(
        (e for e in found if since is None or e.at > since), key=lambda e: (e.at, e.id), reverse=True
    )
    names = names_of({entry.actor_id for entry in found if entry.actor_id})
    return [_entry(entry, names) for entry in found]


def _entry(entry: AuditEntry, names: Mapping[int, str]) -> dict[str, Any]:
    who = _("Portal, by itself") if entry.actor_id is None else names.get(entry.actor_id, "")
    said = [*_facts(entry.changes), *([entry.note] if entry.note else [])]
    return {
        "at": entry.at,
        "what": verb_label(entry.verb),
        "who": who,
        "note": "\n".join(said),
        "tone": TONES.get(entry.verb, "neutral"),
    }


def _facts(changes: Mapping[str, Any]) -> Sequence[str]:
    """What the entry knows beside its verb, one fact a line."""
    return [
        _("%(term)s: %(value)s", term=str(FACTS[name]), value=_shown(name, value))
        for name, value in changes.items()
        if name in FACTS and value not in (None, "")
    ]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, list):  # old and new
        return " → ".join(str(part) or "—" for part in value)
    if name in DAYS:
        try:
            return day(datetime.fromisoformat(str(value)).date())
        except ValueError:
            return str(value)
    return str(value)
