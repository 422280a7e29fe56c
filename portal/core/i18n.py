"""Japanese and English. Msgids are English; Japanese is the default; the choice stands with the person or the visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from babel.support import Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, LazyString, force_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from portal.core.access import current_actor
from portal.settings import ROOT

LANGUAGES = {"ja": "日本語", "en": "English"}
DEFAULT = "ja"
FOLDER = ROOT / "portal" / "translations"

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "_",
    "_l",
    "current_language",
    "in_language",
    "init_app",
    "lazy_ngettext",
    "ngettext",
]


def _(msgid: str, **variables: Any) -> str:
    """The words in the reader's language."""
    said = words_in(current_language()).get(msgid) or msgid
    return said % variables if variables else said


class Words(LazyString):  # type: ignore[misc]
    """Looked up when they are shown. They may carry what somebody typed, so a page escapes them like any other text."""

    def __html__(self) -> str:
        return str(escape(str(self)))


def _l(msgid: str, **variables: Any) -> Any:
    """Words that are looked up when they are shown."""
    return Words(_, msgid, **variables)


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """The words for a number of things."""
    return _plural_form(singular, plural, num) % {"num": num, **variables}


def lazy_ngettext(singular: str, plural: str, num: int, **variables: Any) -> Any:
    """`ngettext`, looked up when it is shown."""
    return Words(ngettext, singular, plural, num, **variables)


def current_language() -> str:
    """`ja` or `en`, for this request or inside `in_language`."""
    try:
        here = g._get_current_object()  # asked for dozens of times a page: straight to it
    except RuntimeError:  # no application context: a script
        return DEFAULT
    try:
        return str(here.language)
    except AttributeError:
        here.language = chosen = _choose()
        return chosen


def _choose() -> str:
    if not has_request_context():
        return DEFAULT
    person = current_actor()
    return person.language if person is not None else visitor_language()


def visitor_language() -> str:
    """What the visit itself says, without asking who it is: the switch, then the browser, then Japanese."""
    visit = session.get("language")
    if visit in LANGUAGES:
        return str(visit)
    return request.accept_languages.best_match(list(LANGUAGES), default=DEFAULT) or DEFAULT


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Everything rendered inside is in `language` (mail and documents for somebody else)."""
    before = g.get("language")
    g.language = language
    try:
        with force_locale(language):
            yield
    finally:
        if before is None:  # not chosen yet: the choice is made when somebody asks
            g.pop("language", None)
        else:
            g.language = before


def both(text: Any) -> dict[str, str]:
    """A lazy text in each language."""
    found = {}
    for language in LANGUAGES:
        with in_language(language):
            found[language] = str(text)
    return found


def in_words(labels: Mapping[Any, Any]) -> dict[Any, str]:
    """A table of lazy labels in the reader's language, for lists; `labels` is a constant, looked up once a language."""
    key = (id(labels), current_language())
    if key not in _in_words:
        _in_words[key] = labels, {value: str(label) for value, label in labels.items()}
    return _in_words[key][1]


_in_words: dict[tuple[int, str], tuple[Mapping[Any, Any], dict[Any, str]]] = {}


@cache
def words_in(language: str) -> dict[Any, str]:
    """All messages of a language, read once: a page asks for a hundred of them."""
    found: dict[Any, str] = getattr(Translations.load(str(FOLDER), [language]), "_catalog", {})
    return found


@pass_eval_context
def translate(where: EvalContext, msgid: str, **variables: Any) -> str:
    """A template's `_()`: the translation is trusted, its variables are escaped but in plain text."""
    said = words_in(current_language()).get(msgid) or msgid
    text = Markup(said) if where.autoescape else said  # noqa: S704
    return text % variables if "%" in text else text


@pass_eval_context
def translate_plural(where: EvalContext, singular: str, plural: str, number: int, **variables: Any) -> str:
    """A template's `ngettext()`; English has two forms, Japanese one."""
    said = _plural_form(singular, plural, number)
    text = Markup(said) if where.autoescape else said  # noqa: S704
    return text % {"num": number, **variables}


def _plural_form(singular: str, plural: str, number: int) -> str:
    form = 0 if number == 1 or current_language() != "en" else 1
    return words_in(current_language()).get((singular, form)) or (plural if form else singular)


def init_app(app: Flask) -> None:
    """Attach Babel with our catalogue and our choice of language."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Tokyo",
        default_translation_directories=str(FOLDER),
        locale_selector=current_language,
    )
    words = {"_": translate, "gettext": translate, "ngettext": translate_plural}
    app.jinja_env.globals.update(words, languages=LANGUAGES, current_language=current_language)
