"""Whatever is typed into a form, nothing breaks: no row half-written, and what was typed still on the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.house.asking import ASKING, broken, forms_of, outside, send
from tests.support.hostile import EXTRA_FIELDS, FIELDS, MARK
from tests.support.reader import Page, PageForm
from tests.support.tables import DRAWN, changed, contents, holds
from tests.support.world import Keeper, World

pytestmark = pytest.mark.sqlite


def writable(form: PageForm) -> list[str]:
    """Names of the fields that a person types into."""
    typed = [
        c for c in form.controls if c.tag == "textarea" or (c.tag == "input" and c["type"] not in NOT_TYPED)
    ]
    return list(dict.fromkeys(c["name"] for c in typed))


NOT_TYPED = {"hidden", "checkbox", "radio", "file", "submit", "button"}


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
    yield "everything left out", MultiDict({"csrf_token": form.values().get("csrf_token", "")})


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
            if answer.status_code == 422 and lost(form, values, answer):
                found.append(f"{at}: typed words are gone from {lost(form, values, answer)}")
            if answer.status_code < 400 or answer.status_code == 429:
                keeper.restore()
        found += [
            f"{where} → {form.action}: refused, and yet wrote {tables}"
            for tables in [changed(before)]
            if tables
        ]
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
    wanted = [name for name in writable(form) if name not in secret and MARK in values.get(name, "")]
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
