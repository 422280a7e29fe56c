"""A student writes the profile, opens items to companies, hands in CV and summary."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import or_, update

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.audit.services import record
from portal.careers.enums import TEXTS, ProfileItem
from portal.careers.models import StudentProfile
from portal.careers.queries.profiles import profile_of, standing_profile
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.contact import without_contact
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l

CHANGED = _l("This profile was changed elsewhere in the meantime. Please compare the two.")
NOT_YOURS = _l("Profiles are written by doctoral students.")
PERIOD = ("free_from", "free_until", "most_weeks")
WRITTEN = (*(item.value for item in TEXTS), *PERIOD)


def save_profile(
    *, values: Mapping[str, Any], opened: Collection[str], seen: int, editor: str, by: Actor, overwrite: bool = False
) -> int:  # fmt: skip
    """Keep what was typed and which items are open; gives the new version.

    `seen` is the version that the page was filled with, `editor` the page itself, which may save again and again.
    Raises OutOfDate where another page saved meanwhile, unless `overwrite`; Refused at its field.
    """
    profile = own_profile(by)
    items = [item.value for item in ProfileItem if item.value in opened]
    _check(values, items)
    mine = StudentProfile.id == profile.id
    fresh = or_(StudentProfile.version == seen, StudentProfile.editor == editor) if not overwrite else mine
    before = {ProfileItem(item) for item in profile.opened}
    kept = {name: values[name] for name in WRITTEN}
    change_one(
        profile,
        update(StudentProfile).where(mine, fresh).values(
            **kept, opened=items, editor=editor, version=StudentProfile.version + 1, changed_at=clock.now()
        ),
        CHANGED,
    )  # fmt: skip
    _note_opened(by, before, {ProfileItem(item) for item in items})
    return profile.version


def own_profile(by: Actor) -> StudentProfile:
    """The student's row, made when it is first needed. Raises Refused for everybody else."""
    if not by.has(Role.STUDENT):
        raise Refused(NOT_YOURS)
    found = standing_profile(by.id)
    return found or add_or_find(profile_of(by.id), lambda: standing_profile(by.id))[0]


def _check(values: Mapping[str, Any], opened: Collection[str]) -> None:
    first, last = values["free_from"], values["free_until"]
    if first and last and last < first:
        raise Refused(_l("The last day has to lie after the first."), field="free_until")
    for item in TEXTS:
        if item.value in opened:
            without_contact(values[item.value], field=item.value)


def _note_opened(by: Actor, before: Collection[ProfileItem], after: Collection[ProfileItem]) -> None:
    if set(before) == set(after):
        return
    order = list(ProfileItem)
    old, new = (sorted(items, key=order.index) for items in (before, after))
    person = db.session.get_one(Person, by.id)
    record(verb="profile.disclosed", subject=person, by=by, changes={"opened": [old, new]})
