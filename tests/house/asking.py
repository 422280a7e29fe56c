"""Who asks which route when it is asked something hostile, and what makes an answer a bad one."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from portal.membership.pages import PAGES
from tests.house.matrix import Question, questions
from tests.support.world import World

ASKING = ["anonymous", "company_admin", "administrator", "secretariat"]


def concerning(world: World, visitor: str) -> list[Question]:
    """Routes that are this visitor's to open, each route for one of ASKING: public ones, a company's, the office's."""
    mine = [q for q in questions(world) if q.owner in ("own", "-")]
    return [q for q in mine if _whose(world, q) == visitor]


def _whose(world: World, question: Question) -> str:
    rule = world.app.view_functions[question.endpoint].access_rule  # type: ignore[attr-defined]
    if rule.kind == "public":
        return "anonymous"
    if not question.rule.rule.startswith("/staff"):
        return "company_admin"
    return "secretariat" if not rule.roles or "secretariat" in rule.roles else "administrator"


def addresses(question: Question, world: World, visitor: str) -> list[str]:
    """The route's address; of one with pages in it, each."""
    address = question.url(world, visitor)
    pages = [page.name for page in PAGES] if "page" in question.rule.arguments else []
    return [address.replace(f"/{world.shared['page']}", f"/{page}") for page in pages] or [address]


def broken(where: str, response: TestResponse) -> list[str]:
    """An answer that is no answer, or that lets a foreign line into its head."""
    found = [f"{where}: {response.status_code}"] if response.status_code >= 500 else []
    return found + ([f"{where}: injects a header"] if "X-Injected" in response.headers else [])


def outside(where: str, answer: TestResponse) -> list[str]:
    """A redirect or a link to a site that the address brought along."""
    led = "elsewhere.example" in (answer.location or "")
    linked = re.search(r"(?:href|action)=\"[^\"?]*elsewhere\.example", answer.get_data(as_text=True))
    return [f"{where}: leads to {answer.location or linked.group()}"] if led or linked else []  # type: ignore[union-attr]
