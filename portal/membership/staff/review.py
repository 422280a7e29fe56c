"""Check, return, decide: fill in, see what will happen, confirm. Each is one verb of the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.application_flow import ApplicationState
from portal.membership import queries
from portal.membership.enums import APPLICATION_LABELS, Decision, Shown
from portal.membership.models import Application
from portal.membership.services import check_application as check
from portal.membership.services import decide_application as decide
from portal.membership.services import return_application as send_back
from portal.membership.services.rehearsal import rehearse
from portal.membership.services.seen import mark_of, require_seen
from portal.membership.staff import answers, history
from portal.membership.staff.application import SHOW
from portal.membership.staff.blueprint import blueprint, checkers, deciders
from portal.membership.staff.forms import (
    CheckForm,
    DecisionForm,
    ReturnForm,
    ReviewForm,
    check_form,
    decision_form,
    return_form,
)
from portal.membership.staff.hurdles import Step, hurdle
from portal.membership.staff.refusing import undo_and_refuse

CONFIRM, CHANGE = "confirm", "change"
DONE = {
    Step.CHECK: _l("The check is recorded. The committee has been told."),
    Step.RETURN: _l("The application has been returned. The company has been told what to correct."),
    Step.DECIDE: _l("The decision is recorded. The company has been told."),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """How one step is taken: its form, what else its page shows, and the verb."""

    step: Step
    template: str
    form: Callable[[Application], Any]
    act: Callable[[Application, Any], Any]
    context: Callable[[Application], dict[str, Any]]


@blueprint.route("/membership/applications/<id:application_id>/check", methods=["GET", "POST"])
@checkers
def check_application(application_id: int) -> Response:
    """The secretariat has found everything in order: the checklist, and what was agreed."""
    return _take(application_id, CHECK)


@blueprint.route("/membership/applications/<id:application_id>/return", methods=["GET", "POST"])
@deciders
def return_application(application_id: int) -> Response:
    """Ask the company for corrections, with a remark at each answer."""
    return _take(application_id, RETURN)


@blueprint.route("/membership/applications/<id:application_id>/decide", methods=["GET", "POST"])
@deciders
def decide_application(application_id: int) -> Response:
    """Write down the committee's decision; approval makes the contract and its invoice."""
    return _take(application_id, DECIDE)


def _take(application_id: int, turn: Turn) -> Response:
    application = queries.application_for_review(actor(), application_id)
    form = turn.form(application)
    if request.method != "POST":
        form.seen.data = mark_of(application)
        return _show(application, turn, form)
    progress = request.form.get("step")
    if progress == CHANGE:
        return _show(application, turn, form)
    try:
        require_seen(application=application, seen=form.seen.data or "")
        application = queries.application_for_review(actor(), application_id)
        if not form.validate():
            return _show(application, turn, form)
        if progress == CONFIRM:
            turn.act(application, form)
            flash(DONE[turn.step], "success")
            return redirect(url_for(SHOW, application_id=application_id))
        plan = rehearse(lambda: turn.act(application, form), current_language())
    except OutOfDate as late:
        return _too_late(application_id, form, late)
    except (Refused, IntegrityError) as error:
        undo_and_refuse(form, error)
        return _show(queries.application_for_review(actor(), application_id), turn, form)
    again = queries.application_for_review(actor(), application_id)
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")
    ]
    return page(
        "staff/membership/preview_step.html", application=again, plan=plan, step=turn.step, said=form.said(), kept=kept,
        state=_state_after(turn.step, form), confirm=CONFIRM, change=CHANGE,
    )  # fmt: skip


def _show(application: Application, turn: Turn, form: ReviewForm) -> Response:
    return page(
        turn.template,
        application=application,
        form=form,
        step=turn.step,
        hurdle=hurdle(turn.step, actor(), application, queries.hands_on(application)),
        **turn.context(application),
    )


def _state_after(step: Step, form: ReviewForm) -> Shown:
    """Where the application will stand."""
    if isinstance(form, DecisionForm):
        state = Decision(form.decision.data).state
    else:
        state = ApplicationState.CHECKED if step is Step.CHECK else ApplicationState.RETURNED
    return Shown(state.value, APPLICATION_LABELS[state])


def _too_late(application_id: int, form: ReviewForm, late: OutOfDate) -> Response:
    """Somebody was faster: what has happened since the page was opened, and the words that were typed."""
    rollback()
    application = queries.application_for_review(actor(), application_id)
    since = _moment_of(form.seen.data or "")
    term = queries.term_of(application)
    entries = history.entries_of(application, term, since=since) if since else []
    return page(
        "staff/membership/somebody_was_faster.html",
        status=late.status,
        application=application,
        message=late.message,
        entries=entries or history.entries_of(application, term)[:3],
        words=form.said(),
    )


def _moment_of(seen: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(seen.partition(":")[2])
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _revision(form: ReviewForm) -> int:
    """The version that the page showed; `require_seen` has found it to be in order."""
    return int((form.seen.data or "0").partition(":")[0])


def _check(application: Application, form: CheckForm) -> Any:
    seats = form.agreed_seats.data if "agreed_seats" in form else None
    return check(
        application=application, by=actor(), checklist=form.ticked(), agreed_seats=seats,
        revision=_revision(form), note=form.note.data or "",
    )  # fmt: skip


def _return(application: Application, form: ReturnForm) -> Any:
    return send_back(
        application=application,
        comments=form.comments(),
        by=actor(),
        note=form.note.data or "",
        revision=_revision(form),
    )


def _decide(application: Application, form: DecisionForm) -> Any:
    return decide(application=application, by=actor(), revision=_revision(form), **form.values())


def _steps(application: Application) -> list[answers.StepGroup]:
    return answers.grouped(queries.latest_revision(application), queries.tiers_for(application.fiscal_year))


def _places(application: Application) -> queries.Places | None:
    window = queries.window_of(application.fiscal_year)
    return queries.places_in(window) if window else None


def _learners(application: Application) -> int:
    return int((application.eligibility or {}).get("applicant", {}).get("learners_wanted") or 0)


def _is_full(application: Application) -> bool:
    places = _places(application)
    return places is not None and places.is_full


CHECK = Turn(
    Step.CHECK,
    "staff/membership/check_application.html",
    form=lambda a: check_form(is_by_arrangement=a.is_by_arrangement, learners=_learners(a)),
    act=_check,
    context=lambda a: {"learners": _learners(a)},
)
RETURN = Turn(
    Step.RETURN,
    "staff/membership/return_application.html",
    form=lambda a: return_form(answers.every_answer(_steps(a))),
    act=_return,
    context=lambda a: {"steps": _steps(a)},
)
DECIDE = Turn(
    Step.DECIDE,
    "staff/membership/decide_application.html",
    form=lambda a: decision_form(is_full=_is_full(a)),
    act=_decide,
    context=lambda a: {"places": _places(a)},
)
