"""The database: there, of this code's schema, and with what the office must have entered before companies come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from flask import Flask
from sqlalchemy import make_url, select

from portal.accounts.enums import Role
from portal.accounts.queries.people import staff_with
from portal.accounts.queries.security import has_totp, passkeys_of
from portal.billing.queries.issuers import issuer_on
from portal.cli.doctor.findings import Finding, answer
from portal.core import clock
from portal.core.db import SAFE_SQLITE, db
from portal.core.schema import missing_guards
from portal.jobs.queries import oldest_waiting
from portal.membership.queries.tiers import current_rules, this_year, tiers_for
from portal.placements.queries.certificates import certificate_problems
from portal.settings import Settings
from portal.wiring import create_app
from portal.wiring.health import newest_migration, present_migration

WAITING_TOO_LONG = timedelta(minutes=10)
KEY_OF_THE_DOCTOR = "the doctor only looks, it signs nothing"


def look(settings: Settings) -> Iterator[Finding]:
    """Kind, schema and guards; then, where the schema is there, the office's own data."""
    if settings.is_sqlite:
        words = "SQLite serves one host; DATABASE_URL=postgresql+psycopg://… serves several"
        yield Finding("database", False, words, is_advice=True)
        fine = sqlite.sqlite_version_info >= SAFE_SQLITE
        yield Finding("SQLite", fine, f"version {sqlite.sqlite_version}; 3.51.3 or later is needed")
        path = make_url(settings.database_url).database or ""
        if not Path(path).exists():
            yield Finding("schema", False, f"there is no {path} yet (renkei migrate)")
            return
    app = _app(settings)
    with app.app_context():
        schema = answer("schema", _schema)
        yield schema
        if schema.is_fine:
            yield answer("guards", _guards)
            yield answer("certificates", certificates_hold)
            yield answer("worker", _worker)
            yield from _office()
        db.session.remove()
        db.engine.dispose()


def _app(settings: Settings) -> Flask:
    """The portal on these settings, even where production would not start yet."""
    strong = len(settings.secret_key) >= 32
    return create_app(settings if strong else replace(settings, secret_key=KEY_OF_THE_DOCTOR))


def _schema() -> tuple[bool, str]:
    db.session.execute(select(1))
    present, newest = present_migration(), newest_migration()
    if present == newest:
        return True, f"at {present}"
    return False, f"at {present or 'nothing'}, the code wants {newest} (renkei migrate)"


def _guards() -> tuple[bool, str]:
    missing = missing_guards(db.session.connection())
    return not missing, ", ".join(missing) or "issued rows and the trail can be neither changed nor deleted"


def certificates_hold() -> tuple[bool, str]:
    """Evaluation documents of interns: their numbers, and that the kept papers are those that were issued."""
    problems = certificate_problems()
    return not problems, "; ".join(problems) or "every evaluation document is what was issued"


def _worker() -> tuple[bool, str]:
    oldest = oldest_waiting()
    if oldest is None or clock.now() - oldest < WAITING_TOO_LONG:
        return True, "no job waits for long"
    return False, f"a job waits since {oldest:%Y-%m-%d %H:%M} UTC: start renkei worker"


def _office() -> Iterator[Finding]:
    administrators = staff_with(Role.ADMINISTRATOR)
    words = f"{len(administrators)}" if administrators else "there is none: renkei administrator MAIL NAME"
    yield Finding("administrator", bool(administrators), words)
    bare = [a.name for a in administrators if not has_totp(a.id) and not passkeys_of(a.id)]
    words = (
        f"nobody without one signs in to the office; still without: {', '.join(bare)}"
        if bare
        else "all have one"
    )
    yield Finding("second factor", not bare, words, is_advice=True)
    issuer = issuer_on(clock.today())
    named = issuer is not None and bool(issuer.account_number)
    yield Finding(
        "issuer",
        named,
        issuer.name_ja if issuer and named else "enter issuer and bank account in the settings",
    )
    registered = issuer is not None and bool(issuer.registration_number)
    words = (
        issuer.registration_number
        if issuer and registered
        else "unregistered: invoices give buyers no full tax credit"
    )
    yield Finding("registration", registered, words, is_advice=True)
    year = this_year()
    yield Finding("tiers", bool(tiers_for(year)), f"of fiscal year {year} (settings)")
    yield Finding("rules", bool(current_rules()), "what applicants accept, by version (settings)")
