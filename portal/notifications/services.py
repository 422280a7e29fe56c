"""Write mails into the outbox and send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy import select, update

from portal.core import clock
from portal.core.context import current_settings, gateway
from portal.core.db import db
from portal.core.i18n import LANGUAGES, in_language
from portal.core.transaction import outside_transaction, transaction
from portal.files.models import StoredFile
from portal.gateways.mail import Attachment, OutgoingMail
from portal.jobs.services import enqueue
from portal.notifications.enums import MessageState
from portal.notifications.models import Message

WITHHELD = "—"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail. `language` None: unknown, so Japanese first and English below."""

    email: str
    name: str = ""
    organisation: str = ""
    language: str | None = None
    person_id: int | None = None


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


def render_mail(
    event: str, to: Recipient, context: dict[str, Any], button: tuple[Any, str] | None
) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a mail, in the recipient's language or in both."""
    languages = [to.language] if to.language in LANGUAGES else list(LANGUAGES)
    subjects, parts = [], []
    for language in languages:
        with in_language(str(language)):
            subjects.append(" ".join(render_template(f"emails/{event}/subject.txt", to=to, **context).split()))
            body = render_template(f"emails/{event}/body.txt", to=to, **context).strip()
            paragraphs = [p.strip() for p in body.split("\n\n") if p.strip()]
            label = str(button[0]) if button else ""
            parts.append({"language": language, "paragraphs": paragraphs, "label": label})
    whole = {"to": to, "parts": parts, "address": button[1] if button else "", "subject": subjects[0]}
    return subjects[0][:300], _in_each(whole, "txt"), _in_each(whole, "html")


def _in_each(whole: dict[str, Any], kind: str) -> str:
    rendered = []
    for part in whole["parts"]:
        with in_language(part["language"]):
            rendered.append(render_template(f"emails/part.{kind}", part=part, **whole))
    with in_language(whole["parts"][0]["language"]):
        return render_template(f"emails/layout.{kind}", rendered=rendered, **whole)


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
