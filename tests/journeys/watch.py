"""What a page has to be, whatever stands on it: accessible, inside the window, in one language, without errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from playwright.sync_api import Page

from portal.settings import ROOT
from tests.support.catalogue import japanese_of
from tests.support.complaints import complaints
from tests.support.html import read_html
from tests.support.looking import LOOKED
from tests.support.reader import Page as ReadPage

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
JAPANESE = re.compile(r"[\u3041-\u30fa\u4e00-\u9fff]")

# Tags, classes, roles and states, without words and numbers: pages alike in these are alike to a screen reader too.
SKELETON = """() => Array.from(document.querySelectorAll('*'), (e) => [
  e.tagName, e.getAttribute('class'), e.type, e.getAttribute('role'), e.hasAttribute('alt'), e.hidden,
  ...Array.from(e.attributes, (a) => a.name).filter((n) => n.startsWith('aria-'))].join(' ')).filter(
  (line, place, all) => line !== all[place - 1]).join('\\n')"""

# Wider than the window, or sticking out of it, but for what scrolls in a frame of its own.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = Array.from(document.body.querySelectorAll('*')).filter((e) => e.getBoundingClientRect().right > width + 0.5);
  return [`scrolls to ${document.documentElement.scrollWidth} px of ${width}`, ...out.slice(-4).map(
    (e) => `${e.tagName.toLowerCase()}.${e.className} ends at ${Math.round(e.getBoundingClientRect().right)}`)];
}"""

# A new width is judged once it is drawn.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations'], iframes: false});
  return found.violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ` + v.nodes.slice(0, 3).map(
    (n) => `${n.target} ${n.failureSummary.replace(/\\s+/g, ' ').slice(0, 200)}`).join(' / '));
}"""


@cache
def axe_source() -> str:
    """The checker; evaluated by the browser's own tools, so that the page's policy stays as strict as it is."""
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Watch:
    """Looks at pages, each kind of page once in each language; LOOKED counts what was looked at."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def faults(self, page: Page, language: str) -> list[str]:
        """Everything that is wrong with the page as it stands, at both widths."""
        found = self._words(page, language)
        skeleton = hash((language, page.evaluate(SKELETON)))
        if skeleton in self._known:
            return found
        self._known.add(skeleton)
        LOOKED["pages"] += 1
        present = page.viewport_size
        for size in sorted((WIDE, NARROW), key=lambda each: each != present):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.evaluate(DRAWN)
            found += [
                f"{size['width']} px: {fault}" for fault in [*page.evaluate(OVERFLOW), *self._axe(page)]
            ]
        if present is not None:
            page.set_viewport_size(present)
        return found

    def _axe(self, page: Page) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(axe_source())
        LOOKED["runs"] += 1
        found: list[str] = page.evaluate(AXE)
        return found

    def _words(self, page: Page, language: str) -> list[str]:
        source = page.content()
        stands = page.evaluate("() => document.documentElement.lang")
        found = [] if stands == language else [f"the page is in {stands!r}, not {language!r}"]
        if "/pay/" in page.url:  # the payment page is not ours
            return found
        read = ReadPage(page.url, 200, source, None)  # type: ignore[arg-type]
        # styles that a script has set are no breach; the server's own pages are read for inline ones elsewhere
        said = [each for each in complaints(read) if not each.startswith(("<div style>", "<canvas style>"))]
        return [*found, *said, *(left_in_japanese(source) if language == "en" else [])]


@cache
def _japanese_words() -> frozenset[str]:
    return frozenset(
        " ".join(words.split())
        for words in japanese_of().values()
        if JAPANESE.search(words) and "%(" not in words
    )


def left_in_japanese(source: str) -> Iterator[str]:
    """The portal's own Japanese words on an English page."""
    for element, words in read_html(source)[0].strings():
        foreign = any(each["lang"] == "ja" for each in [element, *element.ancestors()])
        if words in _japanese_words() and not foreign:
            yield f"left in Japanese: {words!r}"
