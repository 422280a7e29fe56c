"""Who asks which route when it is asked something hostile, and what makes an answer a bad one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from portal.membership.pages import PAGES
from tests.house.matrix import READING, Question, questions
from tests.support.reader import Page, PageForm
from tests.support.world import COMPANY_VISITORS, STAFF_VISITORS, World

ASKING = ["anonymous", "company_admin", "administrator", "secretariat"]


def concerning(world: World, visitor: str) -> list[Question]:
    """Routes that are this visitor's to open: public ones, for a company's people theirs too, for the office its own."""
    mine = [q for q in questions(world) if q.owner in ("own", "-")]
    if visitor in {*COMPANY_VISITORS, "stranger"}:
        return [q for q in mine if _whose(world, q) in ("anonymous", "company_admin")]
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
    """An answer that is no answer, or that lets a foreign line into its head or foreign markup into its page."""
    found = [f"{where}: {response.status_code}"] if response.status_code >= 500 else []
    found += [f"{where}: injects a header"] if "X-Injected" in response.headers else []
    marked = response.mimetype == "text/html" and b"<script>alert(1)" in response.data
    return found + ([f"{where}: shows markup as it was typed"] if marked else [])


def outside(where: str, answer: TestResponse) -> list[str]:
    """A redirect or a link to a site that the address brought along."""
    led = "elsewhere.example" in (answer.location or "")
    linked = re.search(r"(?:href|action)=\"[^\"?]*elsewhere\.example", answer.data.decode(errors="replace"))
    return [f"{where}: leads to {answer.location or linked.group()}"] if led or linked else []  # type: ignore[union-attr]


def forms_of(world: World, visitor: str) -> Iterator[tuple[str, PageForm]]:
    """Every form that posts, on every page of this visitor, each address once."""
    seen = set()
    for question in concerning(world, visitor):
        if question.method != READING:
            continue
        for address in addresses(question, world, visitor):
            yield from _forms_on(address, world, visitor, seen)


def _forms_on(address: str, world: World, visitor: str, seen: set[Any]) -> Iterator[tuple[str, PageForm]]:
    answer = world.browser(visitor).get(address)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return
    for form in Page(address, 200, answer.get_data(as_text=True), answer).forms:
        key = (form.action.split("?")[0], tuple(sorted({c["name"] for c in form.controls})))
        elsewhere = visitor in STAFF_VISITORS and not form.action.startswith("/staff")
        if form.method == "POST" and key not in seen and not elsewhere:
            seen.add(key)
            yield address, form


def send(world: World, visitor: str, form: PageForm, values: MultiDict[str, Any]) -> TestResponse:
    body = MultiDict(
        (k, v.encode("utf-8", "surrogatepass") if isinstance(v, str) else v)
        for k, v in values.items(multi=True)
    )
    kind = "multipart/form-data" if form.element["enctype"] else "application/x-www-form-urlencoded"
    return world.browser(visitor).post(form.action, data=body, content_type=kind)
