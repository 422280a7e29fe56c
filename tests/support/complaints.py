"""What a demanding reader finds wrong with a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from tests.support.catalogue import japanese_of
from tests.support.html import Element

if TYPE_CHECKING:
    from tests.support.reader import Page

NONSENSE = re.compile(
    r"\bNone\b|\bUndefined\b|\bTrue\b|\bFalse\b|\{\{|\}\}|\{%|%\(\w*\)?[sd]?|&(?:amp|lt|gt|quot|#\d+);"
    r"|object at 0x|Traceback|datetime\.|\bNaN\b|lazy_gettext"
)
UNSEEN_INPUTS = {"hidden", "submit", "button", "reset", "image"}
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "form", "list")
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-label")
LATIN = re.compile(r"[A-Za-z]{2}")


def complaints(page: Page) -> list[str]:
    """Every fault, as one line each; empty for a good page."""
    root = page.root
    return [
        *(f"nesting: {fault}" for fault in page.nesting),
        *_frame(page),
        *_headings(root),
        *_ids(root),
        *_labels(root),
        *_tables(root),
        *_links(root),
        *_inline(root),
        *_nonsense(root),
        *(_untranslated(root) if _language(root) == "ja" else []),
    ]


def _language(root: Element) -> str:
    return next((e["lang"] for e in root.all("html")), "")


def _frame(page: Page) -> Iterator[str]:
    if _language(page.root) not in ("ja", "en"):
        yield "the page does not say its language"
    titles = [e for e in page.root.all("title") if not any(a.tag == "svg" for a in e.ancestors())]
    if len(titles) != 1 or not titles[0].text.split("|")[0].strip():
        yield f"title: {[t.text for t in titles]}"
    if len(page.root.all("main")) != 1:
        yield "there is not exactly one main part"


def _headings(root: Element) -> Iterator[str]:
    levels = [(int(e.tag[1]), e) for e in root.all("h1", "h2", "h3", "h4", "h5", "h6")]
    if [level for level, _ in levels].count(1) != 1:
        yield f"h1: {[e.text for level, e in levels if level == 1]}"
    yield from (f"empty <{e.tag}> in line {e.line}" for _, e in levels if not e.text)
    inside = [
        pair for pair in levels if not any(a.tag in ("dialog", "nav", "aside") for a in pair[1].ancestors())
    ]
    for (before, _), (level, e) in zip(inside, inside[1:], strict=False):
        if level > before + 1:
            yield f"<h{before}> is followed by <h{level}> ({e.text})"


def _ids(root: Element) -> Iterator[str]:
    present = Counter(e["id"] for e in root.walk() if "id" in e)
    yield from (f"id {name!r} stands {n} times" for name, n in present.items() if n > 1 or not name)
    for element in root.walk():
        for attribute in POINTERS:
            for target in element[attribute].split():
                if target not in present:
                    yield f"<{element.tag} {attribute}={target!r}> in line {element.line} points nowhere"
        goal = element["href"].removeprefix("#") if element["href"].startswith("#") else ""
        if element.tag == "a" and goal and goal not in present:
            yield f"link {element['href']!r} points nowhere"


def _name(element: Element, root: Element) -> str:
    """What a screen reader says: its label, its own words, the words of a picture in it."""
    if element["aria-label"]:
        return element["aria-label"]
    by_id = {e["id"]: e for e in root.walk() if e["id"]}
    if element["aria-labelledby"]:
        return " ".join(by_id[i].text for i in element["aria-labelledby"].split() if i in by_id)
    pictures = " ".join(e["alt"] or e["aria-label"] for e in element.all("img", "svg"))
    return (element.text + " " + pictures).strip() or element["title"]


def _labels(root: Element) -> Iterator[str]:
    labelled = {e["for"] for e in root.all("label") if e.text}
    for e in root.all("input", "select", "textarea"):
        if e["type"] in UNSEEN_INPUTS:
            continue
        wrapped = any(a.tag == "label" and a.text for a in e.ancestors())
        if not (wrapped or (e["id"] and e["id"] in labelled) or _name_of_input(e, root)):
            yield f"<{e.tag} name={e['name']!r}> in line {e.line} has no label"
    for button in root.all("button", "summary"):
        if not _name(button, root):
            yield f"a {button.tag} without words in line {button.line}"
    for picture in root.all("img"):
        if "alt" not in picture:
            yield f"a picture without alt in line {picture.line}"


def _name_of_input(e: Element, root: Element) -> str:
    return e["aria-label"] or (_name(e, root) if e["aria-labelledby"] else "")


def _tables(root: Element) -> Iterator[str]:
    """Every row has as many cells as the head has columns."""
    for table in root.all("table"):
        heads = [_columns(row) for head in table.all("thead") for row in head.all("tr")]
        rows = {_columns(row) for body in table.all("tbody") for row in body.all("tr")}
        if heads and rows - set(heads):
            yield f"table in line {table.line}: {heads[0]} columns in the head, {sorted(rows)} in its rows"


def _columns(row: Element) -> int:
    return sum(int(cell["colspan"] or 1) for cell in row.all("td", "th"))


def _links(root: Element) -> Iterator[str]:
    for link in root.all("a"):
        if not link["href"].strip():
            yield f"a link that leads nowhere: {link.text!r} in line {link.line}"
        if not _name(link, root):
            yield f"a link without words to {link['href']!r}"
        if link["target"] == "_blank" and "noopener" not in link["rel"]:
            yield f"{link['href']!r} opens a window without rel=noopener"


def _inline(root: Element) -> Iterator[str]:
    for e in root.walk():
        if e.tag == "style" or (e.tag == "script" and not e["src"]):
            yield f"inline <{e.tag}> in line {e.line}"
        yield from (
            f"<{e.tag} {n}> in line {e.line}" for n in e.attributes if n == "style" or n.startswith("on")
        )


def _said(root: Element) -> Iterator[tuple[Element, str]]:
    """All words of the page, those that only a screen reader says too."""
    yield from root.strings()
    for e in root.walk():
        yield from ((e, " ".join(e[name].split())) for name in SPOKEN if e[name].strip())
        if e.tag == "input" and e["type"] in ("submit", "button"):
            yield e, e["value"]


def _nonsense(root: Element) -> Iterator[str]:
    for element, words in _said(root):
        if found := NONSENSE.search(words):
            yield f"{found.group()!r} in <{element.tag}> in line {element.line}: {words[:80]!r}"
    for e in root.all("a", "form"):
        where = e["href"] + e["action"]
        if "None" in where or "{{" in where or "undefined" in where.casefold():
            yield f"<{e.tag}> leads to {where!r}"


@cache
def _english_alone() -> frozenset[str]:
    """Msgids that have Japanese words of their own, so that they never stand on a Japanese page."""
    return frozenset(
        " ".join(msgid.split())
        for msgid, translated in japanese_of().items()
        if LATIN.search(msgid) and msgid != translated and "%(" not in msgid
    )


def _untranslated(root: Element) -> Iterator[str]:
    for element, words in _said(root):
        foreign = any(a["lang"] == "en" for a in [element, *element.ancestors()])
        if words in _english_alone() and not foreign:
            yield f"not translated: {words!r}"
