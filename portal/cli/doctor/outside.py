"""Doors to the outside: does whoever is behind them answer, and let us in?"""

from __future__ import annotations

from collections.abc import Iterator

from portal.cli.doctor.findings import Finding, answer
from portal.gateways.mail import SmtpMail
from portal.gateways.queue import HueyQueue
from portal.settings import Settings


def look(settings: Settings) -> Iterator[Finding]:
    """Mail and queue; the payment provider is looked at by its keys alone, so that nothing is asked with live money."""
    yield answer("mail", lambda: _mail(settings))
    if settings.redis_url:
        yield answer("queue", lambda: _redis(settings))
    else:
        words = "on this host" if settings.is_sqlite else "several hosts need REDIS_URL for one common queue"
        yield Finding("queue", settings.is_sqlite, words)


def _mail(settings: Settings) -> tuple[bool, str]:
    if not settings.smtp_url:
        return False, "set SMTP_URL; until then mail waits in the outbox"
    with SmtpMail(settings.smtp_url).open() as server:
        code, _ = server.noop()
    return code == 250, "the mail server answers and lets us in"


def _redis(settings: Settings) -> tuple[bool, str]:
    HueyQueue(redis_url=settings.redis_url, path="").huey.storage.conn.ping()
    return True, "Redis answers"
