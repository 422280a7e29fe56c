"""Write mails into the outbox and send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from portal.core import clock
from portal.core.context import current_settings, gateway
from portal.core.db import db
from portal.core.transaction import outside_transaction, transaction
from portal.files.models import StoredFile
from portal.gateways.mail import Attachment, OutgoingMail
from portal.jobs.services import enqueue
from portal.notifications.enums import MessageState
from portal.notifications.mail import Recipient, render_mail
from portal.notifications.models import Message

WITHHELD = "—"
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
    enqueue("notifications.deliver", key=f"message:{message.id}", message_id=message.id)
    return message


def deliver(message_id: int) -> None:
    """Send one message unless it went out already. Holds no lock while it talks to the mail server."""
    message = db.session.get(Message, message_id)
    if message is None or message.state is MessageState.SENT:
        return
    files = [db.session.get_one(StoredFile, file_id) for file_id in message.attachments]
    mail = OutgoingMail(
        sender=current_settings().mail_from,
        to=message.address,
        subject=message.subject,
        text=message.text,
        html=message.html,
        message_id=f"<renkei-{message.id}@{current_settings().host}>",
        attachments=tuple(Attachment(f.name, f.media_type, f.content) for f in files),
    )
    keeps_bodies = gateway("mail").keeps_bodies
    with outside_transaction():
        gateway("mail").send(mail)
    with transaction() as session:
        values: dict[str, Any] = {"state": MessageState.SENT, "sent_at": clock.now()}
        if message.is_secret and not keeps_bodies:
            values |= {"text": WITHHELD, "html": WITHHELD}
        session.execute(update(Message).where(Message.id == message_id).values(**values))
