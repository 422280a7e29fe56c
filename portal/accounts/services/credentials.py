"""Write down what people have earned, and take it back."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from portal.accounts.enums import CredentialKind
from portal.accounts.models import Credential, Person
from portal.accounts.policy import may_support_careers
from portal.accounts.queries.credentials import standing_credential
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, rows_changed
from portal.core.errors import Refused
from portal.core.i18n import _l

NOT_YOURS = _l("What people have earned is recorded by the career-support office.")


def grant_credential(*, person: Person, kind: CredentialKind, earned_on: date, by: Actor) -> bool:
    """The person has earned it on this day; False where it stands already. Raises Refused at `earned_on`."""
    _require_office(by)
    if earned_on > clock.today():
        raise Refused(_l("This day lies in the future. Please check it."), field="earned_on")
    if standing_credential(person.id, kind) is not None:
        return False
    made = Credential(
        person_id=person.id, kind=kind, earned_on=earned_on, granted_by_id=by.id, granted_at=clock.now()
    )
    _standing, is_ours = add_or_find(made, lambda: standing_credential(person.id, kind))
    if is_ours:
        record(
            verb="credential.granted", subject=person, by=by, changes={"kind": kind, "earned_on": earned_on}
        )
    return is_ours


def revoke_credential(*, person: Person, kind: CredentialKind, reason: str, by: Actor) -> bool:
    """It no longer holds; False where it did not. Raises Refused at `reason`."""
    _require_office(by)
    if not reason.strip():
        raise Refused(_l("Please give the reason: it stands in the trail."), field="reason")
    standing = (Credential.person_id == person.id, Credential.kind == kind, Credential.revoked_at.is_(None))
    ended = update(Credential).where(*standing).values(revoked_at=clock.now(), revoked_by_id=by.id)
    if not rows_changed(ended):
        return False
    record(verb="credential.revoked", subject=person, by=by, changes={"kind": kind}, note=reason.strip())
    return True


def _require_office(by: Actor) -> None:
    if not may_support_careers(by):
        raise Refused(NOT_YOURS)
