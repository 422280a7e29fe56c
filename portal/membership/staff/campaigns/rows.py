"""The rows of the board, on the page and in the file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.core import clock
from portal.core.access import actor
from portal.core.exports import Cell, send_table, wanted_format
from portal.core.formats import fiscal_year
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import LARGEST_EXPORT, whole
from portal.membership.queries import renewals as reads
from portal.membership.queries.renewal_board import (
    find_renewals,
)
from portal.membership.renewing import DECLINE_LABELS, RENEWAL_LABELS, WAY_LABELS
from portal.membership.staff.addresses import ticked
from portal.membership.staff.blueprint import blueprint, readers
from portal.membership.staff.campaigns.filters import address_of, wanted_rows


class BoardRow(NamedTuple):
    """A renewal as the list and the file show it."""

    id: int
    company: str
    corporate_number: str
    state: str
    state_word: str
    tier_now: str
    tier_next: str
    total_yen: int | None
    deadline_on: date
    next_on: date | None
    way: str
    reason: str

    def cells(self) -> list[Cell]:
        """Each fact in a cell of its own."""
        return [
            self.company, self.corporate_number, self.state_word, self.tier_now, self.tier_next, self.total_yen,
            self.deadline_on, self.next_on, self.way, self.reason,
        ]  # fmt: skip


@blueprint.post("/membership/renewals/<id:campaign_id>/export")
@readers
def export_renewals(campaign_id: int) -> Response:
    """The ticked rows, or the whole list as it is filtered and sorted, as CSV or XLSX."""
    campaign = reads.campaign_numbered(actor(), campaign_id)
    wanted, kind = wanted_rows(campaign_id, ids=ticked()), wanted_format()
    rows = board_rows(whole(find_renewals(actor(), wanted, language=current_language(), size=LARGEST_EXPORT)))
    note_export(
        name="renewals",
        kind=kind.value,
        rows=len(rows),
        by=actor(),
        wanted=address_of(campaign_id).without("campaign_id"),
    )
    title = _("Renewals")
    return send_table(
        kind,
        name=f"{title}_{fiscal_year(campaign.fiscal_year)}_{clock.today().isoformat()}",
        title=title,
        head=[str(label) for label in _heads()],
        rows=[row.cells() for row in rows],
    )


def _heads() -> list[Any]:
    return [
        _("Company"), _("Corporate number"), _("State"), _("Tier of this year"), _("Tier of the next year"),
        _("Fee (tax included)"), _("Answer by"), _("Next step on"), _("Answered"), _("Reason"),
    ]  # fmt: skip


def board_rows(found: Iterable[Any]) -> list[BoardRow]:
    """What was read, with its words."""
    words, ways, reasons = in_words(RENEWAL_LABELS), in_words(WAY_LABELS), in_words(DECLINE_LABELS)
    return [
        BoardRow(
            id, company, number or "", state, words[state], before or "", after or "", total, deadline_on, next_on,
            ways.get(way, ""), reasons.get(reason, ""),
        )
        for id, company, number, state, before, after, total, deadline_on, next_on, way, reason in found
    ]  # fmt: skip
