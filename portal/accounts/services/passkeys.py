"""Passkeys (WebAuthn). A challenge is a one-time row; the answer names it, spends it, and is verified against it."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.enums import EndReason, TokenPurpose
from portal.accounts.mail import mail_security_notice
from portal.accounts.models import Passkey, Person
from portal.accounts.services.factors import refuse_if_needed
from portal.accounts.services.links import issue_link, use_link
from portal.accounts.services.sessions import end_sessions, own_session
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.context import current_settings
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _l

REGISTER, SIGN_IN, CONFIRM = "register", "sign_in", "confirm"
MOST_KEYS = 20
LONGEST_ANSWER = 20_000
Answer = dict[str, Any]


class NotThisKey(Refused):
    """The answer of the device does not hold."""

    def __init__(self) -> None:
        super().__init__(_l("This passkey was not accepted. Please try again, or choose another way."))


def registration_options(*, by: Actor) -> Answer:
    """What the browser needs to make a passkey, as JSON values."""
    keys = _keys_of(by.id)
    if len(keys) >= MOST_KEYS:
        raise Refused(_l("You have 20 passkeys. Please remove one that you no longer use."))
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=current_settings().consortium_name(by.language),
        user_id=f"renkei-{by.id}".encode(),
        user_name=by.email,
        user_display_name=by.name,
        challenge=_challenge(REGISTER, by.id),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in keys],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return dict(options_to_json_dict(options))


def add_passkey(*, by: Actor, answer: Answer, name: str) -> Passkey:
    """Keep a new passkey. All other sessions end. Raises NotThisKey."""
    challenge = _spend(answer, REGISTER, by.id)
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=_host(), expected_origin=_origin()
        )
    except Exception:  # the library raises whatever its parsers raise on a hostile answer
        raise NotThisKey from None
    if db.session.scalars(select(Passkey.id).where(Passkey.credential_id == made.credential_id)).first():
        raise NotThisKey
    key = Passkey(
        person_id=by.id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name[:100],
        created_at=clock.now(),
    )
    db.session.add(key)
    db.session.flush()
    _tell(by, "person.passkey_added", key, _l("A passkey was added to your account."))
    return key


def remove_passkey(*, by: Actor, passkey_id: int) -> None:
    """Forget a passkey of one's own. Raises NotFound, or Refused while it is needed."""
    refuse_if_needed(by, passkey=passkey_id)
    key = db.session.scalars(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == by.id)
    ).one_or_none()
    if key is None:
        raise NotFound
    db.session.delete(key)
    db.session.flush()
    _tell(by, "person.passkey_removed", key, _l("A passkey was removed from your account."))


def sign_in_options() -> Answer:
    """What the browser needs to sign in with a passkey that it knows."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_challenge(SIGN_IN, None),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options_to_json_dict(options))


def confirm_options(*, by: Actor) -> Answer:
    """What the browser needs to use a passkey as the second factor."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_challenge(CONFIRM, by.id),
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in _keys_of(by.id)],
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return dict(options_to_json_dict(options))


def sign_in_with_passkey(*, answer: Answer) -> Person:
    """The person whose passkey answered, opened by finger, face or PIN. Raises NotThisKey."""
    key = _verified(answer, SIGN_IN, None, needs_person=True)
    person = db.session.get_one(Person, key.person_id)
    if person.is_disabled:
        raise NotThisKey
    return person


def confirm_with_passkey(*, by: Actor, answer: Answer) -> None:
    """Accept one of the person's own passkeys as the second factor. Raises NotThisKey."""
    if _verified(answer, CONFIRM, by.id, needs_person=False).person_id != by.id:
        raise NotThisKey


def _verified(answer: Answer, use: str, person_id: int | None, *, needs_person: bool) -> Passkey:
    challenge = _spend(answer, use, person_id)
    key = db.session.scalars(
        select(Passkey).where(Passkey.credential_id == _credential_id(answer))
    ).one_or_none()
    if key is None:
        raise NotThisKey
    try:
        seen = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=needs_person,
        )
    except Exception:  # as above
        raise NotThisKey from None
    once = update(Passkey).where(Passkey.id == key.id, Passkey.sign_count == key.sign_count)
    counted = db.session.execute(once.values(sign_count=seen.new_sign_count, last_used_at=clock.now()))
    if not counted.rowcount:  # type: ignore[attr-defined]
        raise NotThisKey
    return key


def _challenge(use: str, person_id: int | None) -> bytes:
    challenge = secrets.token_bytes(32)
    issue_link(
        TokenPurpose.CHALLENGE, person_id=person_id, data={"use": use}, secret=bytes_to_base64url(challenge)
    )
    return challenge


def _spend(answer: Answer, use: str, person_id: int | None) -> bytes:
    """Spend the challenge that the answer names; it must have been made for this use and person."""
    try:
        named = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))["challenge"]
        row = use_link(TokenPurpose.CHALLENGE, named)
        challenge = base64url_to_bytes(named)
    except Exception:
        raise NotThisKey from None
    if row.data.get("use") != use or row.person_id != person_id:
        raise NotThisKey
    return challenge


def _credential_id(answer: Answer) -> bytes:
    try:
        return base64url_to_bytes(answer["rawId"])
    except Exception:
        raise NotThisKey from None


def _keys_of(person_id: int) -> list[Passkey]:
    return list(
        db.session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id))
    )


def _host() -> str:
    return urlsplit(current_settings().public_url or "http://localhost").hostname or "localhost"


def _origin() -> str:
    parts = urlsplit(current_settings().public_url or "http://localhost")
    return f"{parts.scheme}://{parts.netloc}"


def _tell(by: Actor, verb: str, key: Passkey, what: object) -> None:
    person = db.session.get_one(Person, by.id)
    end_sessions(person_id=by.id, reason=EndReason.FACTORS_CHANGED, keep=own_session(by.id, by))
    record(verb=verb, subject=person, by=by, changes={"name": key.name})
    mail_security_notice(person, what)
