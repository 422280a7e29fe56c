"""Every page of everybody, read by the demanding reader in both languages; and every link on them leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.house.asking import ASKING, addresses
from tests.house.matrix import READING, questions
from tests.support.complaints import complaints
from tests.support.reader import Page, own_paths
from tests.support.tables import changed, contents
from tests.support.world import World

READERS = [*ASKING, "stranger", "participant", "steering", "half_signed_in", "must_enrol"]


def pages(world: World, visitor: str, language: str) -> Iterator[Page]:
    """Every page that this visitor can open, pages that say no included."""
    browser = world.browser(visitor, language)
    for question in questions(world):
        if question.method != READING or question.owner not in ("own", "-", "none"):
            continue
        for address in addresses(question, world, visitor):
            answer = browser.get(address)
            if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303):
                yield Page(address, answer.status_code, answer.get_data(as_text=True), answer)


def speak(world: World, visitor: str, language: str) -> None:
    """The visitor's own choice of language, as the person's page would set it."""
    if world.visitors[visitor].person_id is not None:
        token = world.token(visitor)
        world.browser(visitor).post("/language", data={"language": language, **token})


def form_faults(page: Page, world: World) -> Iterator[str]:
    """Each form has an address that takes its method, and a token when it does something."""
    router = world.app.url_map.bind("localhost")
    for form in page.forms:
        action = urlsplit(form.action)
        if action.netloc or not router.test(action.path, method=form.method):
            yield f"{page.url}: no {form.method} on {form.action}"
        if form.method == "POST" and not form.values().get("csrf_token"):
            yield f"{page.url}: no token in the form to {form.action}"
        if form.method == "GET" and "csrf_token" in form.values():
            yield f"{page.url}: the token would stand in the address of {form.action}"


def dead_links(page: Page, world: World, visitor: str, seen: set[str]) -> Iterator[str]:
    """A link that answers with a refusal is a dead end that we built ourselves. Each address is tried once."""
    for path in own_paths(page):
        parts = urlsplit(path)
        key = parts.path + str(sorted(part.partition("=")[0] for part in parts.query.split("&")))
        if key not in seen and not path.startswith("/static/"):
            seen.add(key)
            status = world.browser(visitor).get(path).status_code
            if status >= 400:
                yield f"{page.url}: {path} answers {status}"


# English pages ask the same of the database: once is enough.
@pytest.mark.parametrize("language", ["ja", pytest.param("en", marks=pytest.mark.sqlite)])
@pytest.mark.parametrize("visitor", READERS)
def test_every_page_pleases_the_demanding_reader(world: World, visitor: str, language: str) -> None:
    """Its words, its forms, and where its links lead; and all that reading changes nothing."""
    speak(world, visitor, language)
    before, found = contents(), []
    spoken: set[str] = set()
    seen: set[str] = set()
    for page in pages(world, visitor, language):
        if page.root.all("main"):
            spoken |= {e["lang"] for e in page.root.all("html")}
            found += [f"{page.status} {page.url}: {words}" for words in complaints(page)]
        elif "<html" in page.source:
            found.append(f"{page.status} {page.url}: no main part")
        found += form_faults(page, world)
        if language == "ja":
            found += dead_links(page, world, visitor, seen)
    assert (found, changed(before)) == ([], [])
    assert spoken == {language}
