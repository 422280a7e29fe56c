"""Long lists are cut by key: every row once, whatever the order."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, select
from werkzeug.exceptions import NotFound

from portal.accounts.models import Organisation
from portal.core.errors import Refused
from portal.core.pages import Listing, Slice, json_body, keyset, whole
from tests.support.people import company

pytestmark = pytest.mark.database
KEYS = {
    "up": ((Organisation.name_kana, False), (Organisation.id, False)),
    "down": ((Organisation.name_kana, True), (Organisation.id, True)),
    "mixed": ((Organisation.name_kana, True), (Organisation.id, False)),
}


@pytest.mark.parametrize("order", KEYS)
def test_every_row_appears_once_and_in_order(app: Flask, order: str) -> None:
    for n in range(7):
        company(name_kana=f"カ{n % 3}")
    seen, cursor = [], None
    while True:
        part = keyset(select(Organisation), *KEYS[order], cursor=cursor, size=2, scalars=True)
        seen += [(o.name_kana, o.id) for o in part.items]
        cursor = part.next_cursor
        if cursor is None:
            break
    wanted = sorted(seen, key=lambda row: row[1], reverse=order == "down")
    assert seen == sorted(wanted, key=lambda row: row[0], reverse=order != "up")
    assert len(set(seen)) == 7


@pytest.mark.parametrize("order", KEYS)
def test_a_listing_cuts_as_keyset_does(app: Flask, order: str) -> None:
    for n in range(7):
        company(name_kana=f"カ{n % 3}", name_ja="探す" if n % 2 else "外す")
    found = Organisation.name_ja == bindparam("typed")
    kept = Listing(select(Organisation).where(found), *KEYS[order])
    whole = keyset(
        select(Organisation).where(Organisation.name_ja == "探す"), *KEYS[order], cursor=None, scalars=True
    )
    seen: list[int] = []
    cursor = None
    while True:
        part = kept.objects(cursor, 2, typed="探す")
        plain = kept.slice(cursor, 2, typed="探す")
        assert plain.next_cursor == part.next_cursor
        assert [row[0] for row in plain.items] == [o.id for o in part.items]
        seen += [o.id for o in part.items]
        cursor = part.next_cursor
        if cursor is None:
            break
    assert seen == [o.id for o in whole.items]
    assert len(seen) == 3


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsIDIsIDNd"])
def test_a_listing_knows_its_own_cursors_alone(app: Flask, cursor: str) -> None:
    with pytest.raises(NotFound):
        Listing(select(Organisation), *KEYS["up"]).slice(cursor)


@pytest.mark.parametrize("key", [Organisation.created_at, Organisation.kind])
def test_lists_go_on_by_moments_and_states(app: Flask, key: Any) -> None:
    for _ in range(3):
        company()
    order = ((key, False), (Organisation.id, False))
    first = keyset(select(Organisation), *order, cursor=None, size=2, scalars=True)
    rest = keyset(select(Organisation), *order, cursor=first.next_cursor, size=2, scalars=True)
    assert len({o.id for o in (*first.items, *rest.items)}) == 3


@given(junk=st.text(max_size=60))
@settings(max_examples=60)
def test_a_cursor_that_was_not_made_here_is_not_found(junk: str) -> None:
    with pytest.raises(NotFound):
        keyset(select(Organisation), *KEYS["up"], cursor=junk or "x")


@pytest.mark.parametrize("inside", ["[" * 1400, '["\\ud800", 1]', '["\\u0000", 1]', "[1]", "9" * 1400])
def test_a_hostile_cursor_is_not_found(inside: str) -> None:
    made = base64.urlsafe_b64encode(inside.encode()).decode()
    with pytest.raises(NotFound):
        keyset(select(Organisation), *KEYS["up"], cursor=made)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (Organisation.created_at, "0001-01-01T00:00:00+23:00"),
        (Organisation.created_at, "2026-04-01"),
        (Organisation.created_at, 7),
        (Organisation.id, "9" * 30),
        (Organisation.id, 2**70),
        (Organisation.id, None),
        (Organisation.kind, "nothing of ours"),
    ],
)
def test_a_value_that_no_column_holds_is_not_found_either(app: Flask, key: Any, value: Any) -> None:
    """Mutant: the bound is looked at before the words are read as a number; it is a bad request on some lists then."""
    made = base64.urlsafe_b64encode(json.dumps([value, 1]).encode()).decode()
    with pytest.raises(NotFound):
        keyset(select(Organisation), (key, False), (Organisation.id, False), cursor=made)


def test_a_deeply_nested_body_is_no_object(app: Flask) -> None:
    with app.test_request_context(method="POST", data="[" * 9000, content_type="application/json"):
        assert json_body() is None
    with app.test_request_context(method="POST", json={"a": 1}):
        assert json_body() == {"a": 1}


def test_a_list_that_is_saved_is_whole_or_refused(app: Flask) -> None:
    assert whole(Slice([1, 2])) == [1, 2]
    with pytest.raises(Refused, match="20,000"):
        whole(Slice([1, 2], "further"))
