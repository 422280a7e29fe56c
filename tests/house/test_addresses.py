"""Templates compile, lead to pages that exist, are all used, and let nothing through unescaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import nodes

from tests.support.sources import calls, first_text, keyword, modules, strings_but_docstrings, templates

BUILDERS = ("url_for", "absolute_url")
EXTRA = {"_external", "_anchor", "_method", "_scheme"}  # Flask's own, no part of an address
RAW = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\b")
TRUSTED = {"components/icon.html"}  # its own drawings, word for word in the file


def parsed(app: Flask) -> Iterator[tuple[str, nodes.Template]]:
    for name, source in templates(".html", ".txt").items():
        yield name, app.jinja_env.parse(source, name)


def asked(app: Flask) -> Iterator[tuple[str, str, frozenset[str] | None]]:
    """Place, endpoint and the names given, for every address that a template or the code builds by a plain name."""
    for name, tree in parsed(app):
        for call in tree.find_all(nodes.Call):
            builds = isinstance(call.node, nodes.Name) and call.node.name in BUILDERS
            if builds and call.args and isinstance(call.args[0], nodes.Const):
                given = None if call.dyn_kwargs else frozenset(k.key for k in call.kwargs)
                yield f"{name}:{call.lineno}", str(call.args[0].value), given
    for place, module in modules().items():
        for found in calls(module, *BUILDERS):
            endpoint = first_text(found)
            if endpoint:
                names = [k.arg for k in found.keywords]
                given = None if None in names else frozenset(n for n in names if n)
                yield f"{place}:{found.lineno}", endpoint, given


def wrong_addresses(app: Flask, found: Iterator[tuple[str, str, frozenset[str] | None]]) -> list[str]:
    rules: dict[str, list[frozenset[str]]] = {}
    for rule in app.url_map.iter_rules():
        rules.setdefault(rule.endpoint, []).append(frozenset(rule.arguments))
    wrong = []
    for place, endpoint, given in found:
        if endpoint not in rules:
            wrong.append(f"{place}: {endpoint} does not exist")
        elif given is not None and not any(needed <= given for needed in rules[endpoint]):
            wrong.append(f"{place}: {endpoint} needs {sorted(rules[endpoint][0])}, got {sorted(given)}")
    return wrong


def test_every_address_leads_to_a_page_that_exists(whole_app: Flask) -> None:
    found = list(asked(whole_app))
    assert wrong_addresses(whole_app, iter(found)) == []
    assert len(found) > 10


def test_an_address_without_its_number_is_found(whole_app: Flask) -> None:
    wrong = [("x:1", "home.show_nothing", frozenset()), ("x:2", "static", frozenset({"v"}))]
    assert wrong_addresses(whole_app, iter(wrong)) == [  # type: ignore[arg-type]
        "x:1: home.show_nothing does not exist",
        "x:2: static needs ['filename'], got ['v']",
    ]


def test_every_menu_entry_leads_to_a_page_that_exists(whole_app: Flask) -> None:
    tree = modules()["portal/wiring/navigation.py"]
    entries = [call.args[1].value for call in calls(tree, "Entry") if len(call.args) > 1]  # type: ignore[attr-defined]
    assert [name for name in entries if name not in whole_app.view_functions] == []
    assert len(entries) >= 10


def test_every_template_compiles(whole_app: Flask) -> None:
    for name in templates(".html", ".txt"):
        whole_app.jinja_env.get_template(name)


def test_no_template_lets_text_through_unescaped() -> None:
    found = [
        f"{name}: {match.group()}"
        for name, source in templates(".html").items()
        if name not in TRUSTED
        for match in RAW.finditer(source)
    ]
    assert found == []


@pytest.mark.parametrize("source", ["{{ x | safe }}", "{% autoescape false %}", "{{ Markup(x) }}"])
def test_the_check_itself_finds(source: str) -> None:
    assert RAW.search(source)


def named_templates(app: Flask) -> set[str]:
    """Every template that some code or another template names."""
    found = {
        text.value
        for tree in modules().values()
        for text in strings_but_docstrings(tree)
        if "." in text.value or text.value.endswith("/")
    }
    for _, tree in parsed(app):
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            found |= {
                c.value
                for c in [node.template, *node.template.find_all(nodes.Const)]
                if isinstance(c, nodes.Const)
            }  # type: ignore[attr-defined]
    return found


def test_every_template_that_is_named_exists() -> None:
    known = templates(".html", ".txt")
    missing = [
        f"{place}: {name}"
        for place, tree in modules().items()
        for call in calls(tree, "page", "render_template")
        if (name := first_text(call)) and name not in known
    ]
    assert missing == []


def test_every_template_is_used(whole_app: Flask) -> None:
    used = named_templates(whole_app)
    folders = tuple(name for name in used if name.endswith("/"))  # one file a kind, chosen at run time
    by_rule = ("errors/", "emails/", "components/")  # named by status, by event; and the box of components
    loose = [
        n
        for n in templates(".html")
        if n not in used | {"print.html"} and not n.startswith((*folders, *by_rule))
    ]
    assert loose == []


def test_every_mail_has_its_templates() -> None:
    """An event is named whole, or by its last word in a module of its feature."""
    known = templates(".html", ".txt")
    folders = {
        name.rpartition("/")[0] for name in known if name.startswith("emails/") and name.count("/") == 3
    }
    whole = {
        event.value  # type: ignore[attr-defined]
        for tree in modules().values()
        for call in calls(tree, "send_mail")
        if isinstance(event := keyword(call, "event"), ast.Constant)
    }
    parts = {f"emails/{event}/{part}" for event in whole for part in ("subject.txt", "body.txt")}
    assert sorted(parts - known.keys()) == []
    said = {
        f"emails/{place.split('/')[1]}/{text.value}"
        for place, tree in modules().items()
        for text in strings_but_docstrings(tree)
    }
    assert sorted(folders - {f"emails/{event}" for event in whole} - said) == []
