"""A small whole world: two companies that must not see one another, the office, and everybody who visits.

It is built once through the features' own services and kept; every test gets it back as it was. The clock stands at
`NOW`, so that a year's turn changes nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from portal.accounts.enums import Role, SignInMethod
from portal.accounts.models import Passkey, Person
from portal.core import clock
from portal.core.transaction import rollback, transaction
from portal.membership.services import load_tiers_from_facts
from tests.support import billing, company_story
from tests.support.bank import bank_things
from tests.support.career_things import career_things
from tests.support.company_things import renew_all, shared_things
from tests.support.databases import Database, PostgresqlDatabase
from tests.support.exports import exports_things
from tests.support.interest_things import interest_things
from tests.support.internship_things import academics, internship_things
from tests.support.list_things import list_things
from tests.support.marks import FLAMINGO, HERON, Side, Thing
from tests.support.match_things import match_things
from tests.support.people import actor_of, open_session, person, staff
from tests.support.placement_things import placement_things

NOW = datetime(2026, 10, 14, 3, 0, tzinfo=UTC)  # noon on a Wednesday in Tokyo
NOBODY = "anonymous"
CSRF = "a token that every visitor of the tests carries"
COMPANY_VISITORS = {
    "company_admin": Role.COMPANY_ADMIN,
    "representative": Role.REPRESENTATIVE,
    "billing": Role.BILLING,
    "participant": Role.PARTICIPANT,
    "mentor": Role.MENTOR,
}
STAFF_VISITORS = {
    "secretariat": Role.SECRETARIAT,
    "steering": Role.STEERING_COMMITTEE,
    "career": Role.CAREER_SUPPORT,
    "hub": Role.HUB_COORDINATOR,
    "administrator": Role.ADMINISTRATOR,
}
# Company A's administrator before the second factor; somebody of the office who has none yet.
HALF_VISITORS = {"half_signed_in": {"needs_second_factor": True}, "must_enrol": {"must_enrol": True}}
ACADEMIC_VISITORS = ("student", "supervisor")
VISITORS = (NOBODY, *COMPANY_VISITORS, "stranger", *ACADEMIC_VISITORS, *STAFF_VISITORS, *HALF_VISITORS)
MISSING = 4_000_000_001  # a number that no row has
NO_SECRET = "no-such-secret-was-ever-made-012"  # as long as the key of a checkout


@dataclass
class Visitor:
    """Somebody who looks at pages: the cookie, a token for forms, and the rows that are only theirs."""

    name: str
    person_id: int | None = None
    cookie: str = ""
    csrf: str = ""
    own: dict[str, Thing] = field(default_factory=dict)


@dataclass
class World:
    """Companies A and B, things that everybody shares, and the visitors; all but the office belong to A."""

    a: Side
    b: Side
    shared: dict[str, Thing]
    visitors: dict[str, Visitor]
    app: Flask

    def browser(self, visitor: str, language: str = "") -> FlaskClient:
        """A new browser of this visitor."""
        found = self.app.test_client()
        found.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.visitors[visitor].cookie)
        if language:
            found.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return found

    def token(self, visitor: str) -> dict[str, str]:
        """What a form of this visitor sends along."""
        return {"csrf_token": self.visitors[visitor].csrf}

    @property
    def personal(self) -> set[str]:
        """Names of arguments whose rows belong to one person."""
        return set(self.visitors[NOBODY].own)

    def thing(self, argument: str, endpoint: str, owner: str, visitor: str) -> Thing:
        """What stands in an address for `argument`. Raises KeyError for an argument that the world does not know."""
        if argument in self.shared:
            return self.shared.get(f"{endpoint}:{argument}", self.shared[argument])
        if argument in self.personal:
            own = self.visitors[visitor].own
            found = own if owner == "own" and own[argument] else self.visitors["b_admin"].own
            return MISSING if owner == "none" else found[argument]
        if argument not in self.a.things:
            raise KeyError(f"say in tests/support/company_things.py what {argument!r} of {endpoint} is")
        if owner == "none":
            return MISSING if isinstance(self.a.things[argument], int) else NO_SECRET
        side = self.b if owner == "other" else self.a
        blueprint = endpoint.partition(".")[0]
        return side.things.get(
            f"{endpoint}:{argument}", side.things.get(f"{blueprint}:{argument}", side.things[argument])
        )


def build(app: Flask) -> World:
    """Put the world into an empty database; the clock has to stand at NOW."""
    with app.app_context():
        billing.issuer()
        with transaction():
            load_tiers_from_facts()
        office = {name: staff(role, name=f"事務 {name}") for name, role in STAFF_VISITORS.items()}
        second = staff(Role.SECRETARIAT, name="事務 二人目")
        newcomer = staff(Role.SECRETARIAT, name="事務 新人")
        stranger = person(name="通行 太郎")
        company_story.open_windows(office["administrator"])
        sides = [
            company_story.tell(mark, office["secretariat"], second, roles=COMPANY_VISITORS)
            for mark in (HERON, FLAMINGO)
        ]
        clerk = actor_of(office["secretariat"])
        shared = shared_things() | renew_all(sides) | bank_things(clerk) | exports_things(clerk)
        shared |= internship_things(sides, office["career"])
        scholars = academics()
        interest_things(sides, scholars, shared)
        shared |= career_things(scholars, office["career"])
        shared |= match_things(sides, office["career"])
        shared |= list_things(sides, scholars, int(shared["round_id"]), office["career"])
        placement_things(sides, scholars, int(shared["round_id"]), office["career"])
        whose = {
            "stranger": stranger,
            **scholars,
            **office,
            "must_enrol": newcomer,
            "b_admin": sides[1].people["company_admin"],
        }
        whose |= {name: sides[0].people[name] for name in COMPANY_VISITORS}
        whose |= {"half_signed_in": sides[0].people["company_admin"]}
        visitors = {name: visitor_for(app, name, who) for name, who in whose.items()}
        visitors[NOBODY] = _nobody(app, visitors["stranger"])
        rollback()
    return World(sides[0], sides[1], shared, visitors, app)


def _cookie(app: Flask, values: dict[str, Any]) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(values))


def _csrf(app: Flask) -> str:
    made: str = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(CSRF)  # type: ignore[arg-type]
    return made


def visitor_for(app: Flask, name: str, who: Person) -> Visitor:
    """Somebody signed in."""
    token = open_session(who, **HALF_VISITORS.get(name, {}))
    cookie = _cookie(app, {"_user_id": token, "_fresh": True, "csrf_token": CSRF, "_permanent": True})
    return Visitor(name, who.id, cookie, _csrf(app), _rows_of(who))


def _nobody(app: Flask, like: Visitor) -> Visitor:
    return Visitor(NOBODY, None, _cookie(app, {"csrf_token": CSRF}), _csrf(app), dict.fromkeys(like.own, 0))


def _rows_of(who: Person) -> dict[str, Thing]:
    """What belongs to one person alone."""
    elsewhere = open_session(who, method=SignInMethod.LINK, browser=f"{who.name}の端末")
    with transaction() as session:
        key = Passkey(
            person_id=who.id,
            credential_id=elsewhere.encode(),
            public_key=b"-",
            name=f"{who.name}の鍵",
            created_at=clock.now(),
        )
        session.add(key)
        session.flush()
        numbers = company_story.sessions_of(who.id)
        return {"session_id": numbers[-1], "passkey_id": key.id}


class Keeper:
    """Keeps the database as it is now, and brings it back."""

    def __init__(self, app: Flask, database: Database, folder: Path) -> None:
        self.app, self.database = app, copy.copy(database)
        if isinstance(self.database, PostgresqlDatabase):
            self.database.template += "_world"
        else:
            self.database.copy = folder / "world.db"  # type: ignore[attr-defined]
        self.database.keep(app)

    def restore(self) -> None:
        """The kept state again."""
        self.database.restore(self.app)


@contextmanager
def at_noon(minutes: int = 0) -> Iterator[None]:
    """The world's moment."""
    with clock.frozen(NOW + timedelta(minutes=minutes)):
        yield
