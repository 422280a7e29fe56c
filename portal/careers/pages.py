"""What pages show of a profile, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.careers.enums import ITEM_LABELS, ProfileItem
from portal.careers.queries.profiles import Disclosed
from portal.core.formats import day, moment
from portal.core.forms import day_and_time
from portal.core.i18n import _, ngettext

LONG = (
    ProfileItem.ABOUT,
    ProfileItem.RESEARCH,
    ProfileItem.SKILLS,
    ProfileItem.PUBLICATIONS,
    ProfileItem.WISHES,
)


@dataclass(frozen=True, slots=True)
class ProfileSheet:
    """Short facts (label, value) and long texts (heading, words), without what is empty."""

    facts: list[tuple[str, str]]
    texts: list[tuple[str, str]]


def profile_sheet(shown: Disclosed) -> ProfileSheet:
    """What `shown` says; its files are the caller's to link."""
    words = [(item, str(ITEM_LABELS[item]), text) for item, text in shown.texts.items()]
    facts = [(label, text) for item, label, text in words if item not in LONG]
    if period := period_words(shown):
        facts.append((str(ITEM_LABELS[ProfileItem.PERIOD]), period))
    return ProfileSheet(facts, [(label, text) for item, label, text in words if item in LONG])


def period_words(shown: Disclosed) -> str:
    """`1 Sep 2026 to 31 Mar 2027, at most 12 weeks`; empty where nothing is said."""
    parts = []
    if shown.free_from and shown.free_until:
        parts.append(_("%(start)s to %(end)s", start=day(shown.free_from), end=day(shown.free_until)))
    elif shown.free_from:
        parts.append(_("from %(day)s", day=day(shown.free_from)))
    elif shown.free_until:
        parts.append(_("until %(day)s", day=day(shown.free_until)))
    if shown.most_weeks:
        parts.append(ngettext("at most %(num)d week", "at most %(num)d weeks", shown.most_weeks))
    return _(", ").join(parts)


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """`13:00 to 13:45`, where the day stands above."""
    return _("%(start)s to %(end)s", start=day_and_time(starts_at)[1], end=day_and_time(ends_at)[1])


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """`Wed 10 Jun 2026 13:00 to 13:45`."""
    return _("%(start)s to %(end)s", start=moment(starts_at), end=day_and_time(ends_at)[1])
