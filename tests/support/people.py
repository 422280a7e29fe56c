"""Companies and people for tests; everything invented."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.enums import OrganisationKind, Role, SignInMethod
from portal.accounts.models import Affiliation, Organisation, Person, UserSession
from portal.accounts.session import load_actor, token_hash
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction

_serial = iter(range(1, 10_000_000))


def corporate_number(base: int) -> str:
    """A number with a right check digit (財務省令第70号第2条) for a twelve-digit base."""
    digits = [int(d) for d in reversed(f"{base:012d}")]
    total = sum(d * (1 if i % 2 == 0 else 2) for i, d in enumerate(digits))
    return f"{9 - total % 9}{base:012d}"


def company(name: str = "", **values: Any) -> Organisation:
    """A company in the database."""
    n = next(_serial)
    with transaction() as session:
        made = Organisation(
            **{
                "kind": OrganisationKind.COMPANY,
                "name_ja": name or f"試験{n}株式会社",
                "name_kana": f"シケン{n:06d}",
                "name_en": f"Example {n} K.K.",
                "corporate_number": corporate_number(700_000_000_000 + n),
                "employees": 1200,
                "founded_on": date(1990, 4, 1),
                "created_at": clock.now(),
            }
            | values
        )
        session.add(made)
    return made


def person(
    *, at: Organisation | None = None, roles: tuple[Role, ...] = (), language: str = "ja", **values: Any
) -> Person:
    """A person, with roles for an organisation."""
    n = next(_serial)
    email = values.pop("email", f"person{n}@example.co.jp")
    with transaction() as session:
        made = Person(
            email=email,
            email_key=email.casefold(),
            language=language,
            created_at=clock.now(),
            **{"name": f"試験 太郎{n}"} | values,
        )
        session.add(made)
        session.flush()
        for role in roles:
            assert at is not None
            session.add(
                Affiliation(person_id=made.id, organisation_id=at.id, role=role, starts_on=clock.today())
            )
    return made


def office() -> Organisation:
    """The consortium's own organisation, made once per test."""
    found = db.session.query(Organisation).filter_by(kind=OrganisationKind.CONSORTIUM).one_or_none()
    rollback()
    return found or company("コンソーシアム事務局", kind=OrganisationKind.CONSORTIUM, corporate_number=None)


def staff(*roles: Role, **values: Any) -> Person:
    """Somebody of the consortium's office."""
    return person(at=office(), roles=roles or (Role.SECRETARIAT,), **values)


def open_session(who: Person, **values: Any) -> str:
    """A signed-in session's secret."""
    token = secrets.token_urlsafe(32)
    with transaction() as session:
        session.add(
            UserSession(
                **{
                    "person_id": who.id,
                    "token_hash": token_hash(token),
                    "method": SignInMethod.PASSWORD,
                    "created_at": clock.now(),
                    "expires_at": clock.now() + timedelta(hours=12),
                }
                | values
            )
        )
    return token


def sign_in(client: FlaskClient, who: Person, **values: Any) -> FlaskClient:
    """The same browser, signed in as `who`."""
    token = open_session(who, **values)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def browser_of(app: Flask, who: Person, **values: Any) -> FlaskClient:
    """A browser of its own, signed in as `who`."""
    return sign_in(app.test_client(), who, **values)


def actor_of(who: Person) -> Actor:
    """The person as services get them."""
    found = load_actor(open_session(who))
    rollback()
    assert found is not None
    return found
