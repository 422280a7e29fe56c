"""Open and end sign-in sessions. The secret goes into the cookie; the row keeps only its hash."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import exists, select, update

from portal.accounts.enums import STAFF_ROLES, EndReason, SignInMethod
from portal.accounts.models import Affiliation, Passkey, Person, TotpSecret, UserSession
from portal.accounts.session import token_hash
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db

LIFETIME = timedelta(days=14)
STAFF_LIFETIME = timedelta(hours=12)
# A passkey is two factors in one (the device, and the finger or PIN that opens it); demo sign-in exists in demo alone.
WHOLE_METHODS = frozenset({SignInMethod.PASSKEY, SignInMethod.DEMO})


def open_session(*, person: Person, method: SignInMethod, address: str = "", browser: str = "") -> str:
    """A new session's secret. It is only half a session while a second factor is asked for or must be set up."""
    whole = method in WHOLE_METHODS
    enrolled, staff = has_second_factor(person.id), is_staff(person.id)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        UserSession(
            person_id=person.id,
            token_hash=token_hash(token),
            method=method,
            needs_second_factor=enrolled and not whole,
            must_enrol=staff and not enrolled and method is not SignInMethod.DEMO,
            address=address[:64],
            browser=browser[:200],
            created_at=now,
            expires_at=now + (STAFF_LIFETIME if staff else LIFETIME),
        )
    )
    db.session.flush()
    return token


def rotate_session(*, by: Actor, whole: bool = False) -> str | None:
    """The same session under a new secret; with `whole` nothing more is asked of it. None when it ended meanwhile."""
    token = secrets.token_urlsafe(32)
    values: dict[str, object] = {"token_hash": token_hash(token)}
    if whole:
        values |= {"needs_second_factor": False, "must_enrol": False}
    alive = (
        UserSession.id == by.session_id,
        UserSession.token_hash == token_hash(by.token),
        UserSession.ended_at.is_(None),
    )
    return token if _changed(update(UserSession).where(*alive).values(**values)) else None


def end_session(*, person_id: int, session_id: int, reason: EndReason) -> bool:
    """End one session of this person; False when there is none such or it has ended."""
    return _end(reason, UserSession.person_id == person_id, UserSession.id == session_id) > 0


def end_sessions(*, person_id: int, reason: EndReason, keep: int | None = None) -> int:
    """End all sessions of a person but the one to `keep`; returns how many."""
    others = () if keep is None else (UserSession.id != keep,)
    return _end(reason, UserSession.person_id == person_id, *others)


def end_everywhere(*, by: Actor) -> int:
    """The person signs out on all devices."""
    record(verb="person.signed_out_everywhere", subject=db.session.get_one(Person, by.id), by=by)
    return end_sessions(person_id=by.id, reason=EndReason.ENDED_ELSEWHERE)


def reason_of_end(token: str) -> str:
    """Why the session with this secret has ended; empty while it has not, or for an unknown one."""
    ended = select(UserSession.end_reason).where(
        UserSession.token_hash == token_hash(token), UserSession.ended_at.is_not(None)
    )
    return str(db.session.scalar(ended) or "")


def own_session(person_id: int, by: Actor | int | None) -> int | None:
    """The session to keep when people change something about themselves."""
    return by.session_id if isinstance(by, Actor) and by.id == person_id else None


def has_second_factor(person_id: int) -> bool:
    """Whether a code generator or a passkey is set up."""
    totp = exists().where(TotpSecret.person_id == person_id, TotpSecret.confirmed_at.is_not(None))
    return bool(db.session.scalar(select(totp | exists().where(Passkey.person_id == person_id))))


def is_staff(person_id: int) -> bool:
    """Whether the person holds a role of the consortium's own office today."""
    held = (
        Affiliation.person_id == person_id,
        Affiliation.role.in_(STAFF_ROLES),
        Affiliation.ended_at.is_(None),
    )
    return bool(db.session.scalar(select(exists().where(*held))))


def _end(reason: EndReason, *which: object) -> int:
    ended = update(UserSession).where(UserSession.ended_at.is_(None), *which)  # type: ignore[arg-type]
    return _changed(ended.values(ended_at=clock.now(), end_reason=reason.value))


def _changed(statement: object) -> int:
    result = db.session.execute(statement, execution_options={"synchronize_session": "fetch"})  # type: ignore[call-overload]
    return int(result.rowcount)
