"""Lists whose filter, search and order stand in the URL: read them, and write the next one."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from flask import request

from portal.core.links import url_for

Kind = TypeVar("Kind", bound=StrEnum)
LONGEST_SEARCH = 100
LATEST_YEAR = 9000


def chosen(name: str, kind: type[Kind]) -> Kind | None:
    """The member of `kind` that the URL names; nonsense counts as nothing."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def chosen_year(name: str = "year") -> int | None:
    """The fiscal year in the URL; nonsense counts as nothing."""
    text = request.args.get(name, "")
    good = text.isascii() and text.isdigit() and len(text) == 4 and 2000 <= int(text) <= LATEST_YEAR
    return int(text) if good else None


def typed(name: str = "q") -> str:
    """What was searched for, without what no database can hold."""
    return request.args.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def ticked() -> tuple[int, ...]:
    """Numbers of the rows that were ticked."""
    sent = request.form.getlist("ids")[:1000]
    return tuple(int(i) for i in sent if i.isascii() and i.isdigit() and len(i) < 19)


class Address:
    """The URL of a list with its present filters; `to` changes some and goes back to the first page."""

    def __init__(self, endpoint: str, **filters: Any) -> None:
        self.endpoint = endpoint
        self.filters = {name: value for name, value in filters.items() if value not in (None, "", False)}

    def to(self, **changes: Any) -> str:
        """The list with these filters changed; None or an empty word takes one away."""
        merged = {n: v for n, v in (self.filters | changes).items() if v not in (None, "", False)}
        return url_for(self.endpoint, **merged)

    def without(self, *names: str) -> dict[str, Any]:
        """The filters but these, for a form that brings them itself."""
        return {name: value for name, value in self.filters.items() if name not in names}


def chip(label: Any, url: str, active: bool) -> dict[str, Any]:
    """One filter chip."""
    return {"label": label, "url": url, "active": active, "count": None}


def sortable(
    address: Address,
    label: Any,
    order: StrEnum,
    present: StrEnum,
    is_descending: bool,
    *,
    css: str = "",
    falls: bool = False,
) -> dict[str, Any]:
    """A column's head that sorts, the other way round when it sorts already.

    `falls`: what the column shows goes down while its key goes up, as days waiting do since a moment.
    """
    here = order is present
    turned = "down" if here and not is_descending else None
    column = {"label": label, "class": css, "sort": address.to(sort=order.value, dir=turned)}
    return column | ({"sorted": "descending" if is_descending != falls else "ascending"} if here else {})
