"""Secrets at rest: sealed by a key that is derived from SECRET_KEY and stands in no database and no backup.

What was sealed under an older key is opened with OLD_SECRET_KEYS; `renkei reseal` brings it under the present one.
"""

from __future__ import annotations

import base64
import hmac
import json
from functools import lru_cache
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import String, Text, TypeDecorator
from sqlalchemy.engine import Dialect

BLOCK = 512  # bytes; a document is filled up to whole ones, so that its length tells little of what it holds
PURPOSE = b"renkei: secrets of second factors"
MARKS = b"renkei: fingerprints of sealed documents"
log = structlog.get_logger()


def seal(plain: str) -> str:
    """Encrypted and authenticated (Fernet: AES-128-CBC, HMAC-SHA256) under the present key; about 140 letters."""
    return _box().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed; empty when no key of ours opens it, so that the caller treats it as not there."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("seal_does_not_open")
        return ""


def fingerprint(content: bytes) -> str:
    """HMAC-SHA256 in hexadecimal under the present key: the same content, the same fingerprint. Where contents are few enough to try
    them all, a plain hash would give them away; this one does so to nobody without the key."""
    return hmac.new(_derived(str(current_app.secret_key), MARKS), content, "sha256").hexdigest()


class Sealed(TypeDecorator[str]):
    """Text that stands sealed in the database. It cannot be searched."""

    impl = String(255)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value)


class SealDoesNotOpenError(Exception):
    """A sealed document that no key of ours opens: better no answer than one from half of the papers."""


class SealedDocument(TypeDecorator[Any]):
    """JSON that stands sealed in the database: what even a copy of the database may not tell. Raises SealDoesNotOpenError."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return seal(plain + " " * (-len(plain.encode()) % BLOCK))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        plain = unseal(value)
        if not plain:
            raise SealDoesNotOpenError
        return json.loads(plain)


def _box() -> MultiFernet:
    older = current_app.config.get("SECRET_KEY_FALLBACKS") or ()
    return _made((str(current_app.secret_key), *older))


@lru_cache(maxsize=4)
def _made(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str, purpose: bytes = PURPOSE) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
