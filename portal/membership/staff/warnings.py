"""Mail addresses of an application that a tired eye takes for others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from portal.core.i18n import _
from portal.domain.lookalikes import LookAlike, LookAlikeReason, find_look_alikes
from portal.membership.models import ApplicationRevision

PAGES = ("representative", "contact", "billing", "learners")


def addresses_in(content: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Every mail address that the company typed, each once."""
    typed = (
        str(value)
        for page in PAGES
        for name, value in content.get(page, {}).items()
        if name.partition("_")[0] == "email" and value
    )
    return list(dict.fromkeys(typed))


def address_warnings(revision: ApplicationRevision, known: Iterable[str]) -> list[str]:
    """In words: addresses against one another, against `known` people, and their domains against the web site."""
    typed = addresses_in(revision.content)
    others = list(dict.fromkeys([*typed, *known]))
    found = [warning for address in typed for warning in find_look_alikes(address, others)]
    host = urlsplit(str(revision.content.get("profile", {}).get("website") or "")).hostname or ""
    bare = host.removeprefix("www.")
    domains = dict.fromkeys(address.rpartition("@")[2] for address in typed)
    if bare:
        found += [w for domain in domains for w in find_look_alikes(domain, [bare]) if w.other]
    seen: dict[frozenset[str], str] = {}
    for warning in found:
        seen.setdefault(frozenset((warning.text, warning.other)), _words(warning))
    return list(seen.values())


def _words(warning: LookAlike) -> str:
    if warning.reason is LookAlikeReason.MIXED_ALPHABETS:
        return _(
            "%(text)s mixes letters of different alphabets. Please ask the company by telephone.",
            text=warning.text,
        )
    return _(
        "%(text)s and %(other)s look alike but are not the same. Please compare them letter by letter.",
        text=warning.text,
        other=warning.other,
    )
