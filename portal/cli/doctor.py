"""What production still lacks, item by item."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pysqlite3.dbapi2 as sqlite
from sqlalchemy import make_url

from portal.cli.assets import are_assets_copied
from portal.core.db import SAFE_SQLITE, db
from portal.core.i18n import FOLDER
from portal.gateways.mail import SmtpMail
from portal.settings import Mode, Settings
from portal.wiring import create_app
from portal.wiring.health import newest_migration, present_migration

FREE_BYTES_WANTED = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One item: fine, or what to do. An advice does not fail the whole."""

    item: str
    is_fine: bool
    words: str
    is_advice: bool = False


@click.command()
def doctor() -> None:
    """Say what is missing for production; exits with 1 when something is."""
    settings = Settings.from_environment(os.environ)
    findings = list(examine(settings))
    for finding in findings:
        mark = "ok    " if finding.is_fine else "advice" if finding.is_advice else "MISSING"
        click.echo(f"{mark:8}{finding.item:18}{finding.words}")
    lacking = [f for f in findings if not f.is_fine and not f.is_advice]
    click.echo(f"\n{len(lacking)} missing of {len(findings)}." if lacking else "\nReady for production.")
    sys.exit(1 if lacking else 0)


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings for these settings."""
    yield from _environment(settings)
    yield from _machine(settings)
    yield from _database(settings)
    yield from _outside(settings)


def _environment(settings: Settings) -> Iterator[Finding]:
    yield Finding("mode", settings.mode is Mode.PRODUCTION, f"RENKEI_MODE is {settings.mode}")
    strong = len(settings.secret_key) >= 32
    yield Finding(
        "secret key",
        strong,
        "SECRET_KEY is set" if strong else "set SECRET_KEY to 32 or more random characters",
    )
    https = settings.public_url.startswith("https://")
    yield Finding(
        "address",
        https,
        settings.public_url if https else "set PUBLIC_URL to the https:// address people type",
    )
    yield Finding(
        "sender", "@" in settings.mail_from, settings.mail_from or "set MAIL_FROM to the sender of all mail"
    )
    words = settings.contact_address or "set CONTACT_ADDRESS: it stands below every mail"
    yield Finding("contact", "@" in settings.contact_address, words, is_advice=True)
    named = settings.consortium_name_ja != "Renkei"
    yield Finding(
        "name",
        named,
        settings.consortium_name_ja if named else "set CONSORTIUM_NAME_JA and CONSORTIUM_NAME_EN",
    )
    proxied = settings.proxies > 0
    words = (
        f"{settings.proxies} in front"
        if proxied
        else "set TRUSTED_PROXIES=1 behind nginx (deploy/nginx.conf)"
    )
    yield Finding("proxy", proxied, words)


def _machine(settings: Settings) -> Iterator[Finding]:
    yield Finding(
        "front end", are_assets_copied(), "styles, scripts and fonts in static/vendor (else: make setup)"
    )
    compiled = all(p.with_suffix(".mo").exists() for p in FOLDER.rglob("*.po"))
    yield Finding("languages", compiled, "catalogues are compiled (else: make setup)")
    place = Path(make_url(settings.database_url).database or ".").parent if settings.is_sqlite else Path(".")
    free = os.statvfs(place if place.exists() else Path(".")).f_bavail * os.statvfs(".").f_frsize
    yield Finding("disk", free > FREE_BYTES_WANTED, f"{free // 1_000_000_000} GB free", is_advice=True)


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.is_sqlite:
        words = "SQLite serves one host; DATABASE_URL=postgresql+psycopg://… serves several"
        yield Finding("database", False, words, is_advice=True)
        fine = sqlite.sqlite_version_info >= SAFE_SQLITE
        yield Finding("SQLite", fine, f"version {sqlite.sqlite_version}; 3.51.3 or later is needed")
    yield Finding("schema", *_answer(lambda: _schema_state(settings)))


def _schema_state(settings: Settings) -> tuple[bool, str]:
    app = create_app(settings)
    with app.app_context():
        present = present_migration()
        db.session.remove()
    newest = newest_migration()
    return present == newest, f"at {present or 'nothing'}, the code wants {newest} (renkei migrate)"


def _outside(settings: Settings) -> Iterator[Finding]:
    yield Finding("mail", *_answer(lambda: _mail_state(settings)))
    words = "REDIS_URL is set" if settings.redis_url else "several hosts need REDIS_URL for one common queue"
    yield Finding("queue", bool(settings.redis_url) or settings.is_sqlite, words)
    live = settings.stripe_secret_key.startswith(("sk_live_", "rk_live_"))
    yield Finding(
        "payments",
        live,
        "STRIPE_SECRET_KEY is a live key"
        if live
        else "without a live STRIPE_SECRET_KEY companies pay by bank transfer alone",
        is_advice=True,
    )
    hooked = bool(settings.stripe_webhook_secret) or not settings.stripe_secret_key
    yield Finding(
        "webhooks",
        hooked,
        "STRIPE_WEBHOOK_SECRET is set"
        if settings.stripe_webhook_secret
        else "set STRIPE_WEBHOOK_SECRET, or no payment is noticed"
        if not hooked
        else "not needed without Stripe",
    )
    yield Finding(
        "stand-ins",
        not settings.stripe_api_base,
        "STRIPE_API_BASE is empty"
        if not settings.stripe_api_base
        else "unset STRIPE_API_BASE: it is for demo and tests",
    )


def _mail_state(settings: Settings) -> tuple[bool, str]:
    if not settings.smtp_url:
        return False, "set SMTP_URL; until then mail waits in the outbox"
    with SmtpMail(settings.smtp_url).connect() as server:
        code, _ = server.noop()
    return code == 250, "the mail server answers"


def _answer(ask: Callable[[], tuple[bool, str]]) -> tuple[bool, str]:
    try:
        return ask()
    except Exception as error:
        return False, f"{type(error).__name__}: {str(error).splitlines()[0][:120]}"
