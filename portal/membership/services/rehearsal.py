"""What a step would do, found out by doing it and taking it back: the preview cannot differ from the deed.

Nothing leaves the house before a commit, so a step that is rolled back has sent, numbered and written nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import event

from portal.core.db import db
from portal.core.transaction import rollback
from portal.membership.models import ContractTerm
from portal.membership.services.invoices import invoice_of
from portal.notifications.models import Message


@dataclass(frozen=True, slots=True)
class MailPreview:
    """A mail that would go out."""

    address: str
    language: str
    subject: str
    text: str
    attachments: int


@dataclass(frozen=True, slots=True)
class TermPreview:
    """The contract and the invoice that would be made."""

    starts_on: date
    ends_on: date
    tier_name: str
    seats: int | None
    fee_yen: int
    tax_yen: int
    total_yen: int
    due_on: date
    buyer: str
    department: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that would come of a step."""

    mails: tuple[MailPreview, ...]
    term: TermPreview | None


def rehearse(act: Callable[[], Any], language: str) -> Rehearsal:
    """Do `act` and undo it; only in a request or job that has done nothing else yet. Refusals come through.

    Rows that were loaded before have to be loaded again afterwards.
    """
    try:
        with _new_messages() as written:
            result = act()
            db.session.flush()
        mails = tuple(
            MailPreview(m.address, m.language, m.subject, m.text, len(m.attachments)) for m in written
        )
        term = _term(result, language) if isinstance(result, ContractTerm) else None
        return Rehearsal(mails, term)
    finally:
        rollback()


@contextmanager
def _new_messages() -> Iterator[list[Message]]:
    session, written = db.session(), list[Message]()

    def note(session: Any, context: Any) -> None:
        written.extend(row for row in session.new if isinstance(row, Message))

    event.listen(session, "after_flush", note)
    try:
        yield written
    finally:
        event.remove(session, "after_flush", note)


def _term(term: ContractTerm, language: str) -> TermPreview:
    invoice = invoice_of(term)
    snapshot = term.snapshot
    return TermPreview(
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        tier_name=term.tier_name(language),
        seats=snapshot.training_seats if snapshot.agreed_seats is None else snapshot.agreed_seats,
        fee_yen=invoice.net_yen,
        tax_yen=invoice.tax_yen,
        total_yen=invoice.total_yen,
        due_on=invoice.due_on,
        buyer=str(invoice.buyer["name"]),
        department=" ".join(
            str(invoice.buyer.get(part) or "") for part in ("department", "title", "person")
        ).strip(),
    )
