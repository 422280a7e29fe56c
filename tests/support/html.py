"""A page as a tree, and what is wrong with how its elements stand in one another.

The parser repairs nothing: an element that is not closed, or closed twice, is a fault here and not a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


def tags(names: str) -> frozenset[str]:
    """Names of elements, parted by blanks."""
    return frozenset(names.split())


VOID = tags("area base br col embed hr img input link meta source track wbr")
BLOCKS = tags(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol p pre section table ul"
)
WORDS_ONLY = tags("p h1 h2 h3 h4 h5 h6 span strong em b i small code time label button abbr cite")
PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "option": {"select", "optgroup", "datalist"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "legend": {"fieldset"},
    "summary": {"details"},
}
CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "select": {"option", "optgroup", "hr"},
}
NEVER_INSIDE = {
    "a": {"a", "button", "label"},
    "button": {"a", "button", "label"},
    "input": {"a", "button"},
    "select": {"a", "button"},
    "textarea": {"a", "button"},
    "form": {"form"},
    "label": {"label", "a", "button"},
    "main": {"article", "aside", "footer", "header", "nav", "main"},
}


@dataclass
class Element:
    """An element; `children` holds elements and text in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)
    line: int = 0

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    @property
    def text(self) -> str:
        """All words inside, with single blanks."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style", "template"):
                yield from child._words()
                yield " " if child.tag in BLOCKS | {"br", "td", "th", "dt", "dd", "option"} else ""

    def walk(self) -> Iterator[Element]:
        """This element and all inside it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        """Elements inside with one of these tags; every one without tags."""
        return [e for e in self.walk() if e is not self and (not tags or e.tag in tags)]

    def ancestors(self) -> Iterator[Element]:
        """Its parent, the parent's parent, and so on."""
        step = self.parent
        while step is not None:
            yield step
            step = step.parent

    def strings(self) -> Iterator[tuple[Element, str]]:
        """Every piece of text that a reader sees, with the element that it stands in."""
        for element in self.walk():
            if element.tag not in ("script", "style", "template"):
                for child in element.children:
                    if isinstance(child, str) and child.strip():
                        yield element, " ".join(child.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document")
        self.open = self.root
        self.faults: list[str] = []
        self.doctype = False

    def fault(self, words: str) -> None:
        self.faults.append(f"line {self.getpos()[0]}: {words}")

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl.casefold() == "doctype html"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [
            f"line {self.getpos()[0]}: <{tag}> has {name} twice"
            for name in set(names)
            if names.count(name) > 1
        ]
        made = Element(tag, {n: v or "" for n, v in attrs}, self.open, line=self.getpos()[0])
        self.faults += [f"line {made.line}: {words}" for words in _misplaced(made)]
        self.open.children.append(made)
        if tag not in VOID:
            self.open = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in VOID:
            return
        if not any(e.tag in ("svg", "math") for e in [self.open, *self.open.ancestors()]):
            self.fault(f"<{tag}/> does not close itself in HTML")
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.fault(f"</{tag}> is never written")
        elif self.open.tag == tag and self.open.parent is not None:
            self.open = self.open.parent
        else:
            self.fault(f"</{tag}> where <{self.open.tag}> of line {self.open.line} is open")

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open.tag in CHILDREN:
            self.fault(f"words directly in <{self.open.tag}>: {data.strip()[:40]!r}")
        self.open.children.append(data)


def _misplaced(made: Element) -> Iterator[str]:
    """What speaks against this element at its place."""
    parent = made.parent
    assert parent is not None
    if made.tag in PARENTS and parent.tag not in PARENTS[made.tag]:
        yield f"<{made.tag}> in <{parent.tag}>"
    if parent.tag in CHILDREN and made.tag not in CHILDREN[parent.tag] | {"script", "template"}:
        yield f"<{made.tag}> directly in <{parent.tag}>"
    around = {e.tag for e in made.ancestors()}
    for tag in sorted(NEVER_INSIDE.get(made.tag, set()) & around):
        yield f"<{made.tag}> inside <{tag}>"
    if made.tag in BLOCKS:
        for tag in sorted(WORDS_ONLY & around):
            yield f"<{made.tag}> inside <{tag}>, which holds words only"


def read_html(source: str) -> tuple[Element, list[str]]:
    """The tree of a page and the faults in its nesting (empty when there are none)."""
    builder = _Builder()
    builder.feed(source)
    builder.close()
    if builder.open is not builder.root:
        builder.fault(f"<{builder.open.tag}> of line {builder.open.line} is never closed")
    if not builder.doctype:
        builder.faults.append("no <!doctype html>")
    return builder.root, builder.faults
