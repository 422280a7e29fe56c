"""Whoever looks at pages is looked at: each planted fault is found."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Cast
from tests.journeys.keys import FOCUS

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
FAULTY = """<!doctype html><html lang="en"><head><title>x</title></head><body><main><h1>Faulty</h1>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p style="width: 500px; color: #bbb">Pale, and too wide</p>
<p>入会申込</p><button style="outline: none">No ring</button></main></body></html>"""


def test_faults_of_a_page_are_found_at_both_widths(someone: Cast) -> None:
    reader = someone()
    reader.page.set_content(FAULTY)
    found = "\n".join(reader.watch.faults(reader.page, "ja"))
    for words in (
        "the page is in 'en'",
        "1280 px: image-alt",
        "360 px: color-contrast",
        "360 px: scrolls to",
    ):
        assert words in found
    assert "1280 px: scrolls" not in found
    assert any("left in Japanese" in fault for fault in reader.watch.faults(reader.page, "en"))


def test_a_focus_that_nobody_sees_is_found(someone: Cast) -> None:
    reader = someone()
    reader.page.set_content(FAULTY)
    reader.page.keyboard.press("Tab")
    assert "no ring" in reader.page.evaluate(FOCUS)


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (
            "const s = document.createElement('script'); s.textContent = '1'; document.head.append(s)",
            "policy",
        ),
        ("console.error('planted')", "console: planted"),
        ("setTimeout(() => { throw new Error('planted') })", "script: "),
        ("fetch('/no-such-page')", "404 from GET"),
    ],
)
def test_what_goes_wrong_behind_a_page_is_found(someone: Cast, planted: str, said: str) -> None:
    reader = someone()
    reader.open("/")
    reader.page.evaluate(f"() => {{ {planted} }}")
    reader.page.wait_for_timeout(400)
    with pytest.raises(AssertionError, match=said):
        reader.no_faults()
