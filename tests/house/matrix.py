"""Role × URL × owner: who gets what from every route, and the table that it is held to.

`python -m tests.house.matrix --write` asks anew and writes `matrix.txt`; read its diff like code. A line is a route, a method
and whose thing is asked for (`own`, `other` company's, `mixed`: the first of ours and the rest of the other's, `none` that
exists; `-` where the address names nobody's). A column is a visitor, a cell the answer: a status, or where a redirect leads
(`in` sign-in, `2nd` second factor, `enrol` setting one up).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.db import db
from portal.core.transaction import transaction
from portal.wiring import create_app
from tests.support.browser import Browser
from tests.support.databases import SqliteFile
from tests.support.settings import settings_for
from tests.support.world import NOBODY, VISITORS, Keeper, World, at_noon, build

FROZEN = Path(__file__).with_name("matrix.txt")
READING, WRITING = "GET", "POST"
REFUSALS = 20  # fewer than the narrowest limit allows
NOT_ASKED = {"static"}  # files, the same for everybody; the headers test asks for them
# Things that an address names outside its path.
QUERIES = {
    "accounts.accept_invitation": {"token": "invitation_token"},
    "accounts.confirm_email": {"token": "change_email_token"},
    "accounts.confirm_start": {"token": "start_token"},
    "accounts.open_link": {"token": "sign_in_token"},
    "accounts.recover_password": {"token": "recover_token"},
    "home.show_home": {"organisation": "organisation_id"},
    "internships.open_approval": {"token": "approval_token"},
    "internships.open_approvals": {"token": "approval_token"},
    "matching.open_prearrangements": {"token": "approval_token"},
    "membership.open_renewal": {"token": "renewal_token"},
    "membership.show_shared": {"token": "token"},
}
# Where visitors are sent who have to do something first, and how that is written.
ERRANDS = {
    NOBODY: ("/sign-in", "in"),
    "half_signed_in": ("/sign-in/second-factor", "2nd"),
    "must_enrol": ("/account/security", "enrol"),
}


@dataclass(frozen=True)
class Question:
    """One line of the table."""

    endpoint: str
    method: str
    owner: str
    rule: Rule = field(compare=False)

    def __str__(self) -> str:
        return f"{self.endpoint} {self.method} {self.owner}"

    @property
    def names(self) -> tuple[str, ...]:
        """Whose things the address names, in its order, then those of the query."""
        return (*_arguments(self.rule), *QUERIES.get(self.endpoint, {}).values())

    def url(self, world: World, visitor: str) -> str:
        """The address for a visitor."""
        things = {}
        seen = 0
        for name in self.names:
            owner = self.owner
            if owner == "mixed":
                owner, seen = ("own" if seen == 0 else "other"), seen + (name not in world.shared)
            things[name] = world.thing(name, self.endpoint, owner, visitor)
        query = QUERIES.get(self.endpoint, {})
        values = {k: v for k, v in things.items() if k in self.rule.arguments}
        values |= {key: things[name] for key, name in query.items()}
        with world.app.test_request_context():
            return world.app.url_for(self.endpoint, **values)


def _arguments(rule: Rule) -> list[str]:
    return sorted(
        rule.arguments,
        key=lambda name: rule.rule.find(f":{name}>") if f":{name}>" in rule.rule else rule.rule.find(name),
    )


def questions(world: World) -> list[Question]:
    """Every line of the table, sorted."""
    found = []
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in NOT_ASKED:
            continue
        names = [*rule.arguments, *QUERIES.get(rule.endpoint, {}).values()]
        owned = [name for name in names if name not in world.shared]
        owners = ["-"] if not owned else ["own", "other", "none"] + (["mixed"] if len(owned) > 1 else [])
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [Question(rule.endpoint, m, o, rule) for m in methods for o in owners]
    return sorted(found, key=str)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    question: Question
    visitor: str
    url: str
    response: TestResponse

    @property
    def cell(self) -> str:
        path, word = ERRANDS.get(self.visitor, ("", ""))
        errand = path and urlsplit(self.response.location or "").path == path
        return word if errand else str(self.response.status_code)

    @property
    def succeeded(self) -> bool:
        """A page, or a redirect that is no errand to sign in first."""
        return self.response.status_code < 400 and self.cell.isdecimal()


def ask(world: World, question: Question, visitor: str) -> Answer:
    """One request of one visitor, on the world as it is."""
    browser, url = world.browser(visitor), question.url(world, visitor)
    if question.method == READING:
        return Answer(question, visitor, url, browser.get(url))
    sent = browser.open(url, method=question.method, data=world.token(visitor))
    return Answer(question, visitor, url, sent)


def ask_reading(world: World, visitor: str) -> Iterator[Answer]:
    """Every page, of one visitor."""
    for question in questions(world):
        if question.method == READING:
            yield ask(world, question, visitor)


def ask_doing(world: World, keeper: Keeper, visitor: str) -> Iterator[Answer]:
    """Every deed, of one visitor. One that is refused leaves the world as it was, but for what counts refusals."""
    refused = 0
    for question in questions(world):
        if question.method == READING:
            continue
        answer = ask(world, question, visitor)
        yield answer
        refused += 1
        if answer.response.status_code < 400 or refused == REFUSALS:
            keeper.restore()
            refused = 0


def table(cells: dict[str, dict[str, str]]) -> str:
    """The file's text for the cells by line and visitor."""
    width = max(len(line) for line in cells)
    head = " " * width + "  " + " ".join(VISITORS)
    rows = [
        line.ljust(width) + "  " + " ".join(by[v].ljust(len(v)) for v in VISITORS)
        for line, by in sorted(cells.items())
    ]
    return "\n".join(row.rstrip() for row in [head, *rows]) + "\n"


def frozen() -> dict[str, dict[str, str]]:
    """The cells of the file by line and visitor."""
    head, *rows = FROZEN.read_text(encoding="utf-8").splitlines()
    assert tuple(head.split()) == VISITORS, "other visitors than in the file"
    found = {}
    for row in rows:
        parts = row.split()
        found[" ".join(parts[:3])] = dict(zip(VISITORS, parts[3:], strict=True))
    return found


def differences(visitor: str, answered: dict[str, str]) -> list[str]:
    """Where a visitor's answers differ from the file, one readable line each."""
    kept = {line: by[visitor] for line, by in frozen().items()}
    new = [
        f"{line}: not in matrix.txt, {visitor} gets {answered[line]}" for line in answered if line not in kept
    ]
    gone = [f"{line}: in matrix.txt, and nowhere else" for line in kept if line not in answered]
    moved = [
        f"{line}: {visitor} got {kept[line]}, now gets {answered[line]}"
        for line in kept
        if line in answered and kept[line] != answered[line]
    ]
    return sorted(new + gone + moved)


def fresh_app(folder: Path) -> tuple[Flask, SqliteFile]:
    """The application on an empty SQLite file with all tables."""
    base = SqliteFile(folder)
    app = create_app(settings_for(base.url))
    app.test_client_class = Browser
    with app.app_context(), transaction():
        db.create_all()
    return app, base


def main() -> None:
    """Ask everything, and write or print the table."""
    with tempfile.TemporaryDirectory() as name, at_noon():
        app, base = fresh_app(Path(name))
        world = build(app)
        keeper = Keeper(app, base, Path(name))
        cells: dict[str, dict[str, str]] = {}
        for visitor in VISITORS:
            keeper.restore()
            for answer in chain(ask_reading(world, visitor), ask_doing(world, keeper, visitor)):
                cells.setdefault(str(answer.question), {})[visitor] = answer.cell
        if "--write" in sys.argv:
            FROZEN.write_text(table(cells), encoding="utf-8")
        else:
            print(table(cells), end="")
        print(f"{len(cells) * len(VISITORS)} cells", file=sys.stderr)


if __name__ == "__main__":
    main()
