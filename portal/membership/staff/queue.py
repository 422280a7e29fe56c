"""The secretariat's list of applications: what waits, longest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.core import clock
from portal.core.access import actor
from portal.core.exports import Cell, send_table, wanted_format
from portal.core.formats import fiscal_year, year_in
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import LARGEST_EXPORT, cursor_argument, page, whole
from portal.domain.application_flow import ApplicationState
from portal.membership.enums import APPLICATION_LABELS, OPEN_STATES
from portal.membership.queries.queue import QueueFilter, QueueOrder, find_applications, years_of_applications
from portal.membership.staff.addresses import (
    Address,
    chip,
    chosen,
    chosen_year,
    sortable,
    ticked,
    typed,
)
from portal.membership.staff.blueprint import blueprint, readers

ENDPOINT = "membership_staff.list_applications"
ALL = "all"
SENT_STATES = tuple(s for s in ApplicationState if s is not ApplicationState.DRAFT)


class QueueRow(NamedTuple):
    """An application as the list and the file show it; `state` is the value, `state_word` its word."""

    id: int
    company: str
    receipt_number: str
    year: str
    tier: str
    state: str
    state_word: str
    days: int | None
    sent_on: date
    marks: tuple[str, ...]

    def cells(self) -> list[Cell]:
        """What the list shows, each fact in a cell of its own."""
        return [
            self.company, self.receipt_number, self.year, self.tier, self.state_word, self.days, self.sent_on,
            _(", ").join(self.marks),
        ]  # fmt: skip


@blueprint.get("/membership/applications")
@readers
def list_applications() -> Response:
    """What was sent in: filtered by state, year, priority and arrangement; searched; sorted."""
    wanted, address = _wanted(), _address()
    language = current_language()
    found = find_applications(actor(), wanted, language=language, cursor=cursor_argument())
    return page(
        "staff/membership/list_applications.html",
        rows=_rows(found.items, language),
        columns=_columns(wanted, address),
        chips=_chips(wanted, address),
        address=address,
        text=wanted.text,
        is_filtered=bool(address.without("sort", "dir")),
        next_url=address.to(after=found.next_cursor) if found.next_cursor else None,
        first_url=address.to() if "after" in request.args else None,
        export_url=url_for("membership_staff.export_applications", **address.filters),
    )


@blueprint.post("/membership/applications/export")
@readers
def export_applications() -> Response:
    """The ticked rows, or the whole list as it is filtered and sorted, as CSV or XLSX."""
    wanted, kind = _wanted(ids=ticked()), wanted_format()
    language = current_language()
    rows = _rows(whole(find_applications(actor(), wanted, language=language, size=LARGEST_EXPORT)), language)
    note_export(name="applications", kind=kind.value, rows=len(rows), by=actor(), wanted=_address().filters)
    title = _("Applications")
    return send_table(
        kind,
        name=f"{title}_{clock.today().isoformat()}",
        title=title,
        head=[str(label) for label in _heads()],
        rows=[row.cells() for row in rows],
    )


def _state_name() -> str:
    name = request.args.get("state", "")
    return name if name == ALL or name in {s.value for s in SENT_STATES} else ""


def _wanted(ids: tuple[int, ...] = ()) -> QueueFilter:
    state = _state_name()
    states = SENT_STATES if state == ALL else (ApplicationState(state),) if state else OPEN_STATES
    return QueueFilter(
        states=states,
        fiscal_year=chosen_year(),
        is_priority=request.args.get("priority") == "1",
        is_by_arrangement=request.args.get("arrangement") == "1",
        text=typed(),
        order=chosen("sort", QueueOrder) or QueueOrder.WAITING,
        is_descending=request.args.get("dir") == "down",
        ids=ids,
    )


def _address() -> Address:
    order = chosen("sort", QueueOrder)
    return Address(
        ENDPOINT,
        state=_state_name(),
        year=chosen_year(),
        priority="1" if request.args.get("priority") == "1" else None,
        arrangement="1" if request.args.get("arrangement") == "1" else None,
        q=typed(),
        sort=order.value if order else None,
        dir="down" if request.args.get("dir") == "down" else None,
    )


def _chips(wanted: QueueFilter, address: Address) -> dict[str, list[dict[str, Any]]]:
    state = _state_name()
    years = sorted(
        {*years_of_applications(), *([wanted.fiscal_year] if wanted.fiscal_year else [])}, reverse=True
    )
    return {
        "states": [
            chip(_("Under way"), address.to(state=None), not state),
            *(chip(APPLICATION_LABELS[s], address.to(state=s.value), state == s.value) for s in SENT_STATES),
            chip(_("All"), address.to(state=ALL), state == ALL),
        ],
        "years": [
            chip(_("All"), address.to(year=None), wanted.fiscal_year is None),
            *(chip(fiscal_year(y), address.to(year=y), wanted.fiscal_year == y) for y in years),
        ],
        "marks": [
            chip(_("Priority"), address.to(priority=None if wanted.is_priority else "1"), wanted.is_priority),
            chip(
                _("By arrangement"),
                address.to(arrangement=None if wanted.is_by_arrangement else "1"),
                wanted.is_by_arrangement,
            ),
        ],
    }


def _heads() -> list[Any]:
    return [
        _("Company"), _("Receipt number"), _("Fiscal year"), _("Tier"), _("State"), _("Days waiting"), _("Sent in on"),
        _("Notes"),
    ]  # fmt: skip


def _columns(wanted: QueueFilter, address: Address) -> list[dict[str, Any]]:
    def head(label: Any, order: QueueOrder, **more: Any) -> dict[str, Any]:
        return sortable(address, label, order, wanted.order, wanted.is_descending, **more)

    return [
        {"select": "chosen", "class": "tick", "label": ""},
        head(_("Company"), QueueOrder.COMPANY),
        {"label": _("Tier")},
        {"label": _("State")},
        head(_("Days waiting"), QueueOrder.WAITING, css="number", falls=True),
        head(_("Sent in on"), QueueOrder.SENT),
    ]


def _rows(found: Iterable[Any], language: str) -> list[QueueRow]:
    words, today = in_words(APPLICATION_LABELS), clock.today()
    priority, by_arrangement = _("Priority"), _("By arrangement")
    rows = []
    for id, company, number, year, tier, state, moved_at, sent_at, is_first, is_arranged in found:
        marks = ((priority,) if is_first else ()) + ((by_arrangement,) if is_arranged else ())
        days = (today - clock.day_of(moved_at)).days if state in OPEN_STATES else None
        sent_on = clock.day_of(sent_at or moved_at)
        year_word = year_in(language, year)
        rows.append(
            QueueRow(
                id, company, number or "", year_word, tier or "", state, words[state], days, sent_on, marks
            )
        )
    return rows
