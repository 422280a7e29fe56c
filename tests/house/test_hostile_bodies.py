"""Bodies that no form of ours would send: other types, broken envelopes, and the other company's numbers in our own forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tests.house.asking import ASKING, broken, concerning, forms_of, send
from tests.house.matrix import WRITING
from tests.support.leaks import words_of
from tests.support.reader import PageForm
from tests.support.tables import changed, contents, rows_of
from tests.support.world import Keeper, World

pytestmark = pytest.mark.sqlite

DEEP: Any = 1
for _ in range(500):
    DEEP = [DEEP]
JUNK: dict[str, Any] = {
    "an empty object": {},
    "a list": [1, 2],
    "a word": "word",
    "a number": 10**30,
    "nothing": None,
    "a nest": DEEP,
    "a passkey of wrong types": {"id": 5, "rawId": [], "type": {}, "response": "x", "name": {"a": 1}},
    "a passkey of wrong letters": {
        "id": "\0", "rawId": "%%%", "type": "public-key",
        "response": {"clientDataJSON": "%%", "attestationObject": "AA", "authenticatorData": "AA", "signature": ""},
    },
}  # fmt: skip
BOUNDARY = "multipart/form-data; boundary=x"
RAW = {
    "half a multipart": (BOUNDARY, b'--x\r\nContent-Disposition: form-data; name="a'),
    "a multipart without end": (BOUNDARY, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'),
    "bytes of no text": ("application/x-www-form-urlencoded", b"name=\xff\xfe&%ff=%80"),
    "half a percent": ("application/x-www-form-urlencoded", b"name=%&=%zz&&&=="),
    "broken JSON": ("application/json", b'{"a": '),
    "no text at all": ("application/json", b"\xff\xfe"),
    "another type": ("text/plain; charset=utf-32", b"name=x"),
    "a type of nothing": ("/;;=", b"name=x"),
    "ten thousand fields": (
        "application/x-www-form-urlencoded",
        b"&".join(b"f%d=1" % n for n in range(10_000)),
    ),
}


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    for what, value in JUNK.items():
        yield what, {"json": value}
    for what, (kind, content) in RAW.items():
        yield what, {"data": content, "content_type": kind}


@pytest.mark.parametrize("visitor", ASKING)
def test_no_body_breaks_a_route(world: World, keeper: Keeper, visitor: str) -> None:
    """Each refused, or taken for no body at all; a refusal writes nothing."""
    found, before = [], contents()
    headers = {"X-CSRFToken": world.visitors[visitor].csrf}
    for question in concerning(world, visitor):
        if question.method != WRITING:
            continue
        for what, body in bodies():
            answer = world.browser(visitor).post(question.url(world, visitor), headers=headers, **body)
            found += broken(f"{question}: {what}", answer)
            if answer.status_code < 400 or answer.status_code == 429:
                keeper.restore()
        found += [f"{question}: refused, and yet wrote {tables}" for tables in [changed(before)] if tables]
        keeper.restore()
    assert found == []


def with_foreign_numbers(world: World, form: PageForm) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """The form with one of its own numbers changed into one of the other company's; then with fields it does not have."""
    foreign = {name.rpartition(":")[2]: str(thing) for name, thing in world.b.things.items()}
    for name, value in form.values().items():
        if (value.isdecimal() or value == "") and name not in ("csrf_token", "once"):
            for number in sorted({v for v in foreign.values() if v.isdecimal()}):
                values = form.values()
                values.setlist(name, [number])
                yield f"{name}={number}", values
    known = {control["name"] for control in form.controls}
    unasked = {k: v for k, v in foreign.items() if k not in known}
    unasked |= {k.removesuffix("_id"): v for k, v in foreign.items() if k.removesuffix("_id") not in known}
    yield "all at once", MultiDict([*form.values().items(multi=True), *unasked.items()])


@pytest.mark.parametrize("visitor", ["company_admin", "participant", "stranger"])
def test_the_other_companys_numbers_in_our_forms_get_at_nothing(
    world: World, keeper: Keeper, visitor: str
) -> None:
    """Whatever number a hidden field is made to carry, rows of company B stay as they are and none of them is shown."""
    body, people = world.b.organisation_id, world.b.person_ids
    theirs, found, sent = rows_of(body, people), [], 0
    for where, form in list(forms_of(world, visitor)):
        for what, values in with_foreign_numbers(world, form):
            answer = send(world, visitor, form, values)
            sent += 1
            found += broken(f"{where} → {form.action}: {what}", answer)
            shown = sorted(word for word in world.b.canaries if word in words_of(answer))
            found += [f"{where} → {form.action}: {what} shows {shown}"] if shown else []
            if answer.status_code < 400:
                moved = {k for k, v in rows_of(body, people).items() if theirs[k] != v}
                found += [f"{where} → {form.action}: {what} changed {sorted(moved)}"] if moved else []
                keeper.restore()
    assert found == []
    assert sent > 10


@pytest.mark.parametrize("visitor", ["company_admin", "billing", "stranger"])
def test_the_other_companys_numbers_behind_the_question_mark_show_nothing(world: World, visitor: str) -> None:
    names = [
        "organisation",
        "organisation_id",
        "company",
        "person",
        "application",
        "invoice",
        "id",
        "q",
        "after",
        "to",
        "who",
        "like",
    ]
    values = {str(thing) for thing in world.b.things.values()} | {world.b.mark.word, world.b.mark.latin}
    found = []
    for question in concerning(world, "company_admin"):
        if question.method == WRITING:
            continue
        for value in sorted(values):
            address = question.url(world, visitor).partition("?")[0]
            answer = world.browser(visitor).get(address, query_string=dict.fromkeys(names, value))
            words = words_of(answer).replace(value, "")
            shown = sorted(word for word in world.b.canaries if word in words)
            found += [f"{question} ?={value} shows {shown}"] if shown else []
    assert found == []
