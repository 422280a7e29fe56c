"""Renewal campaigns: their days, the preview before one begins, the board with its list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.accounts.services.exports import note_export
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.exports import Cell, send_table, wanted_format
from portal.core.formats import fiscal_year
from portal.core.forms import refuse
from portal.core.i18n import _, current_language, in_words
from portal.core.integrity import as_refusal
from portal.core.pages import LARGEST_EXPORT, cursor_argument, page, whole
from portal.core.transaction import rollback
from portal.domain.reminder_ladder import USUAL_LADDER
from portal.domain.renewal_flow import RenewalState
from portal.domain.terms import FiscalYear
from portal.membership import queries
from portal.membership.models import RenewalCampaign
from portal.membership.policy import RENEWAL_ROLES
from portal.membership.queries import renewals as reads
from portal.membership.queries.renewal_board import (
    BoardFilter,
    BoardOrder,
    find_renewals,
    funnel_of,
    tally_of,
)
from portal.membership.renewing import DECLINE_LABELS, RENEWAL_LABELS, WAY_LABELS
from portal.membership.services import renewals as verbs
from portal.membership.staff.addresses import Address, chip, chosen, sortable, ticked, typed
from portal.membership.staff.blueprint import blueprint, keepers, readers
from portal.membership.staff.renewal_forms import CampaignForm, ladder_in_words, typed_ladder

ENDPOINT = "membership_staff.show_campaign"
CONFIRM, CHANGE = "confirm", "change"


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


@blueprint.get("/membership/renewals")
@readers
def list_campaigns() -> Response:
    """Every campaign with how far it has come."""
    found = reads.campaigns()
    return page(
        "staff/membership/list_campaigns.html",
        campaigns=[(campaign, tally_of(campaign.id).counts) for campaign in found[:5]],
        keeps=_keeps(),
        owed=reads.owed_by_lapsed(),
    )


@blueprint.route("/membership/renewals/new", methods=["GET", "POST"])
@keepers
def add_campaign() -> Response:
    """Type the days, see who gets what, begin."""
    form = CampaignForm(data=_usual_days())
    if not form.validate_on_submit() or request.form.get("step") == CHANGE:
        return page("staff/membership/edit_campaign.html", form=form, campaign=None)
    try:
        if request.form.get("step") == CONFIRM:
            campaign = verbs.create_campaign(**form.days(), by=actor())
            flash(_("The campaign has begun."), "success")
            return redirect(url_for(ENDPOINT, campaign_id=campaign.id))
        plan = verbs.preview_campaign(form.days(), current_language())
    except (Refused, IntegrityError) as error:
        _refuse(form, error)
        return page("staff/membership/edit_campaign.html", form=form, campaign=None)
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")
    ]
    return page(
        "staff/membership/preview_campaign.html", form=form, plan=plan, kept=kept, confirm=CONFIRM, change=CHANGE,
        days=form.days(), reminders=ladder_in_words(form.steps()), today=clock.today(),
    )  # fmt: skip


@blueprint.route("/membership/renewals/<id:campaign_id>/edit", methods=["GET", "POST"])
@keepers
def edit_campaign(campaign_id: int) -> Response:
    """Other days, another ladder; renewals with a day of their own keep it."""
    campaign = reads.campaign_numbered(actor(), campaign_id)
    form = CampaignForm(data=_days_of(campaign))
    form.fiscal_year.data = campaign.fiscal_year
    if form.validate_on_submit():
        days = {name: value for name, value in form.days().items() if name != "fiscal_year"}
        try:
            moved = verbs.change_campaign(campaign=campaign, by=actor(), **days)
            flash(
                _("The days are saved. Deadlines moved: %(number)s. No mail goes out for it.", number=moved),
                "success",
            )
            return redirect(url_for(ENDPOINT, campaign_id=campaign_id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            campaign = reads.campaign_numbered(actor(), campaign_id)
    return page("staff/membership/edit_campaign.html", form=form, campaign=campaign)


@blueprint.get("/membership/renewals/<id:campaign_id>")
@readers
def show_campaign(campaign_id: int) -> Response:
    """The board: counts, the funnel, and the list, filtered, searched and sorted."""
    campaign = reads.campaign_numbered(actor(), campaign_id)
    wanted, address = _wanted(campaign_id), _address(campaign_id)
    found = find_renewals(actor(), wanted, language=current_language(), cursor=cursor_argument())
    window, tally = queries.window_of(campaign.fiscal_year), tally_of(campaign_id)
    return page(
        "staff/membership/show_campaign.html",
        campaign=campaign,
        funnel=funnel_of(campaign_id, tally),
        places=queries.places_in(window) if window else None,
        keeps=_keeps(),
        rows=_rows(found.items),
        columns=_columns(wanted, address),
        chips=_chips(wanted, address, tally.counts),
        address=address,
        text=wanted.text,
        is_filtered=bool(address.without("sort", "dir", "campaign_id")),
        next_url=address.to(after=found.next_cursor) if found.next_cursor else None,
        first_url=address.to() if "after" in request.args else None,
        export_url=url_for("membership_staff.export_renewals", **address.filters),
    )


@blueprint.post("/membership/renewals/<id:campaign_id>/export")
@readers
def export_renewals(campaign_id: int) -> Response:
    """The ticked rows, or the whole list as it is filtered and sorted, as CSV or XLSX."""
    campaign = reads.campaign_numbered(actor(), campaign_id)
    wanted, kind = _wanted(campaign_id, ids=ticked()), wanted_format()
    rows = _rows(whole(find_renewals(actor(), wanted, language=current_language(), size=LARGEST_EXPORT)))
    note_export(
        name="renewals",
        kind=kind.value,
        rows=len(rows),
        by=actor(),
        wanted=_address(campaign_id).without("campaign_id"),
    )
    title = _("Renewals")
    return send_table(
        kind,
        name=f"{title}_{fiscal_year(campaign.fiscal_year)}_{clock.today().isoformat()}",
        title=title,
        head=[str(label) for label in _heads()],
        rows=[row.cells() for row in rows],
    )


def _keeps() -> bool:
    return not actor().staff_roles.isdisjoint(RENEWAL_ROLES)


def _usual_days() -> dict[str, Any]:
    """The first year that has no campaign; ninety days before the end of the year before, or today when that has passed."""
    taken = {campaign.fiscal_year for campaign in reads.campaigns()}
    year = FiscalYear.of(clock.today())
    while year.next.year in taken:
        year = year.next
    deadline = year.ends_on
    offers = max(clock.today(), deadline + timedelta(days=USUAL_LADDER[0]))
    return {
        "fiscal_year": year.next.year, "offers_on": offers, "deadline_on": deadline, "grace_days": 30,
        "suspension_days": 30, **typed_ladder(USUAL_LADDER),
    }  # fmt: skip


def _days_of(campaign: RenewalCampaign) -> dict[str, Any]:
    return {
        "fiscal_year": campaign.fiscal_year, "offers_on": campaign.offers_on, "deadline_on": campaign.deadline_on,
        "grace_days": campaign.grace_days, "suspension_days": campaign.suspension_days, **typed_ladder(campaign.ladder),
    }  # fmt: skip


def _refuse(form: CampaignForm, error: Refused | IntegrityError) -> None:
    refusal = error if isinstance(error, Refused) else as_refusal(error)
    rollback()
    if refusal is None:
        raise error
    refuse(form, refusal)


def _wanted(campaign_id: int, ids: tuple[int, ...] = ()) -> BoardFilter:
    return BoardFilter(
        campaign_id=campaign_id,
        state=chosen("state", RenewalState),
        changed=request.args.get("changed") == "1",
        text=typed(),
        order=chosen("sort", BoardOrder) or BoardOrder.COMPANY,
        is_descending=request.args.get("dir") == "down",
        ids=ids,
    )


def _address(campaign_id: int) -> Address:
    state, sort = chosen("state", RenewalState), chosen("sort", BoardOrder)
    return Address(
        ENDPOINT,
        campaign_id=campaign_id,
        state=state.value if state else None,
        changed="1" if request.args.get("changed") == "1" else None,
        q=typed(),
        sort=sort.value if sort else None,
        dir="down" if request.args.get("dir") == "down" else None,
    )


def _chips(
    wanted: BoardFilter, address: Address, counts: dict[RenewalState, int]
) -> dict[str, list[dict[str, Any]]]:
    states = [
        chip(RENEWAL_LABELS[state], address.to(state=state.value), wanted.state is state)
        | {"count": counts.get(state, 0)}
        for state in RenewalState
        if counts.get(state) or wanted.state is state
    ]
    everybody = chip(_("All"), address.to(state=None), wanted.state is None) | {"count": sum(counts.values())}
    other = chip(_("Another tier"), address.to(changed=None if wanted.changed else "1"), wanted.changed)
    return {"states": [everybody, *states], "marks": [other]}


def _heads() -> list[Any]:
    return [
        _("Company"), _("Corporate number"), _("State"), _("Tier of this year"), _("Tier of the next year"),
        _("Fee (tax included)"), _("Answer by"), _("Next step on"), _("Answered"), _("Reason"),
    ]  # fmt: skip


def _columns(wanted: BoardFilter, address: Address) -> list[dict[str, Any]]:
    def head(label: Any, order: BoardOrder) -> dict[str, Any]:
        return sortable(address, label, order, wanted.order, wanted.is_descending)

    return [
        {"select": "chosen", "class": "tick", "label": ""},
        head(_("Company"), BoardOrder.COMPANY),
        {"label": _("State")},
        {"label": _("Tier")},
        head(_("Answer by"), BoardOrder.DEADLINE),
        {"label": _("Fee (tax included)"), "class": "number"},
    ]


def _rows(found: Iterable[Any]) -> list[BoardRow]:
    words, ways, reasons = in_words(RENEWAL_LABELS), in_words(WAY_LABELS), in_words(DECLINE_LABELS)
    return [
        BoardRow(
            id, company, number or "", state, words[state], before or "", after or "", total, deadline_on, next_on,
            ways.get(way, ""), reasons.get(reason, ""),
        )
        for id, company, number, state, before, after, total, deadline_on, next_on, way, reason in found
    ]  # fmt: skip
