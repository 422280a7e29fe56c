"""Who may come: every route says it with one of these decorators, or the application does not start.

This is the first lock (which kind of person). The second is in the queries: they load only what the person who asks
may see, and answer "not found" for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, wraps
from typing import Any, TypeVar

from flask import Flask, abort, g, has_request_context, redirect, request, url_for
from flask_login import AnonymousUserMixin, current_user
from werkzeug.wrappers import Response

from portal.core.context import current_settings
from portal.settings import Mode

View = TypeVar("View", bound=Callable[..., Any])
OPEN_ENDPOINTS = frozenset({"static"})


@dataclass(frozen=True, slots=True)
class Mandate:
    """A role that a person holds today for an organisation; `belongs`: it shares in the organisation's own matters."""

    organisation_id: int
    organisation_name: str
    role: str
    belongs: bool = True


@dataclass(frozen=True)
class Actor:
    """The person who asks, as the session knows them: one row read per request."""

    id: int
    name: str
    email: str
    language: str
    session_id: int
    token: str
    mandates: tuple[Mandate, ...] = ()
    staff_roles: frozenset[str] = frozenset()
    needs_second_factor: bool = False
    must_enrol: bool = False
    signed_in_at: datetime | None = None
    is_active: bool = field(default=True)
    is_authenticated: bool = field(default=True)
    is_anonymous: bool = field(default=False)

    def get_id(self) -> str:
        """What the cookie carries: the session's secret, never the person's number."""
        return self.token

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(m.role for m in self.mandates)

    @property
    def is_staff(self) -> bool:
        return bool(self.staff_roles)

    @cached_property
    def organisation_ids(self) -> tuple[int, ...]:
        """Organisations in whose matters the person shares, in the order of their mandates, each once."""
        return tuple(dict.fromkeys(m.organisation_id for m in self.mandates if m.belongs))

    def organisations_with(self, *roles: str) -> tuple[int, ...]:
        """Organisations in which the person holds any of `roles`."""
        return tuple(dict.fromkeys(m.organisation_id for m in self.mandates if m.role in roles))

    def has(self, *roles: str) -> bool:
        """Whether the person holds any of `roles` anywhere."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a route asks of its visitor; shown in the matrix of the tests."""

    kind: str
    roles: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(self.roles)})" if self.roles else self.kind


def current_actor() -> Actor | None:
    """The person who asks, or None."""
    user = g.get("_login_user")  # where Flask-Login keeps what it loaded
    if user is None and has_request_context():
        user = current_user._get_current_object()
    return user if isinstance(user, Actor) else None


def ask_nobody() -> None:
    """Answer the rest of this request without looking up who asks: the database may be away."""
    g._login_user = AnonymousUserMixin()


def actor() -> Actor:
    """The person who asks, where the route has already made sure of one."""
    found = current_actor()
    if found is None:
        abort(401)
    return found


def _guard(rule: Rule, check: Callable[[], Response | None]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            answer = check()
            return view(*args, **kwargs) if answer is None else answer

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def _this_page() -> str | None:
    """Where to come back to afterwards."""
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _to_sign_in() -> Response:
    return redirect(url_for("accounts.sign_in", next=_this_page()))


def _whole_session() -> Response | None:
    """None when somebody is signed in completely; else where they must go."""
    person = current_actor()
    if person is None:
        return _to_sign_in()
    if person.needs_second_factor:
        return redirect(url_for("accounts.confirm_second_factor", next=_this_page()))
    if person.must_enrol:
        return redirect(url_for("accounts.show_security"))
    return None


def _nobody_or_whole_session() -> Response | None:
    """On public pages that know who is signed in: half a sign-in is finished first."""
    return None if current_actor() is None else _whole_session()


def _with_roles(roles: Iterable[str]) -> Callable[[], Response | None]:
    wanted = tuple(roles)

    def check() -> Response | None:
        answer = _whole_session()
        if answer is None and not actor().has(*wanted):
            abort(403)
        return answer

    return check


def _staff() -> Response | None:
    answer = _whole_session()
    if answer is None and not actor().is_staff:
        abort(403)
    return answer


def _started() -> Response | None:
    return None if current_actor() is not None else _to_sign_in()


def _demo() -> Response | None:
    if current_settings().mode is not Mode.DEMO:
        abort(404)
    return None


public = _guard(Rule("public"), lambda: None)
public_or_signed_in = _guard(Rule("public"), _nobody_or_whole_session)
signed_in = _guard(Rule("signed_in"), _whole_session)
half_signed_in = _guard(Rule("half_signed_in"), _started)
staff = _guard(Rule("staff"), _staff)
demo = _guard(Rule("demo"), _demo)


def roles(*wanted: StrEnum) -> Callable[[View], View]:
    """Somebody who holds one of these roles."""
    names = tuple(str(role) for role in wanted)
    return _guard(Rule("roles", names), _with_roles(names))


def check_every_route_has_a_rule(app: Flask) -> None:
    """Raises RuntimeError naming the routes that say nothing about who may come."""
    silent = sorted(
        name
        for name, view in app.view_functions.items()
        if name not in OPEN_ENDPOINTS and getattr(view, "access_rule", None) is None
    )
    if silent:
        raise RuntimeError(f"routes without an access rule: {', '.join(silent)}")
