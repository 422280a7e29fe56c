"""Keep what is typed on a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.i18n import _, _l
from portal.membership.models import Application
from portal.membership.pages import BY_NAME
from portal.membership.services.drafts.rules import lock_application

LONGEST_WORDS = 10_000


MOST_FIELDS = 80


Typed = Mapping[str, str | list[str]]


class NewerVersion(OutOfDate):
    """Another device saved this page since it was opened; `.application` holds what it says now."""

    def __init__(self, message: Any, application: Application) -> None:
        super().__init__(message)
        self.application = application


def save_draft(
    *,
    application: Application,
    page: str,
    typed: Typed,
    editor: str,
    seen: int,
    by: Actor,
    overwrite: bool = False,
) -> int:
    """Keep what was typed on a page, whatever its sense; returns the page's new version.

    `editor` is the open page that sends (its one-time key), `seen` the version it was opened with. Raises NewerVersion
    when another open page saved in between (unless `overwrite`), Refused for words that no database holds or that are
    too long, and when the application is no longer editable.
    """
    if page not in BY_NAME:
        raise NotFound
    words = {name: _storable(name, value) for name, value in list(typed.items())[:MOST_FIELDS]}
    locked = lock_application(application)
    if not locked.state.is_editable:
        raise OutOfDate(_l("This application has been sent in; it can be changed only when it comes back."))
    mark = dict(locked.marks.get(page, {}))
    if mark and mark["editor"] != editor and mark["version"] != seen and not overwrite:
        raise NewerVersion(_l("This page was changed elsewhere in the meantime."), locked)
    version = int(mark.get("version", 0)) + 1
    if words != locked.draft.get(page) or not mark:
        locked.draft = {**locked.draft, page: words}
    now = clock.now()
    mark |= {"version": version, "editor": editor, "at": now.isoformat(), "by": by.id}
    mark["hands"] = sorted({*mark.get("hands", ()), by.id})
    locked.marks = {**locked.marks, page: mark}
    locked.draft_saved_at = now
    db.session.flush()
    return version


def _storable(name: str, value: str | list[str]) -> str | list[str]:
    if isinstance(value, list):
        return [str(_storable(name, part)) for part in value[:MOST_FIELDS]]
    if len(value) > LONGEST_WORDS:
        raise Refused(_("Please keep this to %(max)d characters.", max=LONGEST_WORDS), field=name)
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t":
            raise Refused(_("Please remove the invisible control character from this field."), field=name)
    return value
