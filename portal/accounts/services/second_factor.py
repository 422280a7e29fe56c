"""Code generators (RFC 6238) and recovery codes. A code works once: the newest time step used is kept."""

from __future__ import annotations

import hmac
import secrets

import pyotp
from sqlalchemy import delete, update

from portal.accounts.enums import EndReason
from portal.accounts.limits import count_try, forget_tries
from portal.accounts.mail import mail_security_notice
from portal.accounts.models import Person, RecoveryCode, TotpSecret
from portal.accounts.queries.security import recovery_codes_left
from portal.accounts.services.factors import refuse_if_needed
from portal.accounts.services.sessions import end_sessions, own_session
from portal.accounts.session import token_hash
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.context import current_settings
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l

STEP_SECONDS = 30
STEPS_AROUND = 1  # clocks that are half a minute off
CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letters that look alike
CODE_LENGTH = 16


def begin_totp(*, by: Actor) -> None:
    """Make a secret that waits to be confirmed. Raises Refused when a generator is in use."""
    standing = db.session.get(TotpSecret, by.id)
    if standing is not None and standing.confirmed_at is not None:
        raise Refused(_l("A code generator is set up already. Remove it before setting up another."))
    if standing is None:
        db.session.add(TotpSecret(person_id=by.id, secret=pyotp.random_base32()))
    else:
        standing.secret = pyotp.random_base32()


def pending_totp(by: Actor) -> tuple[str, str] | None:
    """The secret that waits to be confirmed, and its otpauth address; None when there is none."""
    waiting = db.session.get(TotpSecret, by.id)
    if waiting is None or waiting.confirmed_at is not None:
        return None
    issuer = current_settings().consortium_name(by.language)
    return waiting.secret, pyotp.TOTP(waiting.secret).provisioning_uri(name=by.email, issuer_name=issuer)


def confirm_totp(*, by: Actor, code: str) -> list[str]:
    """Put the waiting generator into use by a code of it; gives recovery codes when there were none.

    All other sessions end. Raises Refused at `code`.
    """
    count_try("totp", by.id)
    waiting = db.session.get(TotpSecret, by.id)
    step = _step_of(waiting.secret, code) if waiting is not None and waiting.confirmed_at is None else None
    if step is None:
        raise Refused(_l("This code does not fit. Please write the code that is shown now."), field="code")
    confirm = update(TotpSecret).where(TotpSecret.person_id == by.id, TotpSecret.confirmed_at.is_(None))
    done = db.session.execute(confirm.values(confirmed_at=clock.now(), last_step=step)).rowcount  # type: ignore[attr-defined]
    if not done:
        raise Refused(_l("A code generator is set up already. Remove it before setting up another."))
    _tell(by, "person.totp_added", _l("A code generator was added to your account."))
    return [] if recovery_codes_left(by.id) else make_recovery_codes(by=by)


def remove_totp(*, by: Actor) -> None:
    """Take the generator off. Raises Refused while it is needed."""
    refuse_if_needed(by, totp=True)
    removed = delete(TotpSecret).where(TotpSecret.person_id == by.id)
    if db.session.execute(removed).rowcount:  # type: ignore[attr-defined]
        _tell(by, "person.totp_removed", _l("The code generator was removed from your account."))


def make_recovery_codes(*, by: Actor) -> list[str]:
    """Ten new codes, to be shown once; the old ones work no more."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == by.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(person_id=by.id, code_hash=token_hash(code)) for code in codes)
    db.session.flush()
    record(verb="person.recovery_codes_made", subject=db.session.get_one(Person, by.id), by=by)
    return ["-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4)) for code in codes]


def confirm_second_factor(*, by: Actor, code: str) -> None:
    """Accept a code of the generator or a recovery code, each once. Raises Refused at `code`, TooOften."""
    count_try("code", by.id)
    if not (_use_totp(by.id, code) or _use_recovery_code(by, code)):
        raise Refused(_l("This code does not fit, or has been used already."), field="code")
    forget_tries("code", by.id)


def _use_totp(person_id: int, code: str) -> bool:
    kept = db.session.get(TotpSecret, person_id)
    if kept is None or kept.confirmed_at is None:
        return False
    step = _step_of(kept.secret, code)
    if step is None:
        return False
    once = update(TotpSecret).where(TotpSecret.person_id == person_id, TotpSecret.last_step < step)
    spent = db.session.execute(once.values(last_step=step), execution_options={"synchronize_session": False})
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def _use_recovery_code(by: Actor, code: str) -> bool:
    plain = "".join(code.split()).replace("-", "").casefold()
    which = (
        RecoveryCode.person_id == by.id,
        RecoveryCode.code_hash == token_hash(plain),
        RecoveryCode.used_at.is_(None),
    )
    once = update(RecoveryCode).where(*which).values(used_at=clock.now())
    spent = db.session.execute(once, execution_options={"synchronize_session": False}).rowcount  # type: ignore[attr-defined]
    if spent:
        person = db.session.get_one(Person, by.id)
        record(verb="person.recovery_code_used", subject=person, by=by)
        mail_security_notice(person, _l("A recovery code was used to sign in."))
    return bool(spent)


def _step_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, around the present one; None when it is none of them."""
    typed = "".join(code.split())
    if not secret:  # its seal does not open
        return None
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return None
    present = int(clock.now().timestamp()) // STEP_SECONDS
    generator = pyotp.HOTP(secret)
    near = range(present - STEPS_AROUND, present + STEPS_AROUND + 1)
    return next((step for step in near if hmac.compare_digest(generator.at(step), typed)), None)


def _tell(by: Actor, verb: str, what: object) -> None:
    person = db.session.get_one(Person, by.id)
    end_sessions(person_id=by.id, reason=EndReason.FACTORS_CHANGED, keep=own_session(by.id, by))
    record(verb=verb, subject=person, by=by)
    mail_security_notice(person, what)
