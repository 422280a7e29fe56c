"""Extra seats in the office: propose them or write down that they are agreed, withdraw, end by arrangement."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.billing.enums import FeeProduct
from portal.billing.queries.issuers import category_on
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.membership.changing import rest_words
from portal.membership.policy import may_keep_renewals
from portal.membership.queries.seats import seats_for_review
from portal.membership.queries.tier_changes import term_for_review
from portal.membership.seat_pages import seat_data
from portal.membership.services.seats.arranging import close_seats
from portal.membership.services.seats.arranging import end_seats as end
from portal.membership.services.seats.arranging import propose_seats as propose
from portal.membership.services.seats.planning import plan_end, plan_seats, require_going_on
from portal.membership.staff.blueprint import blueprint, keepers, readers
from portal.membership.staff.refusing import undo_and_refuse
from portal.membership.tier_forms import EndSeatsForm, SeatsForm

SHOW, CONFIRM, CHANGE = "membership_staff.show_seats", "confirm", "change"


@blueprint.get("/membership/seats/<id:seats_id>")
@readers
def show_seats(seats_id: int) -> Response:
    """The arrangement with its price, papers, and what can be done."""
    return _page(seats_id)


@blueprint.route("/membership/terms/<id:term_id>/seats", methods=["GET", "POST"])
@keepers
def propose_seats(term_id: int) -> Response:
    """Fill in, see what it costs and who is told, confirm."""
    term = term_for_review(actor(), term_id)
    form, status = SeatsForm(), None
    if request.method != "POST":
        form.category.data = category_on(FeeProduct.TRAINING, clock.today()).value
        form.way.data = "portal"
    elif request.form.get("step") != CHANGE and form.validate():
        try:
            if request.form.get("step") == CONFIRM:
                return _made(term_id, form)
            return _preview(term_id, form)
        except (Refused, IntegrityError) as error:
            status = undo_and_refuse(form, error)
            term = term_for_review(actor(), term_id)
    return page("staff/membership/propose_seats.html", status, form=form, term=term)


@blueprint.post("/membership/seats/<id:seats_id>/withdraw")
@keepers
def withdraw_seats(seats_id: int) -> Response:
    """Take an open offer back."""
    arrangement = seats_for_review(actor(), seats_id)
    try:
        close_seats(arrangement=arrangement, state=SeatState.WITHDRAWN, by=actor())
    except Refused as refused:
        rollback()
        return _page(seats_id, refused)
    flash(_("The offer is withdrawn. The company has been told."), "success")
    return redirect(url_for(SHOW, seats_id=seats_id))


@blueprint.route("/membership/seats/<id:seats_id>/end", methods=["GET", "POST"])
@keepers
def end_seats(seats_id: int) -> Response:
    """End by arrangement; what is given back is shown first."""
    arrangement, form = seats_for_review(actor(), seats_id), EndSeatsForm()
    if form.validate_on_submit():
        try:
            end(arrangement=arrangement, reason=form.reason.data, settled=form.settled.data, by=actor())
            flash(_("The seats have ended. The company has been told."), "success")
            return redirect(url_for(SHOW, seats_id=seats_id))
        except OutOfDate as late:
            rollback()
            return _page(seats_id, late)
        except Refused as refused:
            refuse(form, refused)
    try:
        plan = plan_end(arrangement, arrangement.term)
    except Refused as refused:
        return _page(seats_id, OutOfDate(refused.message))
    return page("staff/membership/end_seats.html", form=form, seats=arrangement, plan=plan)


def _preview(term_id: int, form: SeatsForm) -> Response:
    term = term_for_review(actor(), term_id)
    goes_on = bool(form.goes_on.data)
    plan = plan_seats(
        term, form.seats.data, form.price_yen.data, TaxCategory(form.category.data), goes_on=goes_on
    )
    require_going_on(term, plan, goes_on)
    form.seen.data = plan.fingerprint
    kept = [(n, v) for n, v in request.form.items(multi=True) if n not in ("csrf_token", "step", "seen")]
    return page(
        "staff/membership/preview_seats.html", 200, term=term, form=form, cost=plan.cost, due_on=plan.due_on,
        rest=rest_words(plan.cost.remaining), kept=[*kept, ("seen", plan.fingerprint)], is_agreed=_is_agreed(form),
        confirm=CONFIRM, change=CHANGE,
    )  # fmt: skip


def _made(term_id: int, form: SeatsForm) -> Response:
    made = propose(
        term_id=term_id, seats=form.seats.data, price_yen=form.price_yen.data, category=TaxCategory(form.category.data),
        goes_on=form.goes_on.data, note=form.note.data or "", is_agreed=_is_agreed(form), seen=form.fingerprint,
        once=f"{term_id}:{form.once.data}", by=actor(),
    )  # fmt: skip
    flash(_("The company has been told of the seats."), "success")
    return redirect(url_for(SHOW, seats_id=made.id))


def _is_agreed(form: SeatsForm) -> bool:
    return bool(form.way.data == "agreed")


def _page(seats_id: int, refused: Refused | None = None) -> Response:
    arrangement = seats_for_review(actor(), seats_id)
    data: dict[str, Any] = seat_data(arrangement, for_staff=True)
    return page(
        "staff/membership/show_seats.html",
        refused.status if refused else None,
        refusal=refused.message if refused else "",
        may_act=may_keep_renewals(actor(), arrangement.organisation_id),
        **data,
    )
