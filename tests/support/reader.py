"""A reader who looks at every page like a demanding person: nothing untold, nothing unlabelled, nothing half-translated.

`Reader(client).get("/faq")` gives the page when it is without fault and has the wanted status, and fails otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.support.complaints import complaints
from tests.support.html import Element, read_html

TYPED = ("input", "select", "textarea", "button")


@dataclass
class PageForm:
    """A form as it stands on a page."""

    element: Element
    page_url: str

    @property
    def action(self) -> str:
        return urljoin(self.page_url, self.element["action"]) or self.page_url

    @property
    def method(self) -> str:
        return (self.element["method"] or "get").upper()

    @property
    def controls(self) -> list[Element]:
        """Everything in it, or tied to it by its id, that has a name."""
        root = [*self.element.ancestors()][-1]
        tied = [e for e in root.all(*TYPED) if self.element["id"] and e["form"] == self.element["id"]]
        return [e for e in [*self.element.all(*TYPED), *tied] if e["name"] and "disabled" not in e]

    def values(self) -> MultiDict[str, str]:
        """What a browser would send now, the buttons left out."""
        found: MultiDict[str, str] = MultiDict()
        for control in self.controls:
            for value in _sent(control):
                found.add(control["name"], value)
        return found


def _sent(control: Element) -> list[str]:
    kind = control["type"]
    if control.tag == "button" or kind in ("submit", "button", "image", "reset", "file"):
        return []
    if kind in ("checkbox", "radio"):
        return [control["value"] or "on"] if "checked" in control else []
    if control.tag == "textarea":
        return ["".join(c for c in control.children if isinstance(c, str)).removeprefix("\n")]
    if control.tag == "select":
        options = control.all("option")
        chosen = [o for o in options if "selected" in o] or ([] if "multiple" in control else options[:1])
        return [o.attributes.get("value", o.text) for o in chosen]
    return [control["value"]]


@dataclass
class Page:
    """An answer in HTML."""

    url: str
    status: int
    source: str
    response: TestResponse
    root: Element = field(init=False)
    nesting: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.root, self.nesting = read_html(self.source)

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def main(self) -> Element:
        """What the page is about, without head, menus and foot."""
        return next(iter(self.root.all("main")), self.root)

    @property
    def h1(self) -> str:
        return " ".join(e.text for e in self.root.all("h1"))

    @property
    def errors(self) -> list[str]:
        """Messages at fields and above the form."""
        found = [e for e in self.root.walk() if "field-error" in e["class"].split()]
        summary = [e for e in self.root.walk() if "error-summary" in e["class"].split()]
        return [p.text for e in found for p in e.all("p")] or [li.text for e in summary for li in e.all("li")]

    @property
    def links(self) -> list[Element]:
        return [e for e in self.root.all("a") if "href" in e]

    @property
    def forms(self) -> list[PageForm]:
        return [PageForm(e, self.url) for e in self.root.all("form")]

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        found = [e["href"] for e in self.links if words in e.text]
        assert found, f"no link with {words!r} on {self.url}: {[e.text for e in self.links]}"
        return urljoin(self.url, found[0])

    def form(self, ending: str = "", *, method: str = "POST") -> PageForm:
        """The first form of the main part whose action ends so."""
        around = [f for f in self.forms if f.method == method and f.action.split("?")[0].endswith(ending)]
        inside = [f for f in around if any(e.tag in ("main", "dialog") for e in f.element.ancestors())]
        assert inside or (around and ending), f"no {method} form ending in {ending!r} on {self.url}"
        return (inside or around)[0]


@dataclass
class Reader:
    """A browser that complains. `excuses` are beginnings of complaints to put up with."""

    client: FlaskClient
    excuses: tuple[str, ...] = ()

    def get(self, url: str, *, status: int = 200, **more: Any) -> Page:
        """Open a page, follow redirects inside the portal; it must have this status and no fault."""
        return self._read(self.client.get(url, follow_redirects=True, **more), status)

    def post(self, url: str, data: Any = None, *, status: int = 200, **more: Any) -> Page:
        """Send a form as it is given (without a token of its own it is refused)."""
        return self._read(self.client.post(url, data=data, follow_redirects=True, **more), status)

    def submit(self, form: PageForm, status: int = 200, button: str = "", **typed: Any) -> Page:
        """Type into a form and send it: `name=value`, a list for several; `button` is `name=value` of the one pressed."""
        values = form.values()
        known = {e["name"] for e in form.controls}
        for name, value in typed.items():
            assert name in known, f"no field {name!r}; there are {sorted(known)}"
            values.setlist(name, list(value) if isinstance(value, (list, tuple)) else [value])
        if button:
            values.add(*button.split("=", 1))
        if form.method == "GET":
            return self.get(form.action, status=status, query_string=values)
        return self.post(form.action, values, status=status)

    def _read(self, response: TestResponse, status: int) -> Page:
        path = response.request.full_path.rstrip("?")
        assert response.status_code == status, _unwanted(path, response, status)
        found = Page(path, response.status_code, response.get_data(as_text=True), response)
        assert response.mimetype == "text/html", f"{path} is {response.mimetype}"
        faults = [c for c in complaints(found) if not c.startswith(self.excuses or ("\0",))]
        assert faults == [], "\n".join([f"{path}:", *faults])
        return found


def _unwanted(path: str, response: TestResponse, status: int) -> str:
    words = ""
    if response.mimetype == "text/html":
        found = Page(path, response.status_code, response.get_data(as_text=True), response)
        words = f"\n{found.text[:600]}\n" + "\n".join(found.errors)
    return f"{path} answered {response.status_code}, not {status}{words}"


def own_paths(page: Page, here: str = "localhost") -> Iterable[str]:
    """Where the page's links lead inside the portal, other pages alone and without fragments."""
    for link in page.links:
        if link["href"].startswith("#"):
            continue
        parts = urlsplit(urljoin(f"http://{here}{page.url}", link["href"]))
        if parts.netloc == here and parts.scheme in ("http", "https"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
