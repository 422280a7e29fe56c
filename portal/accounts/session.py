"""From the cookie to the person who asks: one statement per request."""

from __future__ import annotations

import hashlib

from flask import session
from flask_login import LoginManager
from sqlalchemy import and_, bindparam, select

from portal.accounts.enums import ACADEMIC_ROLES, STAFF_ROLES, Role
from portal.accounts.models import Affiliation, Organisation, Person, UserSession
from portal.core import clock
from portal.core.access import Actor, Mandate
from portal.core.db import db


class SessionRows(LoginManager):  # type: ignore[misc]
    """The session's row alone says who asks: no cookie to be remembered by, no header, no guess from the browser."""

    def _load_user(self) -> None:
        token = session.get("_user_id")
        self._update_request_context_with_user(None if token is None else load_actor(token))


login_manager = SessionRows()
login_manager.session_protection = None

_people, _sessions, _roles, _bodies = (m.__table__ for m in (Person, UserSession, Affiliation, Organisation))

_by_token = (
    select(
        _people.c.id, _people.c.name, _people.c.email, _people.c.language,
        _sessions.c.id.label("session_id"), _sessions.c.needs_second_factor, _sessions.c.must_enrol,
        _sessions.c.created_at, _sessions.c.expires_at,
        _roles.c.role, _bodies.c.id.label("organisation_id"), _bodies.c.name_ja, _bodies.c.name_en,
    )
    .join_from(_sessions, _people, _people.c.id == _sessions.c.person_id)
    .outerjoin(_roles, and_(_roles.c.person_id == _people.c.id, _roles.c.ended_at.is_(None)))
    .outerjoin(_bodies, _bodies.c.id == _roles.c.organisation_id)
    .where(_sessions.c.token_hash == bindparam("token_hash"), _sessions.c.ended_at.is_(None), _people.c.is_disabled.is_(False))
    .order_by(_roles.c.id)
)  # fmt: skip


def token_hash(token: str) -> str:
    """What we keep of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def mandate(organisation_id: int, organisation_name: str, role: Role) -> Mandate:
    """A role held today; students and supervisors have no part in their university's own matters."""
    return Mandate(organisation_id, organisation_name, role, belongs=role not in ACADEMIC_ROLES)


def load_actor(token: str) -> Actor | None:
    """The person behind a session's secret, unless the session has ended or the person is disabled."""
    rows = db.session.connection().execute(_by_token, {"token_hash": token_hash(token)}).all()
    if not rows or rows[0].expires_at <= clock.now():
        return None
    first = rows[0]
    english = first.language == "en"
    mandates = tuple(
        mandate(row.organisation_id, row.name_en if english and row.name_en else row.name_ja, row.role)
        for row in rows
        if row.role is not None
    )
    return Actor(
        id=first.id,
        name=first.name,
        email=first.email,
        language=first.language,
        session_id=first.session_id,
        token=token,
        mandates=mandates,
        staff_roles=frozenset(m.role for m in mandates) & STAFF_ROLES,
        needs_second_factor=first.needs_second_factor,
        must_enrol=first.must_enrol,
        signed_in_at=first.created_at,
    )
