"""What the office does by hand: fill in, see the effect, confirm."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import day
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.renewal_flow import RenewalState
from portal.membership import queries
from portal.membership.models import Renewal
from portal.membership.queries import renewals as reads
from portal.membership.renewal_forms import AnswerForm, fill
from portal.membership.renewing import (
    DeclineReason,
)
from portal.membership.services import renewals as verbs
from portal.membership.services.rehearsal import rehearse
from portal.membership.staff.blueprint import blueprint, keepers
from portal.membership.staff.refusing import undo_and_refuse
from portal.membership.staff.renewal_forms import PlaceForm, TelephoneForm, UntilForm
from portal.membership.staff.renewals.steps import DONE, Step, Turn, effects_of, hurdle_of

SHOW = "membership_staff.show_renewal"


CONFIRM, CHANGE = "confirm", "change"


@blueprint.route("/membership/renewals/members/<id:renewal_id>/extend", methods=["GET", "POST"])
@keepers
def extend_renewal(renewal_id: int) -> Response:
    """More time for one member."""
    return _take(renewal_id, EXTEND)


@blueprint.route("/membership/renewals/members/<id:renewal_id>/decline", methods=["GET", "POST"])
@keepers
def decline_renewal(renewal_id: int) -> Response:
    """The company said on the telephone that it does not renew."""
    return _take(renewal_id, DECLINE)


@blueprint.route("/membership/renewals/members/<id:renewal_id>/reinstate", methods=["GET", "POST"])
@keepers
def reinstate_renewal(renewal_id: int) -> Response:
    """Take a suspended, lapsed or declined renewal up again."""
    return _take(renewal_id, REINSTATE)


def _take(renewal_id: int, turn: Turn) -> Response:
    renewal = reads.renewal_for_review(actor(), renewal_id)
    form = turn.form()
    if request.method != "POST":
        fill(form, seen=renewal.version)
        return _show(renewal, turn, form)
    progress = request.form.get("step")
    if progress == CHANGE or not form.validate():
        return _show(renewal, turn, form)
    try:
        if progress == CONFIRM:
            turn.act(renewal, form)
            flash(DONE[turn.step], "success")
            return redirect(url_for(SHOW, renewal_id=renewal_id))
        plan = rehearse(lambda: turn.act(renewal, form), current_language())
    except OutOfDate as late:
        rollback()
        now = reads.renewal_for_review(actor(), renewal_id)
        return page("staff/membership/renewal_overtaken.html", late.status, renewal=now, message=late.message)
    except (Refused, IntegrityError) as error:
        undo_and_refuse(form, error)
        return _show(reads.renewal_for_review(actor(), renewal_id), turn, form)
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")
    ]
    renewal = reads.renewal_for_review(actor(), renewal_id)
    until = form.until.data if isinstance(form, UntilForm) else None
    return page(
        "staff/membership/preview_renewal.html", renewal=renewal, plan=plan, effects=effects_of(renewal, turn.step, until),
        step=turn.step, said=_said(form), kept=kept, confirm=CONFIRM, change=CHANGE,
    )  # fmt: skip


def _show(renewal: Renewal, turn: Turn, form: AnswerForm) -> Response:
    window = queries.window_of(renewal.fiscal_year)
    places = queries.places_in(window) if window else None
    return page(
        "staff/membership/step_renewal.html",
        renewal=renewal,
        form=form,
        step=turn.step,
        hurdle=hurdle_of(renewal, turn.step),
        awaited_on=renewal.standing.awaited_on,
        is_full=places is not None and places.is_full and _asks_for_place(renewal, turn),
    )


def _asks_for_place(renewal: Renewal, turn: Turn) -> bool:
    """Whether the step takes a place that is not held: taken up again, or more time in grace, without an answer."""
    return not renewal.is_agreed and (turn.step is Step.REINSTATE or renewal.state is RenewalState.GRACE)


def _said(form: AnswerForm) -> list[tuple[str, str]]:
    found = []
    for name, field in form._fields.items():
        if name in ("csrf_token", "once", "seen") or field.data in (None, "", False):
            continue
        labels = {c.value: c.label for c in getattr(field, "choices", None) or ()}
        words = day(field.data) if isinstance(field.data, date) else labels.get(field.data, field.data)
        words = _("Yes") if field.data is True else words
        found.append((str(field.label.text), str(words)))
    return found


EXTEND = Turn(
    Step.EXTEND,
    PlaceForm,
    act=lambda renewal, form: verbs.extend(
        renewal=renewal,
        until=form.until.data,
        reason=form.reason.data,
        by=actor(),
        seen=form.seen_version,
        beyond_places=form.beyond_places.data,
    ),
)


DECLINE = Turn(
    Step.DECLINE,
    TelephoneForm,
    act=lambda renewal, form: verbs.decline_by_telephone(
        renewal=renewal,
        reason=DeclineReason(form.reason.data),
        note=form.note.data,
        by=actor(),
        seen=form.seen_version,
    ),
)


REINSTATE = Turn(
    Step.REINSTATE,
    PlaceForm,
    act=lambda renewal, form: verbs.reinstate(
        renewal=renewal,
        until=form.until.data,
        reason=form.reason.data,
        by=actor(),
        seen=form.seen_version,
        beyond_places=form.beyond_places.data,
    ),
)
