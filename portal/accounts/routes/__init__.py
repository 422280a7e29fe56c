"""Pages of accounts, one module a page family."""

from portal.accounts.routes import (
    demo,
    invitations,
    languages,
    links,
    passkeys,
    people,
    profile,
    requests,
    second_factor,
    security,
    sign_in,
)
from portal.accounts.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "demo",
    "invitations",
    "languages",
    "links",
    "passkeys",
    "people",
    "profile",
    "requests",
    "second_factor",
    "security",
    "sign_in",
]
