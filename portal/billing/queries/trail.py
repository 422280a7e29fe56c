"""The story of an invoice, for the reader at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import STAFF_ROLES
from portal.accounts.models import Affiliation, Person
from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.billing.enums import METHOD_LABELS, PayMethod
from portal.core import formats
from portal.core.db import db
from portal.core.i18n import _

_GOOD = {"invoice.paid", "payment.received", "receipt.issued"}
_BAD = {"checkout.declined", "payment.reversed", "receipt.voided"}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry as the timeline component takes it."""

    at: datetime
    what: Any
    who: Any = ""
    note: str = ""
    tone: str = "neutral"
    changes: tuple[Any, ...] = ()


def story(subject: Any, *, for_staff: bool) -> list[Step]:
    """What happened, the latest first. A company reads "Secretariat" instead of a clerk's name."""
    entries = timeline(subject, for_staff=for_staff)
    names = _names({entry.actor_id for entry in entries if entry.actor_id}, for_staff=for_staff)
    return [_step(entry, names) for entry in entries]


def _step(entry: AuditEntry, names: dict[int, str]) -> Step:
    tone = "good" if entry.verb in _GOOD else "bad" if entry.verb in _BAD else "neutral"
    who = names.get(entry.actor_id, "") if entry.actor_id else _("Automatic")
    details = " ".join(_details(entry.changes))
    note = f"{details} {entry.note}".strip()
    return Step(at=entry.at, what=verb_label(entry.verb), who=who, note=note, tone=tone)


def _details(changes: dict[str, Any]) -> Iterable[str]:
    if "number" in changes:
        yield str(changes["number"])
    if isinstance(changes.get("amount_yen"), int):
        yield formats.yen(changes["amount_yen"])
    if isinstance(changes.get("total_yen"), int):
        yield formats.yen(changes["total_yen"])
    if isinstance(changes.get("due_on"), list):
        yield " → ".join(formats.day(date.fromisoformat(each)) for each in changes["due_on"])
    if changes.get("method") in list(PayMethod):
        yield str(METHOD_LABELS[PayMethod(changes["method"])])


def _names(ids: set[int], *, for_staff: bool) -> dict[int, str]:
    if not ids:
        return {}
    found = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    names = {row.id: row.name for row in found}
    if for_staff:
        return names
    office = select(Affiliation.person_id).where(
        Affiliation.person_id.in_(ids), Affiliation.role.in_(STAFF_ROLES)
    )
    clerks = set(db.session.scalars(office))
    return {each: _("Secretariat") if each in clerks else name for each, name in names.items()}
