"""What happened to a thing of a company, for the timeline component: the company's side and the office's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.queries import names_at
from portal.audit.labels import verb_label
from portal.audit.queries import timeline
from portal.core.i18n import _
from portal.membership.queries import names_of


def told_of(
    subject: Any, tones: Mapping[str, str], *, for_staff: bool, plain: str = "neutral"
) -> list[dict[str, Any]]:
    """Entries, the latest first. The company reads its own people by name, also who has left it; the office stands as one.

    `subject` has an `organisation_id`; `tones`: by verb, `plain` for the others.
    """
    found = timeline(subject, for_staff=for_staff)
    actors = {entry.actor_id for entry in found if entry.actor_id}
    names = names_of(actors) if for_staff else names_at(subject.organisation_id, actors)
    by_itself = _("Portal, by itself") if for_staff else ""
    return [
        {
            "at": entry.at,
            "what": verb_label(entry.verb),
            "who": names.get(entry.actor_id, "") if entry.actor_id else by_itself,
            "note": entry.note,
            "tone": tones.get(entry.verb, plain),
        }
        for entry in found
    ]
