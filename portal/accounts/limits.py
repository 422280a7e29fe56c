"""How often somebody may try: per account, per address, overall. Counted in the database, before anything is looked up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from limits import parse

from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.core.limiting import Limit, everybody, limit_posts, network_address, typed_address
from portal.core.security import limiter
from portal.core.transaction import after_commit, outside_transaction

View = TypeVar("View", bound=Callable[..., Any])

PER_ACCOUNT = "10 per 15 minutes"
PER_ADDRESS = "60 per 15 minutes"  # a company's people often share one address
OVERALL = "1200 per minute"
MAILS_PER_ACCOUNT = "5 per 15 minutes"
CODES_PER_PERSON = "8 per 15 minutes"


class TooOften(Refused):
    """Too many tries."""

    status = 429


def limit_tries(scope: str, *, per_account: str | None = None) -> Callable[[View], View]:
    """The limits on POSTs of a route; `per_account` for forms in which an address is typed."""
    limits = [Limit(PER_ADDRESS, network_address)]
    if per_account is not None:
        limits.append(Limit(per_account, typed_address))
    return limit_posts(scope, *limits, Limit(OVERALL, everybody))


def count_try(what: str, person_id: int, limit: str = CODES_PER_PERSON) -> None:
    """Count one try of a person whom we know; raises TooOften. Commits what was done before."""
    with outside_transaction():
        allowed = limiter.limiter.hit(parse(limit), "renkei", what, str(person_id))
    if not allowed:
        raise TooOften(_l("Too many tries. Please wait 15 minutes and try again."))


def forget_tries(what: str, person_id: int, limit: str = CODES_PER_PERSON) -> None:
    """Begin counting anew once this transaction has succeeded."""
    after_commit(lambda: limiter.limiter.clear(parse(limit), "renkei", what, str(person_id)))
