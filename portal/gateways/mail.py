"""Sending mail: by SMTP, or kept at home in demo and tests."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 10


class MailRefused(Exception):
    """The mail server is there and does not take this mail (greylisting too): other mails may go."""


THIS_MAIL_ALONE = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail to one address; `message_id` is the same at every try, so that a reader can drop a twin."""

    sender: str
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    attachments: tuple[Attachment, ...] = field(default=())

    def as_message(self) -> EmailMessage:
        """The mail as MIME: text, its HTML twin, attachments."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, self.to, self.subject
        message["Message-ID"], message["Date"] = self.message_id, formatdate(localtime=False)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        for part in self.attachments:
            main, _, sub = part.media_type.partition("/")
            message.add_attachment(part.content, maintype=main, subtype=sub, filename=part.name)
        return message


class MailGateway(Protocol):
    """Sends mail or raises: MailRefused for this mail, OSError when the server is away. The job tries again later."""

    keeps_bodies: bool

    def send(self, mail: OutgoingMail) -> None: ...


class SmtpMail:
    """A mail server by URL: `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`."""

    keeps_bodies = False

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def send(self, mail: OutgoingMail) -> None:
        server = self.open()
        try:
            server.send_message(mail.as_message())
        except THIS_MAIL_ALONE as error:
            raise MailRefused(str(error)) from error
        else:
            with suppress(smtplib.SMTPException):  # it was taken: however they part, it must not go out twice
                server.quit()
        finally:
            server.close()

    def open(self) -> smtplib.SMTP:
        """A connection that may send; raises SMTPException when we are not let in."""
        server = self._connect()
        try:
            if self.parts.username:
                server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        except Exception:
            server.close()
            raise
        return server

    def _connect(self) -> smtplib.SMTP:
        """Encrypted unless the server is this host."""
        host, port = self.parts.hostname or "", self.parts.port
        if self.parts.scheme not in ("smtp", "smtps") or not host:
            raise OSError("SMTP_URL must read smtp://user:password@host:587 or smtps://…:465")
        if self.parts.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
        if host not in ("localhost", "127.0.0.1"):
            server.starttls(context=ssl.create_default_context())
        return server


class KeptMail:
    """Nothing leaves: the outbox itself is the mailbox that demo and tests read."""

    keeps_bodies = True

    def __init__(self) -> None:
        self.sent: list[OutgoingMail] = []

    def send(self, mail: OutgoingMail) -> None:
        mail.as_message().as_bytes()  # what cannot be encoded fails here as it would there
        self.sent.append(mail)
