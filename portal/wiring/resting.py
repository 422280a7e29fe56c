"""What makes the portal rest for a moment, and what was typed meanwhile: it stays on the page, ready to be sent again."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from flask import request
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})
SECRET_WORDS = ("password", "token", "secret")  # anywhere in a name
SECRET_NAMES = frozenset({"code"})  # the whole name: a postal code is none
FORM_TOKEN = "csrf_token"  # noqa: S105 the name of a field
MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Again:
    """A request as it can be sent once more: forms carry a key of their own, so that the second time adds nothing."""

    address: str
    fields: tuple[tuple[str, str], ...]


def is_passing(error: BaseException | None) -> bool:
    """Whether a failure goes away by itself: the database or the queue is away, or some disk is full."""
    if isinstance(error, OperationalError | InterfaceError | NoConnectionLeft | RedisError):
        return True
    return isinstance(error, OSError) and error.errno in FULL


def what_was_sent() -> Again | None:
    """The form under way, to be sent again; None where it has files or secrets, or is none."""
    if request.method != "POST" or request.endpoint is None:
        return None
    try:
        fields, has_files = (
            tuple(request.form.items(multi=True)),
            any(f.filename for f in request.files.values()),
        )
    except Exception:  # what failed may be the reading itself: a full temporary folder
        return None
    if not fields or has_files or sum(len(value) for _, value in fields) > MOST_TEXT:
        return None
    if any(_is_secret(name) for name, _value in fields):
        return None
    query = request.query_string.decode("ascii", "ignore")
    return Again(request.script_root + request.path + (f"?{query}" if query else ""), fields)


def _is_secret(name: str) -> bool:
    if name == FORM_TOKEN:
        return False
    return name in SECRET_NAMES or any(word in name for word in SECRET_WORDS)
