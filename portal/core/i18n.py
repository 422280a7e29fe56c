"""Japanese and English. Msgids are English; Japanese is the default; the choice stands with the person or the visit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, lazy_ngettext, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

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


def current_language() -> str:
    """`ja` or `en`, for this request or inside `in_language`."""
    if not has_app_context():
        return DEFAULT
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = g.language = _choose()
    return chosen


def _choose() -> str:
    if not has_request_context():
        return DEFAULT
    person = current_actor()
    if person is not None:
        return person.language
    visit = session.get("language")
    if visit in LANGUAGES:
        return str(visit)
    return request.accept_languages.best_match(list(LANGUAGES), default=DEFAULT) or DEFAULT


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Everything rendered inside is in `language` (mail and documents for somebody else)."""
    before = g.get("language")
    g.language = language
    with force_locale(language):
        yield
    g.language = before


def both(text: Any) -> dict[str, str]:
    """A lazy text in each language."""
    found = {}
    for language in LANGUAGES:
        with in_language(language):
            found[language] = str(text)
    return found


def init_app(app: Flask) -> None:
    """Attach Babel with our catalogue and our choice of language."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone="Asia/Tokyo",
        default_translation_directories=str(FOLDER),
        locale_selector=current_language,
    )
    app.jinja_env.globals.update(languages=LANGUAGES, current_language=current_language)
