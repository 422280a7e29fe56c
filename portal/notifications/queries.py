"""Read the outbox: the demo's mailbox, and what could not be sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import load_only

from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.pages import Slice, keyset
from portal.files.models import StoredFile
from portal.notifications.models import Message

LISTED = (
    Message.id,
    Message.address,
    Message.subject,
    Message.state,
    Message.created_at,
    Message.attachments,
)


def messages(*, address: str = "", cursor: str | None = None) -> Slice[Message]:
    """Every message, newest first, without bodies; `address` narrows it to one reader."""
    statement = select(Message).options(load_only(*LISTED, raiseload=True))
    if address:
        statement = statement.where(Message.address == address)
    return keyset(statement, (Message.id, True), cursor=cursor, scalars=True)


def find_message(message_id: int) -> Message:
    """One message; raises NotFound."""
    found = db.session.get(Message, message_id)
    if found is None:
        raise NotFound
    return found


def files_of(message: Message) -> Sequence[StoredFile]:
    """What is attached to a message, without the bytes, in its order."""
    if not message.attachments:
        return []
    found = db.session.scalars(select(StoredFile).where(StoredFile.id.in_(message.attachments)))
    return sorted(found, key=lambda file: message.attachments.index(file.id))


def messages_by_id(ids: Iterable[int]) -> dict[int, Message]:
    """Messages by number, without bodies; one statement."""
    wanted = list(ids)
    if not wanted:
        return {}
    statement = select(Message).where(Message.id.in_(wanted)).options(load_only(*LISTED, raiseload=True))
    return {message.id: message for message in db.session.scalars(statement)}
