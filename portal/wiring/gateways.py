"""Chooses the real thing or the stand-in for every door to the outside."""

from __future__ import annotations

from typing import Any

from portal.gateways.mail import KeptMail, MailGateway, OutgoingMail, SmtpMail
from portal.gateways.payments import PaymentProvider, StripePayments
from portal.gateways.queue import HueyQueue, KeptQueue, QueueGateway
from portal.settings import Mode, Settings


class UnsetMail:
    """Production without a mail server: messages wait in the outbox until one is set."""

    keeps_bodies = False

    def send(self, mail: OutgoingMail) -> None:
        raise OSError("SMTP_URL is not set")


def build(settings: Settings) -> dict[str, Any]:
    """All gateways by name."""
    return {"mail": _mail(settings), "queue": _queue(settings), "payments": _payments(settings)}


def _mail(settings: Settings) -> MailGateway:
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url)
    return UnsetMail() if settings.is_production else KeptMail()


def _queue(settings: Settings) -> QueueGateway:
    if settings.mode is Mode.TEST:
        return KeptQueue()
    return HueyQueue(redis_url=settings.redis_url, path=settings.queue_path)


def _payments(settings: Settings) -> PaymentProvider | None:
    if not settings.stripe_secret_key:
        return None
    return StripePayments(
        api_key=settings.stripe_secret_key,
        webhook_secret=settings.stripe_webhook_secret,
        api_base=settings.stripe_api_base,
    )
