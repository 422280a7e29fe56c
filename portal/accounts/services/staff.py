"""What the portal's administrators do to accounts."""

from __future__ import annotations

from sqlalchemy import delete, update

from portal.accounts.enums import EndReason
from portal.accounts.mail import mail_security_notice
from portal.accounts.models import Passkey, Person, RecoveryCode, TotpSecret
from portal.accounts.policy import may_govern
from portal.accounts.services.links import forget_links
from portal.accounts.services.sessions import end_sessions
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l


def disable_person(*, person: Person, reason: str, by: Actor) -> None:
    """Close an account: sessions and open links end at once. Raises Refused for oneself and without a reason."""
    _require_administrator(by)
    if person.id == by.id:
        raise Refused(_l("You cannot close your own account. Please ask another administrator."))
    if not reason:
        raise Refused(_l("Please give the reason: it stands in the trail."), field="reason")
    if not _set_disabled(person, True):
        return
    end_sessions(person_id=person.id, reason=EndReason.DISABLED)
    forget_links(person.id)
    record(verb="person.disabled", subject=person, by=by, note=reason)


def enable_person(*, person: Person, by: Actor) -> None:
    """Open a closed account again."""
    _require_administrator(by)
    if _set_disabled(person, False):
        record(verb="person.enabled", subject=person, by=by)


def reset_factors(*, person: Person, reason: str, by: Actor) -> None:
    """Take all second factors off somebody who has lost them; they set up new ones at the next sign-in."""
    _require_administrator(by)
    if person.id == by.id:
        raise Refused(_l("You cannot do this for yourself. Please ask another administrator."))
    if not reason:
        raise Refused(_l("Please give the reason: it stands in the trail."), field="reason")
    for table in (TotpSecret, Passkey, RecoveryCode):
        db.session.execute(delete(table).where(table.person_id == person.id))
    if person.is_password_short:  # it must not stand alone
        person.password_hash, person.is_password_short = None, False
    end_sessions(person_id=person.id, reason=EndReason.FACTORS_CHANGED)
    record(verb="person.factors_reset", subject=person, by=by, note=reason)
    mail_security_notice(person, _l("The office removed the second factors of your account at your request."))


def _require_administrator(by: Actor) -> None:
    if not may_govern(by):
        raise Refused(_l("Only administrators can do this."))


def _set_disabled(person: Person, value: bool) -> bool:
    changed = (
        update(Person)
        .where(Person.id == person.id, Person.is_disabled.is_(not value))
        .values(is_disabled=value)
    )
    return bool(db.session.execute(changed, execution_options={"synchronize_session": "fetch"}).rowcount)  # type: ignore[attr-defined]
