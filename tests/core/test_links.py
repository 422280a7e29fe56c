"""Addresses written the short way are those that Flask writes."""

from __future__ import annotations

import flask
import pytest
from flask import Flask

from portal.core.links import url_for

VALUES: tuple[dict[str, object], ...] = (
    {},
    {"q": None},
    {"q": "計測 & <b>", "after": "a/b=c?", "year": 2026, "show": ""},
    {"kind": "company", "q": None, "dir": "down"},
    {"_anchor": "main"},
    {"_external": True, "q": "x"},
)


@pytest.mark.parametrize("root", ["", "/portal"])
def test_every_page_has_the_address_that_flask_gives_it(app: Flask, root: str) -> None:
    with app.test_request_context(environ_overrides={"SCRIPT_NAME": root}):
        for rule in app.url_map.iter_rules():
            needed: dict[str, object] = dict.fromkeys(rule.arguments, 7)
            for values in VALUES:
                given = needed | values
                try:
                    wanted = flask.url_for(rule.endpoint, **given)  # type: ignore[arg-type]
                except ValueError:  # a part of this path is no number
                    continue
                assert url_for(rule.endpoint, **given) == wanted


def test_a_page_that_does_not_exist_is_an_error_as_before(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(flask.app.BuildError):
        url_for("home.show_nothing")
