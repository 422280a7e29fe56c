"""What the import linter cannot say: how rooms introduce themselves, how pages are named, that every word has its label."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

import portal
from portal.audit.labels import VERBS
from portal.core.i18n import both
from portal.settings import ROOT
from portal.wiring.features import FEATURES
from tests.support.sources import calls, modules, strings_but_docstrings

# Pages for machines have the names that machines ask for.
MACHINES = {"static", "house.healthz", "house.readyz"}
PAGE_VERBS = """
    accept acknowledge add agree answer apply approve ask begin book cancel change check choose close compare confirm continue create decide decline
    defer delete disable discard download edit enable end enrol enter export extend find finish forget forward give go grant hand import
    invite issue join leave lift list log mark note open park pay preview propose publish read receive reconcile record recover refund refuse register reinstate
    reissue reject remind remove renew reopen request resend reset resolve restore return reverse review revoke reword save search see send set
    share show sign start stop submit switch take transfer try undo unshare update upload use verify view watch withdraw
"""
VERBS_OF_PAGES = frozenset(PAGE_VERBS.split())
BOXES = {"accounts", "audit", "billing", "files", "hubs", "jobs", "membership", "notifications"}
DOTTED = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*")
NOT_DEEDS = ("enqueue", "task", "url_for", "absolute_url", "Job", "signal", "send_mail", "rows")


def features() -> list[str]:
    return sorted(f for f in {*FEATURES, *BOXES} if (ROOT / "portal" / f / "__init__.py").exists())


@pytest.mark.parametrize("feature", features())
def test_a_feature_begins_by_saying_what_it_is(feature: str) -> None:
    tree = modules()[f"portal/{feature}/__init__.py"]
    words = ast.get_docstring(tree) or ""
    assert len(tree.body) == 1, "the docstring alone"
    assert len(words.split()) >= 15, words


def test_every_module_says_what_it_is() -> None:
    silent = [
        place
        for place, tree in modules().items()
        if not ast.get_docstring(tree) and ast.dump(tree) != ast.dump(ast.parse(""))
    ]
    assert silent == []


def test_every_page_is_named_by_a_verb_and_a_noun(whole_app: Flask) -> None:
    wrong = []
    for endpoint, view in whole_app.view_functions.items():
        if endpoint in MACHINES:
            continue
        name = endpoint.rpartition(".")[2]
        if name.partition("_")[0] not in VERBS_OF_PAGES or "_" not in name or name != view.__name__:
            wrong.append(endpoint)
    assert wrong == []


def test_every_page_says_what_it_is(whole_app: Flask) -> None:
    assert [
        e for e, v in whole_app.view_functions.items() if e not in MACHINES and not (v.__doc__ or "").strip()
    ] == []


def test_the_offices_pages_stand_under_staff_and_no_others(whole_app: Flask) -> None:
    wrong = []
    for rule in whole_app.url_map.iter_rules():
        room = rule.endpoint.partition(".")[0]
        if rule.rule.startswith("/staff") != (room.endswith("_staff") or room == "admin"):
            wrong.append(rule.rule)
    assert wrong == []


def test_no_two_pages_share_an_address(whole_app: Flask) -> None:
    """The second would never be seen."""
    shape = re.compile(r"<(?:([a-z]+)(?:\([^)]*\))?:)?[a-z_]+>")
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for rule in whole_app.url_map.iter_rules():
        for method in rule.methods or set():
            place = (shape.sub(r"<\1>", rule.rule), method)
            if method not in ("HEAD", "OPTIONS") and seen.setdefault(place, rule.endpoint) != rule.endpoint:
                twice.append(f"{method} {rule.rule}: {seen[place]} and {rule.endpoint}")
    assert twice == []


def test_addresses_are_lower_case_words_without_a_slash_at_the_end(whole_app: Flask) -> None:
    shape = re.compile(
        r"/|(?:/(?:[a-z0-9]+(?:[-.][a-z0-9]+)*|<[a-z]+(?:\([^)]*\))?:[a-z_]+>|<[a-z_]+>)(?:\.[a-z]+)?)+"
    )
    rules = [r.rule for r in whole_app.url_map.iter_rules() if r.endpoint != "static"]
    assert [rule for rule in rules if not shape.fullmatch(rule)] == []


def test_numbers_in_addresses_are_ids(whole_app: Flask) -> None:
    """`int` takes a number that no database can hold."""
    assert [r.rule for r in whole_app.url_map.iter_rules() if "<int:" in r.rule] == []


def test_a_page_reads_or_does_and_says_so_by_its_method(whole_app: Flask) -> None:
    """State changes are POST on an address of their own or on the form's; nothing answers to PUT, PATCH or DELETE."""
    known = {"GET", "HEAD", "OPTIONS", "POST"}
    assert [r.rule for r in whole_app.url_map.iter_rules() if (r.methods or set()) - known] == []


def deeds() -> dict[str, str]:
    """Every verb that some module writes into the trail, and the module."""
    found = {}
    for place, tree in modules().items():
        if not any(k.arg == "verb" for call in calls(tree, "record") for k in call.keywords):
            continue
        others = {
            node.value
            for call in calls(tree, *NOT_DEEDS)
            for node in ast.walk(call)
            if isinstance(node, ast.Constant)
        }
        for text in strings_but_docstrings(tree):
            if DOTTED.fullmatch(text.value) and text.value not in others:
                found[text.value] = place
    return found


def test_every_deed_in_the_trail_has_words(whole_app: Flask) -> None:
    assert {verb: place for verb, place in deeds().items() if verb not in VERBS} == {}


def test_every_word_of_the_trail_is_of_a_deed(whole_app: Flask) -> None:
    written = {
        t.value
        for place, tree in modules().items()
        if not place.endswith("labels.py")
        for t in strings_but_docstrings(tree)
    }
    assert sorted(set(VERBS) - written) == []


def load_all() -> list[Any]:
    """Every module of the portal, imported, but doors and the ones that start something."""
    names = [info.name for info in pkgutil.walk_packages(portal.__path__, "portal.")]
    closed = {"__main__", "wsgi", "routes", "staff", "tasks", "receivers"}
    return [importlib.import_module(name) for name in names if not closed & set(name.split("."))]


def test_no_door_stays_shut(whole_app: Flask) -> None:
    """A module of pages that nobody imports has pages that nobody can open."""
    doors = [
        place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for place in modules()
        if {"routes", "staff", "tasks", "receivers"} & set(place.removesuffix(".py").split("/"))
    ]
    assert [name for name in doors if name not in sys.modules] == []


def shown_enums() -> list[type[StrEnum]]:
    """Every enumeration of ours whose values a badge shows."""
    load_all()
    ours = [e for e in StrEnum.__subclasses__() if e.__module__.startswith("portal.")]
    return sorted((e for e in ours if e.__name__.endswith("State")), key=lambda e: e.__qualname__)


def labels_of(kind: type[StrEnum]) -> dict[StrEnum, Any]:
    """By the enumeration's own `label`, or by a table of labels in some module."""
    if hasattr(kind, "label"):
        return {member: member.label for member in kind}
    for module in load_all():
        for name, table in vars(module).items():
            if name.endswith("LABELS") and isinstance(table, dict) and set(table) == set(kind):
                return table
    return {}


# Never shown to anybody: the machinery's own states.
UNSEEN = {"JobState", "MessageState"}


def test_every_state_has_words_in_both_languages(whole_app: Flask) -> None:
    wrong = []
    with whole_app.app_context():
        for kind in shown_enums():
            labels = labels_of(kind) if kind.__name__ not in UNSEEN else dict.fromkeys(kind, "-")
            wrong += [
                f"{kind.__name__}.{member.name}"
                for member in kind
                if not all(both(labels.get(member, "")).values())
            ]
    assert wrong == []


def test_every_state_has_its_colour() -> None:
    css = (ROOT / "static" / "css" / "states.css").read_text(encoding="utf-8")
    coloured = set(re.findall(r"\.state-([a-z_]+)", css))
    wrong = [
        f"{kind.__name__}: .state-{member.value}"
        for kind in shown_enums()
        if kind.__name__ not in UNSEEN
        for member in kind
        if member.value not in coloured
    ]
    assert wrong == []
