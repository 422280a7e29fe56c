"""Whatever is sent, nothing breaks: an answer that says so, no row changed, and what was typed still on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.test import TestResponse

from portal.membership.pages import PAGES
from tests.house.matrix import READING, WRITING, Question, questions
from tests.house.test_matrix import PUBLIC
from tests.support.hostile import ANSWERS, EXTRA_FIELDS, FIELDS, MARK, SEGMENTS
from tests.support.reader import Page, PageForm
from tests.support.tables import DRAWN, changed, contents, holds
from tests.support.world import STAFF_VISITORS, Keeper, World

ASKING = ["anonymous", "company_admin", "administrator", "secretariat"]
NAME_IN_RULE = re.compile(r"<(?:[a-z]+(?:\([^)]*\))?:)?([a-z_]+)>")


def concerning(world: World, visitor: str) -> list[Question]:
    """Routes that are this visitor's to open: the office its own, a stranger the public ones, a company the rest."""
    mine = [q for q in questions(world) if q.owner in ("own", "-")]
    if visitor == "anonymous":
        return [q for q in mine if q.endpoint in PUBLIC]
    office = visitor in STAFF_VISITORS
    return [q for q in mine if q.rule.rule.startswith("/staff") == office]


def broken(where: str, response: TestResponse) -> list[str]:
    """An answer that is no answer, or that lets a foreign line into its head."""
    found = [f"{where}: {response.status_code}"] if response.status_code >= 500 else []
    return found + ([f"{where}: injects a header"] if "X-Injected" in response.headers else [])


# --- addresses -------------------------------------------------------------------------------------------------------


def spoilt_addresses(question: Question, world: World, visitor: str) -> Iterator[tuple[str, str]]:
    """The route's address with each of its arguments, one after the other, as it should not be."""
    names = NAME_IN_RULE.findall(question.rule.rule)
    for spoilt in names:
        for what, segment in SEGMENTS.items():
            things = {n: str(world.thing(n, question.endpoint, "own", visitor)) for n in names} | {
                spoilt: segment
            }
            yield (
                f"{question} {spoilt} {what}",
                NAME_IN_RULE.sub(lambda m, by=things: by[m[1]], question.rule.rule),
            )  # type: ignore[misc]


@pytest.mark.parametrize("visitor", ASKING)
def test_no_address_breaks_a_route(world: World, visitor: str) -> None:
    before, found = contents(), []
    for question in concerning(world, visitor):
        for where, address in spoilt_addresses(question, world, visitor):
            answer = world.browser(visitor).open(address, method=question.method, data=world.token(visitor))
            found += broken(where, answer)
            if answer.status_code < 400 and not is_sent_away(answer, question) and question.method == WRITING:
                found.append(f"{where}: {answer.status_code}, as if it had been done")
    assert (found, changed(before)) == ([], [])


def is_sent_away(answer: TestResponse, question: Question) -> bool:
    """To sign in first."""
    return answer.status_code == 302 and (answer.location or "").startswith("/sign-in")


# --- behind the question mark ----------------------------------------------------------------------------------------


class NotedArguments(ImmutableMultiDict[str, str]):
    """Remembers for which names it was asked."""

    asked: set[str] = set()  # noqa: RUF012 - shared on purpose: one request makes several of these

    def get(self, key: str, *args: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *args, **more)

    def getlist(self, key: str, *args: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *args, **more)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)


@pytest.fixture
def noting(world: World) -> Iterator[set[str]]:
    """Names that requests ask their addresses for, while the test runs."""

    class NotingRequest(Request):
        parameter_storage_class = NotedArguments

    kept, world.app.request_class = world.app.request_class, NotingRequest
    yield NotedArguments.asked
    world.app.request_class = kept


def parameters(world: World, visitor: str, noted: set[str]) -> dict[Question, set[str]]:
    """Which names each page reads from its address for this visitor."""
    found = {}
    for question in concerning(world, visitor):
        if question.method == READING:
            noted.clear()
            world.browser(visitor).get(question.url(world, visitor))
            found[question] = noted - {"csrf_token"}
    return found


@pytest.mark.parametrize("visitor", ASKING)
def test_no_question_mark_breaks_a_page(world: World, noting: set[str], visitor: str) -> None:
    before, found, read = contents(), [], parameters(world, visitor, noting)
    for question, names in read.items():
        address = question.url(world, visitor)
        for name in sorted(names):
            for what, value in ANSWERS.items():
                spoilt = f"{address}{'&' if '?' in address else '?'}"
                answer = world.browser(visitor).get(
                    spoilt.split("?")[0], query_string=query(address, name, value)
                )
                found += broken(f"{question} ?{name}={what}", answer)
                found += outside(f"{question} ?{name}={what}", answer)
    assert (found, changed(before)) == ([], [])
    assert any("after" in names for names in read.values()) or visitor == "anonymous"


def query(address: str, name: str, value: str) -> MultiDict[str, Any]:
    """What stands behind the question mark, with one name set; surrogates travel as the bytes that they are not."""
    kept = MultiDict(part.split("=", 1) for part in address.partition("?")[2].split("&") if "=" in part)
    kept[name] = value.encode("utf-8", "surrogatepass") if "\ud800" in value else value  # type: ignore[assignment]
    return kept


def outside(where: str, answer: TestResponse) -> list[str]:
    """A redirect or a link to a site that the address brought along."""
    led = "elsewhere.example" in (answer.location or "")
    linked = re.search(r"(?:href|action)=\"[^\"?]*elsewhere\.example", answer.get_data(as_text=True))
    return [f"{where}: leads to {answer.location or linked.group()}"] if led or linked else []  # type: ignore[union-attr]


# --- forms -----------------------------------------------------------------------------------------------------------


def forms_of(world: World, visitor: str) -> Iterator[tuple[str, PageForm]]:
    """Every form that posts, on every page of this visitor, each address once."""
    seen = set()
    for question in concerning(world, visitor):
        if question.method != READING:
            continue
        for address in addresses(question, world, visitor):
            yield from _forms_on(address, world, visitor, seen)


def addresses(question: Question, world: World, visitor: str) -> list[str]:
    """The route's address; of one with pages in it, each."""
    address = question.url(world, visitor)
    pages = [page.name for page in PAGES] if "page" in question.rule.arguments else []
    return [address.replace(f"/{world.shared['page']}", f"/{page}") for page in pages] or [address]


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


def writable(form: PageForm) -> list[str]:
    """Names of the fields that a person types into."""
    typed = [
        c for c in form.controls if c.tag == "textarea" or (c.tag == "input" and c["type"] not in NOT_TYPED)
    ]
    return list(dict.fromkeys(c["name"] for c in typed))


NOT_TYPED = {"hidden", "checkbox", "radio", "file", "submit", "button"}


def send(world: World, visitor: str, form: PageForm, values: MultiDict[str, Any]) -> TestResponse:
    body = MultiDict(
        (k, v.encode("utf-8", "surrogatepass") if isinstance(v, str) else v)
        for k, v in values.items(multi=True)
    )
    kind = "multipart/form-data" if form.element["enctype"] else "application/x-www-form-urlencoded"
    return world.browser(visitor).post(form.action, data=body, content_type=kind)


def spoilt(form: PageForm) -> Iterator[tuple[str, MultiDict[str, Any]]]:
    """All fields at once with each kind of harm, then each field alone with the two that hurt most."""
    names = writable(form)
    for what, value in FIELDS.items():
        values = form.values()
        for name in names:
            values[name] = value
        if names:
            yield what, values
    for name in names if len(names) > 1 else []:
        for what in ("a NUL", "100 kB"):
            values = form.values()
            values[name] = FIELDS[what]
            yield f"{what} in {name}", values


@pytest.mark.parametrize("visitor", ASKING)
def test_no_field_breaks_a_form(world: World, keeper: Keeper, visitor: str) -> None:
    """Refused or taken as the words that they are: nothing half-written, nothing lost of what was typed."""
    before, found, sent = contents(), [], 0
    for where, form in list(forms_of(world, visitor)):
        for what, values in spoilt(form):
            answer = send(world, visitor, form, values)
            sent += 1
            at = f"{where} → {form.action}: {what}"
            found += broken(at, answer) + outside(at, answer)
            if answer.status_code >= 400:
                found += [f"{at}: refused, and yet wrote {tables}" for tables in [changed(before)] if tables]
            if answer.status_code == 422 and lost(form, values, answer):
                found.append(f"{at}: typed words are gone from {lost(form, values, answer)}")
            keeper.restore()
    assert found == []
    assert sent > 10


def lost(form: PageForm, values: MultiDict[str, Any], answer: TestResponse) -> list[str]:
    """Fields whose words an answered page no longer has; passwords are never written back."""
    secret = {c["name"] for c in form.controls if c["type"] == "password"}
    page = Page(form.action, 422, answer.get_data(as_text=True), answer)
    standing = {
        name: value for each in page.forms for name, value in each.values().items(multi=True) if MARK in value
    }
    wanted = [name for name in writable(form) if name not in secret and MARK in values[name]]
    return [name for name in wanted if name not in standing]


@pytest.mark.parametrize("visitor", ASKING)
def test_fields_that_a_form_does_not_have_do_nothing(world: World, keeper: Keeper, visitor: str) -> None:
    """What a form does not ask for never reaches a row: no role, no state, no price."""
    found = []
    for where, form in list(forms_of(world, visitor)):
        at = f"{where} → {form.action}"
        plain = send(world, visitor, form, form.values())
        usual = contents(but=DRAWN)
        keeper.restore()
        known = {c["name"] for c in form.controls}
        extra = [pair for pair in EXTRA_FIELDS.items() if pair[0] not in known]
        answer = send(world, visitor, form, MultiDict([*form.values().items(multi=True), *extra]))
        found += broken(at, answer)
        if answer.status_code != plain.status_code:
            found.append(f"{at}: {plain.status_code}, with more fields {answer.status_code}")
        if tables := holds("乗取り"):
            found.append(f"{at}: a field of nobody's stands in {tables}")
        found += [
            f"{at}: other rows in {name}" for name, kept in contents(but=DRAWN).items() if usual[name] != kept
        ]
        keeper.restore()
    assert found == []
