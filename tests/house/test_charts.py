"""Pictures draw what their tables tell: what is not told is no zero, and no axes stand empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from portal.settings import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
BARS = "<tr><th>{}</th><td {}>{}</td></tr>"
FLOW = "<tr><th>{}</th><td>{}</td><td {}>{}</td></tr>"
SERIES = """() => {
  const chart = echarts.getInstanceByDom(document.querySelector('[data-chart-place]'));
  return chart ? chart.getOption().series[0] : null;
}"""
FIGURE = """<figure data-chart="{kind}" data-file="x" style="width: 640px"><div data-chart-place style="width: 640px; height: 300px"></div>
<table><thead><tr><th>Name</th><th>Number</th>{more}</tr></thead><tbody>{rows}</tbody></table></figure>"""


@pytest.fixture(scope="module")
def sheet(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def drawn(page: Page, kind: str, rows: str) -> Any:
    """The first series of the picture as ECharts has it, None where nothing is drawn."""
    page.set_content(FIGURE.format(kind=kind, rows=rows, more="<th>Number</th>" if kind == "flow" else ""))
    for name in ("static/vendor/echarts.min.js", "static/js/charts.js"):
        page.add_script_tag(path=ROOT / name)
    page.wait_for_timeout(2_500)  # the font's own patience
    return page.evaluate(SERIES)


def test_what_is_not_told_stands_in_words_where_its_bar_would(sheet: Page) -> None:
    rows = BARS.format("a", 'data-value="7"', 7) + BARS.format("b", "data-hidden", "not shown")
    seven, hidden = drawn(sheet, "bars", rows)["data"]
    assert seven == 7
    assert hidden["label"]["formatter"] == "not shown"


@pytest.mark.parametrize("kind", ["bars", "rows", "flow"])
def test_nothing_told_is_no_picture(sheet: Page, kind: str) -> None:
    row = (
        FLOW.format("a", "b", "data-hidden", "–") if kind == "flow" else BARS.format("a", "data-hidden", "–")
    )
    assert drawn(sheet, kind, row) is None


def test_the_words_of_a_flows_ends_stand_inside(sheet: Page) -> None:
    rows = FLOW.format("all", "met", 'data-value="20"', 20) + FLOW.format(
        "all", "not met", 'data-value="9"', 9
    )
    series = drawn(sheet, "flow", rows + FLOW.format("met", "placed", "data-hidden", "–"))
    places = {each["name"]: each["label"]["position"] for each in series["data"]}
    assert places == {"all": "right", "met": "right", "not met": "left", "placed": "left"}
    assert [link["untold"] for link in series["links"]] == [False, False, True]
