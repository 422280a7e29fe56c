"""What people have earned and still hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from portal.accounts.enums import CredentialKind
from portal.accounts.models import Credential
from portal.core.db import any_of, ask, db

_held = Credential.__table__.c
_HOLDERS = select(_held.person_id, _held.earned_on).where(
    _held.kind == CredentialKind.TRAINING, _held.person_id.in_(any_of("people")), _held.revoked_at.is_(None)
)


def standing_credential(person_id: int, kind: CredentialKind) -> Credential | None:
    """The one that the person holds today."""
    mine = (Credential.person_id == person_id, Credential.kind == kind, Credential.revoked_at.is_(None))
    return db.session.scalars(select(Credential).where(*mine)).one_or_none()


def has_credential(person_id: int, kind: CredentialKind) -> bool:
    """Whether the person holds it today."""
    return person_id in holders_of(kind, [person_id])


def holders_of(kind: CredentialKind, person_ids: Collection[int]) -> set[int]:
    """Those of `person_ids` who hold it today; one statement."""
    return set(earned_by(kind, person_ids))


def earned_by(kind: CredentialKind, person_ids: Collection[int]) -> dict[int, date]:
    """On which day those of `person_ids` who hold it today earned it."""
    if not person_ids or kind is not CredentialKind.TRAINING:  # the only one there is
        return {}
    return {row.person_id: row.earned_on for row in ask(_HOLDERS, people=list(person_ids))}
