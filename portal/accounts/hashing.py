"""Password hashes: argon2id, few at a time, because each one costs memory on purpose."""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.core.errors import Refused
from portal.core.i18n import _l

AT_ONCE = 4  # per process; each takes MEMORY_KIB
MEMORY_KIB = 19 * 1024
PATIENCE_SECONDS = 10

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_places = BoundedSemaphore(AT_ONCE)


class Busy(Refused):
    """More sign-ins at once than this process can check."""

    status = 503


def hash_password(password: str) -> str:
    """The hash to keep. Hold no database lock around it."""
    with _Place():
        return _hasher.hash(_normal(password))


def verify_password(password: str, kept: str | None) -> bool:
    """Whether the password fits. Without a hash a dummy is checked, so that both answers take the same time."""
    with _Place():
        try:
            return _hasher.verify(kept or _dummy(), _normal(password)) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(kept)


def prepare() -> None:
    """Make the dummy before the first visitor comes."""
    _dummy()


@cache
def _dummy() -> str:
    return _hasher.hash("nobody's password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode("utf-8")


class _Place:
    def __enter__(self) -> None:
        if not _places.acquire(timeout=PATIENCE_SECONDS):
            raise Busy(_l("Many people are signing in at this moment. Please try again in a minute."))

    def __exit__(self, *error: object) -> None:
        _places.release()
