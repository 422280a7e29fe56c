"""What every text field refuses, and says so at the field."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from portal.core import forms
from tests.support.html import read_html


class NameForm(forms.Form):
    name = forms.line("Name", most=20)
    day = forms.calendar_day("Day", required=False)
    number = forms.whole_number("Number", most=2000, required=False)
    website = forms.web_address("Web site", required=False)
    english = forms.line("Name in English", required=False, checks=[forms.latin_letters])


class NeededForm(forms.Form):
    day = forms.calendar_day("Day")


def errors_of(app: Flask, **typed: str) -> dict[str, list[str]]:
    with app.test_request_context(method="POST", headers={"Accept-Language": "en"}):
        form = NameForm(MultiDict(typed), meta={"csrf": False})
        form.validate()
        return {name: [str(e) for e in errors] for name, errors in form.errors.items()}


@pytest.mark.parametrize(
    "name", ["株式会社テスト", "髙橋﨑", "𠮷野家", "Zażółć", "テスト㈱", "O'Neill & Söhne"]
)
def test_names_that_documents_can_show_are_fine(app: Flask, name: str) -> None:
    assert errors_of(app, name=name) == {}


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"name": "テスト😀"}, "name", "cannot be printed on documents: 😀"),
        ({"name": "a\x00b"}, "name", "invisible control character"),
        ({"name": "a\ud800b"}, "name", "invisible control character"),
        ({"name": "a\nb"}, "name", "on one line"),
        ({"name": "あ" * 21}, "name", "20 characters"),
        ({"name": ""}, "name", "fill in"),
        ({"name": "a", "day": "2026-02-30"}, "day", "date that exists"),
        ({"name": "a", "day": "0001-01-01"}, "day", "date that exists"),
        ({"name": "a", "number": "9" * 20}, "number", "whole number"),
        ({"name": "a", "number": "2001"}, "number", "from 0 to 2,000"),
        ({"name": "a", "number": "-1"}, "number", "from 0 to 2,000"),
        ({"name": "a", "website": "mailto:a@example.com"}, "website", "like https://example.com"),
        ({"name": "a", "website": "no address"}, "website", "like https://example.com"),
        ({"name": "a", "english": "日本語 Co"}, "english", "Not Latin: 日本語"),
        ({"name": "a", "number": "1.5"}, "number", "whole number"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    app: Flask, typed: dict[str, str], field: str, says: str
) -> None:
    errors = errors_of(app, **typed)
    assert list(errors) == [field]
    assert len(errors[field]) == 1
    assert says in errors[field][0]


def test_full_width_digits_and_commas_are_read(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm(MultiDict([("name", "a"), ("number", "１０")]), meta={"csrf": False})
        assert form.validate()
        assert form.number.data == 10
        grouped = NameForm(MultiDict([("name", "a"), ("number", "０,００１")]), meta={"csrf": False})
        assert grouped.validate()
        assert grouped.number.data == 1
        odd = NameForm(MultiDict([("name", "a"), ("number", "１,０")]), meta={"csrf": False})
        assert not odd.validate()


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("website", "example.com", "https://example.com"),
        ("website", "www.example.co.jp/ja?x=1", "https://www.example.co.jp/ja?x=1"),
        ("website", "http://example.com", "http://example.com"),
        ("english", "Ｍｉｈｏｎ Ltd.", "Mihon Ltd."),
        ("english", "Łódź Ltd.", "Łódź Ltd."),
    ],
)
def test_what_is_clear_is_put_right(app: Flask, field: str, typed: str, kept: str) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm(MultiDict([("name", "a"), (field, typed)]), meta={"csrf": False})
        assert form.validate(), form.errors
        assert form.values()[field] == kept


def test_a_text_that_was_not_sent_is_empty_and_never_missing(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = NameForm(MultiDict({"name": "Aoba"}), meta={"csrf": False})
        assert form.validate()
        assert form.values()["english"] == ""


@pytest.mark.parametrize("sent", ["follow:3:7", "renewed:1:2", "x" * 65, "ひとつ", ""])
def test_a_key_of_the_house_cannot_be_sent_in(app: Flask, sent: str) -> None:
    """Keys that services make themselves hold a colon; whoever sends one has begun another thing."""
    with app.test_request_context(method="POST", data={"once": sent}):
        kept = forms.Form().once.data
    assert kept
    assert kept != sent
    assert re.fullmatch("[0-9a-f]{32}", kept)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [("", "date", ""), ("2026年11月20日", "date", "2026-11-20"), ("20 Nov 2026", "date", "2026-11-20"), ("the 20th", "text", "the 20th")],
)  # fmt: skip
def test_a_date_box_stays_one_where_it_can_show_what_was_typed(
    app: Flask, typed: str, kind: str, value: str
) -> None:
    """After a refusal at another field, or at its own while it is empty; what is no day stays in sight as it was typed."""
    with app.test_request_context(method="POST", headers={"Accept-Language": "en"}):
        form = NeededForm(MultiDict({"day": typed}), meta={"csrf": False})
        form.validate()
        source = "{% from 'components/field.html' import field %}{{ field(form.day) }}"
        root, _nesting = read_html(render_template_string(source, form=form))
        (box,) = root.all("input")
    assert (box["type"], box["value"] or "") == (kind, value)
    assert bool(form.errors) == (not value or kind == "text")
