"""Every form there is: each field has its bounds, and no input makes its checks fall over."""

from __future__ import annotations

import importlib
import io
import pkgutil
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field, FileField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields import DateField, IntegerField
from wtforms.validators import Length, NumberRange
from wtforms.widgets import HiddenInput

import portal
from portal.core.forms import Form, no_control_characters
from tests.support.hostile import ANSWERS, FIELDS

HARM = {**ANSWERS, **FIELDS}


def kinds() -> list[type[Form]]:
    """Every form of the portal, the bases of others included."""
    for info in pkgutil.walk_packages(portal.__path__, "portal."):
        if {"forms", "staff", "routes"} & set(info.name.split(".")):
            importlib.import_module(info.name)
    found: list[type[Form]] = []
    waiting: list[type[Form]] = [Form]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return sorted(
        {kind for kind in found if kind.__module__.startswith("portal.")}, key=lambda kind: kind.__qualname__
    )


@pytest.fixture(scope="module")
def forms(whole_app: Flask) -> list[type[Form]]:
    found = kinds()
    assert len(found) > 15
    return found


def made(kind: type[Form], typed: MultiDict[str, object]) -> Form:
    form = kind(formdata=typed, meta={"csrf": False})
    for field in form:
        if isinstance(field, SelectField) and field.choices is None:
            field.choices = []  # the route fills them in
    return form


def fields(form: Form) -> Iterator[Field]:
    yield from (field for field in form if field.name not in ("csrf_token", "once"))


def test_every_text_has_its_length_and_takes_no_control_characters(
    whole_app: Flask, forms: list[type[Form]]
) -> None:
    wrong = []
    with whole_app.test_request_context("/"):
        for kind in forms:
            for field in fields(made(kind, MultiDict())):
                checks = list(field.validators)
                if isinstance(field, (IntegerField, DateField)) or not isinstance(field, StringField):
                    continue
                if isinstance(field, HiddenField) and not checks:
                    continue  # never typed; what comes back in it is read as a key or not at all
                if not any(isinstance(check, Length) and check.max and check.max > 0 for check in checks):
                    wrong.append(f"{kind.__name__}.{field.name} has no length")
                if not isinstance(field, PasswordField) and no_control_characters not in checks:
                    wrong.append(f"{kind.__name__}.{field.name} takes control characters")
    assert wrong == []


def test_every_number_has_its_bounds(whole_app: Flask, forms: list[type[Form]]) -> None:
    wrong = []
    with whole_app.test_request_context("/"):
        for kind in forms:
            for field in fields(made(kind, MultiDict())):
                bounds = [check for check in field.validators if isinstance(check, NumberRange)]
                if isinstance(field, IntegerField) and not any(
                    b.min is not None and b.max is not None for b in bounds
                ):
                    wrong.append(f"{kind.__name__}.{field.name}")
    assert wrong == []


def test_every_field_has_a_label(whole_app: Flask, forms: list[type[Form]]) -> None:
    wrong = []
    with whole_app.test_request_context("/"):
        for kind in forms:
            typed = [f for f in fields(made(kind, MultiDict())) if not isinstance(f.widget, HiddenInput)]
            wrong += [f"{kind.__name__}.{field.name}" for field in typed if not str(field.label.text).strip()]
    assert wrong == []


@pytest.mark.parametrize("what", sorted(HARM))
def test_no_check_falls_over(whole_app: Flask, forms: list[type[Form]], what: str) -> None:
    """Whatever stands in every field at once: errors are said, never raised."""
    with whole_app.test_request_context("/", method="POST"):
        for kind in forms:
            names = [field.name for field in fields(made(kind, MultiDict()))]
            form = made(kind, MultiDict([(name, HARM[what]) for name in names] * 2))
            form.validate()
            for field in fields(form):
                if field.data is not None and isinstance(field, StringField):
                    str(field.data).encode("utf-8", "surrogatepass")


def test_a_file_where_none_is_meant_is_as_if_not_sent(whole_app: Flask, forms: list[type[Form]]) -> None:
    for kind in forms:
        with whole_app.test_request_context("/"):
            names = [f.name for f in fields(made(kind, MultiDict())) if not isinstance(f, FileField)]
        sent = {name: (io.BytesIO(b"x"), "x.pdf") for name in names}
        with whole_app.test_request_context("/", method="POST", data=sent):
            checked(kind)


@pytest.mark.parametrize("value", [5, None, True, ["a"], {"a": 1}])
def test_json_is_no_form(whole_app: Flask, forms: list[type[Form]], value: object) -> None:
    for kind in forms:
        with whole_app.test_request_context("/"):
            names = [field.name for field in fields(made(kind, MultiDict()))]
        with whole_app.test_request_context("/", method="POST", json=dict.fromkeys(names, value)):
            checked(kind)


def checked(kind: type[Form]) -> None:
    """As a route would check what the request under way has sent."""
    form = kind(meta={"csrf": False})
    for field in form:
        if isinstance(field, SelectField) and field.choices is None:
            field.choices = []
    form.validate()
    assert not any(isinstance(field.data, (FileStorage, dict)) for field in fields(form))
