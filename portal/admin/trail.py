"""Entries of the trail in words, for the page and for the export. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Organisation, Person
from portal.admin.matters import SUBJECTS
from portal.admin.values import VALUES
from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.core.exports import Cell
from portal.core.i18n import _, current_language

HEADS = (
    "id",
    "at",
    "person",
    "address",
    "verb",
    "what",
    "organisation",
    "subject",
    "changes",
    "note",
    "hash",
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry with names instead of numbers."""

    entry: AuditEntry
    who: str
    address: str
    organisation: str

    @property
    def what(self) -> str:
        return str(verb_label(self.entry.verb))

    @property
    def subject(self) -> str:
        """What it happened to, by the portal's own number."""
        kind = str(SUBJECTS.get(self.entry.subject_type, self.entry.subject_type))
        return _("%(kind)s %(number)s", kind=kind, number=self.entry.subject_id)

    @property
    def changes(self) -> list[dict[str, str]]:
        """As the diff component wants them."""
        return [
            {"field": str(VALUES.get(name, name)), **_old_and_new(value)}
            for name, value in self.entry.changes.items()
        ]

    def as_row(self) -> list[Cell]:
        """For the export; `HEADS` are its heads."""
        entry = self.entry
        changes = json.dumps(entry.changes, ensure_ascii=False) if entry.changes else ""
        return [
            entry.id, entry.at, self.who, self.address, entry.verb, self.what, self.organisation,
            f"{entry.subject_type} {entry.subject_id}",
            changes, entry.note, entry.hash,
        ]  # fmt: skip


def in_words(
    entries: Iterable[AuditEntry], people: Mapping[int, Person], organisations: Mapping[int, Organisation]
) -> list[Deed]:
    """Entries with the names of those who acted and of the organisations concerned."""
    language, found = current_language(), []
    for entry in entries:
        person = people.get(entry.actor_id or 0)
        organisation = organisations.get(entry.organisation_id or 0)
        found.append(
            Deed(
                entry,
                who=person.name if person else _("The portal itself"),
                address=person.email if person else "",
                organisation=organisation.name(language) if organisation else "",
            )
        )
    return found


def _old_and_new(value: Any) -> dict[str, str]:
    if isinstance(value, list) and len(value) == 2:
        return {"old": _plain(value[0]), "new": _plain(value[1])}
    return {"old": "", "new": _plain(value)}


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
