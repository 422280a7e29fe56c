"""The Japanese catalogue is complete and sound, and Japanese words stand nowhere else."""

from __future__ import annotations

import re

from flask import Flask
from jinja2 import nodes

from portal.core.i18n import FOLDER
from tests.support.catalogue import asked_for, japanese, japanese_of
from tests.support.sources import modules, strings_but_docstrings, templates

JAPANESE = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uff01-\uff9f]")
PLACE = re.compile(r"%(?:\(\w+\))?[sd]")
SPOKEN = re.compile(r"(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"")
LATIN_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
# Where Japanese is data and not a word of the page.
DATA = (
    "portal/domain/",  # letters and digits to read, the legal wording of documents
    "portal/core/formats.py",  # weekdays
    "portal/core/forms/",  # full-width digits and signs in the shape of a telephone number
    "portal/membership/forms/checks.py",  # … and of a postal code
    "portal/core/i18n.py",  # the languages' own names
    "portal/core/pdf.py",  # a range of letters that join the one before
    "portal/gateways/stripe_standin/",  # another house's pages, with words of its own
    "portal/cli/demo/",  # invented people and companies, and texts that are accepted word for word
    "portal/cli/serve.py",
    "portal/membership/services/tiers.py",  # a word of the published table
)
ENDS_WITH_A_NAME = re.compile(r"%\((?:company|organisation|name_en|buyer|payer)\)s\.(?:\s|$)")
EXAMPLE = re.compile(r"^(?:For example|.*\bsuch as|.*\blike)\b", re.IGNORECASE)


def test_every_text_has_its_japanese() -> None:
    known = japanese_of()
    missing = {msgid: place for msgid, place in asked_for().items() if not known.get(msgid)}
    assert missing == {}
    assert len(known) > 100


def test_no_sentence_ends_with_the_name_of_a_company() -> None:
    """Many names end with a full stop of their own ("Inc.", "Co., Ltd.")."""
    assert [msgid for msgid in asked_for() if ENDS_WITH_A_NAME.search(msgid)] == []


def test_nothing_is_left_over() -> None:
    assert sorted(set(japanese_of()) - set(asked_for())) == []


def test_nothing_is_a_guess() -> None:
    assert [str(m.id) for m in japanese() if m.id and m.fuzzy] == []


def test_every_form_of_a_counted_message_is_there() -> None:
    counted = [m for m in japanese() if isinstance(m.id, tuple)]
    assert [m.id for m in counted if not isinstance(m.string, tuple) or not all(m.string)] == []


def test_places_are_the_same() -> None:
    wrong = []
    for message in japanese():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACE.findall(str(ids[-1])))
        for text in words if message.id else ():
            if set(PLACE.findall(text)) != wanted or (
                wanted and "%" in PLACE.sub("", text).replace("%%", "")
            ):
                wrong.append((ids, text))
    assert wrong == []


def test_no_sentence_stayed_english() -> None:
    same = [k for k, v in japanese_of().items() if LATIN_WORDS.search(k) and not JAPANESE.search(v)]
    assert same == []


def test_msgids_are_english() -> None:
    assert [msgid for msgid in asked_for() if JAPANESE.search(msgid) and not EXAMPLE.search(msgid)] == []


def test_japanese_is_written_in_its_own_signs() -> None:
    """A sentence ends with 。 and has 、 inside."""
    assert [v for v in japanese_of().values() if re.search(r"[\u3040-\u9fff][.,!?:;](?:\s|$)", v)] == []


def test_code_holds_no_japanese() -> None:
    found = [
        f"{place}:{text.lineno}: {text.value[:40]!r}"
        for place, tree in modules().items()
        if not place.startswith(DATA)
        for text in strings_but_docstrings(tree)
        if JAPANESE.search(text.value) and text.value not in asked_for()
    ]
    assert found == []


def test_templates_hold_no_japanese(whole_app: Flask) -> None:
    found = []
    for name, source in templates(".html", ".txt").items():
        tree = whole_app.jinja_env.parse(source, name)
        said = [(n.data, n.lineno) for n in tree.find_all(nodes.TemplateData)]
        said += [(n.value, n.lineno) for n in tree.find_all(nodes.Const) if isinstance(n.value, str)]
        found += [f"{name}:{line}: {text.strip()[:40]!r}" for text, line in said if JAPANESE.search(text)]
    assert found == []


def test_templates_hold_no_english_either() -> None:
    """Words between tags go through `_()`: what is left are names, signs and abbreviations."""
    found = []
    for name, source in templates(".html").items():
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
        for words in re.sub(r"<[^>]*>", "\0", bare).split("\0"):
            if LATIN_WORDS.search(words):
                found.append(f"{name}: {' '.join(words.split())[:60]!r}")
        found += [f"{name}: {said}" for said in SPOKEN.findall(bare) if LATIN_WORDS.search(said)]
    assert found == []


def test_the_compiled_catalogue_says_the_same() -> None:
    """`make` compiles it; a stale one would show old words."""
    from babel.messages.mofile import read_mo

    with (FOLDER / "ja" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        compiled = {
            str(m.id[0] if isinstance(m.id, (tuple, list)) else m.id): m.string for m in read_mo(file) if m.id
        }
    first = {k: str(v[0] if isinstance(v, (tuple, list)) else v) for k, v in compiled.items()}
    assert first == {k: v for k, v in japanese_of().items() if v}
