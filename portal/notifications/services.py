"""Write mails into the outbox and send them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from portal.core import clock
from portal.core.context import current_settings, gateway
from portal.core.db import db
from portal.core.transaction import let_go, outside_transaction, transaction
from portal.files.models import StoredFile
from portal.gateways.mail import Attachment, OutgoingMail
from portal.jobs.services import enqueue
from portal.notifications.enums import MessageState
from portal.notifications.mail import Recipient, render_mail
from portal.notifications.models import Message

DELIVER = "notifications.deliver"
WITHHELD = "—"
INSISTS, BETWEEN_TRIES = (
    30.0,
    0.5,
)  # seconds in which a mail that was taken must be marked, else its job comes again
_taken: set[tuple[int, datetime]] = set()
"""Messages that the mail server took from this process while the database was away: to be marked, never sent again."""

__all__ = ["Recipient", "deliver", "send_mail"]


def send_mail(
    *,
    event: str,
    to: Recipient,
    context: Mapping[str, Any] | None = None,
    button: tuple[Any, str] | None = None,
    attachments: Sequence[StoredFile] = (),
    key: str | None = None,
    is_secret: bool = False,
) -> Message:
    """Put a mail into the outbox and ask for its sending.

    `event` names a folder below templates/emails with `subject.txt` and `body.txt` (paragraphs parted by empty lines; the
    first says what to do). `button` is a label and an absolute address. The same `key` again gives the first message.
    """
    if key is not None:
        standing = db.session.scalars(select(Message).where(Message.key == key)).one_or_none()
        if standing is not None:
            return standing
    subject, text, html = render_mail(event, to, dict(context or {}), button)
    message = Message(
        event=event,
        key=key,
        address=to.email,
        person_id=to.person_id,
        language=to.language or "",
        subject=subject,
        text=text,
        html=html,
        attachments=[file.id for file in attachments],
        is_secret=is_secret,
        created_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()
    enqueue(DELIVER, key=f"message:{message.id}", message_id=message.id)
    return message


def deliver(message_id: int) -> None:
    """Send one message unless it went out already. Holds no lock while it talks to the mail server."""
    message = db.session.get(Message, message_id)
    if message is None or message.state is MessageState.SENT:
        return
    this, sent = (message_id, message.created_at), _as_sent(message)
    if this not in _taken:
        mail = _as_mail(message)
        with outside_transaction():
            gateway("mail").send(mail)
        _taken.add(this)
    _mark(sent)
    _taken.discard(this)


def _as_mail(message: Message) -> OutgoingMail:
    files = [db.session.get_one(StoredFile, file_id) for file_id in message.attachments]
    return OutgoingMail(
        sender=current_settings().mail_from,
        to=message.address,
        subject=message.subject,
        text=message.text,
        html=message.html,
        message_id=f"<renkei-{message.id}@{current_settings().host}>",
        attachments=tuple(Attachment(f.name, f.media_type, f.content) for f in files),
    )


def _as_sent(message: Message) -> Update:
    values: dict[str, Any] = {"state": MessageState.SENT}
    if message.is_secret and not gateway("mail").keeps_bodies:
        values |= {"text": WITHHELD, "html": WITHHELD}
    return update(Message).where(Message.id == message.id).values(**values)


def _mark(sent: Update) -> None:
    """Write down that it went out, and insist: without the mark it would go out again."""
    at, until = clock.now(), time.monotonic() + INSISTS
    while True:
        try:
            with transaction() as session:
                session.execute(sent.values(sent_at=at))
            return
        except (OperationalError, InterfaceError):
            let_go()
            if time.monotonic() > until:
                raise
            time.sleep(BETWEEN_TRIES)
