"""Pictures of a round so small that no number may be told say so once."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string

from tests.support.html import Element, read_html

TOO_FEW = {"ja": "人数が少ない", "en": "too small"}
FIGURES = {"students": 6, "seats": 7, "companies": 3, "fixed": 0}
STUDY = {"least": 5, "most": 5, "mean": 5.0}
SOURCE = """{% from "matching/picture_parts.html" import pictures %}
{{ pictures(figures, none, ranks, study, bands, areas, none, flow) }}"""


def shown(app: Flask, language: str, number: int | None) -> Element:
    """The pictures with this number in the first row of each, and none told elsewhere."""
    numbers = (number, None)
    with app.test_request_context(headers={"Accept-Language": language}):
        source = render_template_string(
            SOURCE, figures=FIGURES, ranks=[(f"{n}", each) for n, each in enumerate(numbers)],
            study=STUDY | {"bands": [("low", number), ("high", None)]}, bands={"low": "0–20 %", "high": "80–100 %"},
            areas=[("AI", 3, number), ("Bio", 4, None)], flow=[("a", "b", number), ("a", "c", None)],
        )  # fmt: skip
    root, _nesting = read_html(source)
    return root


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_picture_without_a_number_is_one_sentence(app: Flask, language: str) -> None:
    root = shown(app, language, None)
    assert root.all("table") == []
    assert root.text.count(TOO_FEW[language]) == 4
    assert len(shown(app, language, 6).all("table")) == 4
