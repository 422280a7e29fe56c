"""What a what-if changed, in the reader's words. Of a company's ties it says no more than the office asked: whether there were any
to change is nobody's to read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from portal.core.i18n import _, ngettext
from portal.domain.matching import CapKind
from portal.matching.models import MatchAttempt
from portal.matching.pages import CAPS

TIES = ("split_tier", "merged_tiers")


def ids_in(overrides: Sequence[Mapping[str, Any]]) -> set[str]:
    """Postings, companies and students that the words need by name."""
    plain = [each for each in overrides if each["kind_of_change"] not in TIES]
    return {each[name] for each in plain for name in ("posting", "company", "student") if name in each}


def change_words(
    overrides: Sequence[Mapping[str, Any]], names: Mapping[str, str], base: MatchAttempt | None = None
) -> list[str]:
    """One line a change; with the base of a run also what it was before."""
    market = json.loads(base.market) if base is not None and base.market else {}
    lines = [_line(each, names, market) for each in overrides] or [_ties()]
    return list(dict.fromkeys(lines))


def _ties() -> str:
    return _("How a company tells students apart whom it ranks")


def _line(change: Mapping[str, Any], names: Mapping[str, str], market: Mapping[str, Any]) -> str:
    match change["kind_of_change"]:
        case "posting_capacity":
            was = market.get("postings", {}).get(change["posting"], {}).get("capacity")
            return _places(names.get(change["posting"], "—"), was, change["capacity"])
        case "company_capacity":
            was = market.get("companies", {}).get(change["company"], {}).get("capacity")
            return _places(names.get(change["company"], "—"), was, change["capacity"])
        case "added_veto":
            student, posting = (names.get(change[side], "—") for side in ("student", "posting"))
            return _("%(student)s cannot come to %(posting)s", student=student, posting=posting)
        case "cap_limit":
            name = f"{CAPS[CapKind(change['kind'])]} {change['name']}"
            if change["limit"] is None:
                return _("%(name)s: no limit", name=name)
            return ngettext(
                "%(name)s: %(num)d student at most",
                "%(name)s: %(num)d students at most",
                change["limit"],
                name=name,
            )
        case "lottery":
            return _("Another lottery")
    return _ties()


def _places(name: str, was: int | None, now: int) -> str:
    if was is None:
        return ngettext("%(name)s: %(num)d place", "%(name)s: %(num)d places", now, name=name)
    return _("%(name)s: %(was)s → %(now)s places", name=name, was=was, now=now)
