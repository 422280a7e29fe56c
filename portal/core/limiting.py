"""How often a route may be posted to, and by whom one counts: network address, mailbox, person, everybody together."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any, NamedTuple, TypeVar

from flask import request

from portal.core.access import current_actor
from portal.core.security import limiter
from portal.core.transaction import rollback
from portal.domain.email_keys import mailbox_key

View = TypeVar("View", bound=Callable[..., Any])
LONGEST_TYPED = 1000


class Limit(NamedTuple):
    """So many POSTs (`30 per hour`) for each key; nobody counts while `exempt_when` holds."""

    rate: str
    key: Callable[[], str]
    exempt_when: Callable[[], bool] | None = None


def limit_posts(scope: str, *limits: Limit) -> Callable[[View], View]:
    """Limits on the POSTs of a route, the narrowest first and by growing windows.

    They count in this order: whoever is stopped by one does not use up the next, so that no single visitor closes the
    door to everybody. Stands above the access rule: it counts before a transaction is open.
    """

    def decorate(view: Any) -> Any:
        for rate, key, exempt_when in limits:
            options: Any = {"key_func": key, "exempt_when": exempt_when, "methods": ["POST"]}
            view = limiter.shared_limit(rate, scope=f"{scope}:{rate}", **options)(view)
        return view

    return decorate


def network_address() -> str:
    """Who asks, as the network knows them. Of IPv6 the first half: the other half is one customer's to choose."""
    given = request.remote_addr or "nowhere"
    try:
        address = ip_address(given)
    except ValueError:
        return given
    return f"{int(address) >> 64:x}::/64" if isinstance(address, IPv6Address) else given


def typed_address() -> str:
    """Key of a limit per account: the mailbox that was typed, however it is spelt and whether or not it exists."""
    typed = request.form.get("email", "")[:LONGEST_TYPED]
    return "account:" + (mailbox_key(typed) or typed.strip().casefold()[:254])


def everybody() -> str:
    """Key of an overall limit."""
    return "overall"


def is_known() -> bool:
    """Whether somebody is signed in. Lets go of the lock that looking took: limits count on their own connection."""
    known = current_actor() is not None
    rollback()
    return known


def visitor() -> str:
    """Key of a limit per person, for strangers per network address."""
    person = current_actor() if is_known() else None
    return f"person:{person.id}" if person else network_address()
