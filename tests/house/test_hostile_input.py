"""Whatever stands in an address, nothing breaks: an answer that says so, and no row changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.test import TestResponse

from tests.house.asking import ASKING, broken, concerning, outside
from tests.house.matrix import READING, WRITING, Question
from tests.support.hostile import ANSWERS, SEGMENTS
from tests.support.tables import changed, contents
from tests.support.world import World

NAME_IN_RULE = re.compile(r"<(?:[a-z]+(?:\([^)]*\))?:)?([a-z_]+)>")


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
