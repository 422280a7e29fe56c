"""How often somebody may try: per account, per address, overall. Counted in the database, before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import request
from limits import parse

from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.security import everybody, limiter
from portal.core.transaction import after_commit, outside_transaction
from portal.domain.email_keys import email_key

View = TypeVar("View", bound=Callable[..., Any])

PER_ACCOUNT = "10 per 15 minutes"
PER_ADDRESS = "60 per 15 minutes"  # a company's people often share one address
OVERALL = "1200 per minute"
MAILS_PER_ACCOUNT = "5 per 15 minutes"
CODES_PER_PERSON = "8 per 15 minutes"


class TooOften(Refused):
    """Too many tries."""

    status = 429


def account() -> str:
    """The typed address in its key form, whether or not it exists: other spellings of it count together."""
    typed = request.form.get("email", "")[:1000]
    return "account:" + (email_key(typed) or typed.strip().casefold()[:254])


def limit_tries(scope: str, *, per_account: str | None = None) -> Callable[[View], View]:
    """The limits on POSTs of a route; `per_account` for forms in which an address is typed.

    Stands above the access rule: it counts before a transaction is open.
    """
    limits: list[tuple[str, Any]] = [(OVERALL, everybody), (PER_ADDRESS, None)]
    if per_account is not None:
        limits.append((per_account, account))

    def decorate(view: Any) -> Any:
        for limit, key in limits:
            options: dict[str, Any] = {"key_func": key} if key else {}
            view = limiter.shared_limit(limit, scope=f"{scope}:{limit}", methods=["POST"], **options)(view)
        return view

    return decorate


def count_try(what: str, person_id: int, limit: str = CODES_PER_PERSON) -> None:
    """Count one try of a person whom we know; raises TooOften. Commits what was done before."""
    with outside_transaction():
        allowed = limiter.limiter.hit(parse(limit), "renkei", what, str(person_id))
    if not allowed:
        raise TooOften(_l("Too many tries. Please wait 15 minutes and try again."))


def forget_tries(what: str, person_id: int, limit: str = CODES_PER_PERSON) -> None:
    """Begin counting anew once this transaction has succeeded."""
    after_commit(lambda: limiter.limiter.clear(parse(limit), "renkei", what, str(person_id)))
