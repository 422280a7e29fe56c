"""Changes of tier in the office: look at a venture, write down what a company agreed to, decide how the rest is counted."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.billing.policy import may_keep_books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.tier_change_flow import ChangeState
from portal.membership.changing import PRORATION_LABELS
from portal.membership.models import ContractTerm, TierChange
from portal.membership.policy import RENEWAL_ROLES, may_keep_renewals
from portal.membership.queries import tier_changes as reads
from portal.membership.services.renewals.choice import Facts, facts_to_ask
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.rules import decide_proration, examples
from portal.membership.services.tier_changes.taking_back import plan_taking_back
from portal.membership.services.tier_changes.upgrades import approve_change, decline_change
from portal.membership.services.tier_changes.upgrades import change_tier as make_change
from portal.membership.staff.blueprint import blueprint, keepers, readers
from portal.membership.staff.refusing import undo_and_refuse
from portal.membership.tier_forms import ApproveForm, DeclineChangeForm, ProrationForm, RecordForm
from portal.membership.tier_pages import (
    entries_of,
    offers_of,
    papers_of,
    plan_data,
    tiers_offered,
    wanted_tier,
)
from portal.membership.wording import evidence_words

SHOW = "membership_staff.show_tier_change"


@blueprint.get("/membership/tier-changes")
@readers
def list_tier_changes() -> Response:
    """Wishes that wait for the office."""
    decides = not actor().staff_roles.isdisjoint(RENEWAL_ROLES)
    return page("staff/membership/list_tier_changes.html", changes=reads.changes_to_review(), decides=decides)


@blueprint.get("/membership/tier-changes/<id:change_id>")
@readers
def show_tier_change(change_id: int) -> Response:
    """What the company wants and why it may, what it would cost today, the papers, what has happened."""
    return _change_page(reads.change_for_review(actor(), change_id))


@blueprint.post("/membership/tier-changes/<id:change_id>/approve")
@keepers
def approve_tier_change(change_id: int) -> Response:
    """The company is fit: contract and papers change at once."""
    change, form = reads.change_for_review(actor(), change_id), ApproveForm()
    form.validate()
    try:
        approve_change(change=change, seen=(form.seen.data or "")[:64], by=actor())
    except Refused as refused:
        rollback()
        return _change_page(reads.change_for_review(actor(), change_id), refused)
    flash(_("The tier is changed; the company has its papers."), "success")
    return redirect(url_for(SHOW, change_id=change_id))


@blueprint.route("/membership/tier-changes/<id:change_id>/decline", methods=["GET", "POST"])
@keepers
def decline_tier_change(change_id: int) -> Response:
    """Say no, and why."""
    change, form = reads.change_for_review(actor(), change_id), DeclineChangeForm()
    if form.validate_on_submit():
        try:
            decline_change(change=change, reason=form.reason.data, by=actor())
            flash(_("The wish is declined. The company has been told."), "success")
            return redirect(url_for(SHOW, change_id=change_id))
        except OutOfDate as late:
            rollback()
            return _change_page(reads.change_for_review(actor(), change_id), late)
        except Refused as refused:
            refuse(form, refused)
    return page("staff/membership/decline_tier_change.html", form=form, change=change)


@blueprint.route("/membership/terms/<id:term_id>/tier", methods=["GET", "POST"])
@keepers
def change_tier(term_id: int) -> Response:
    """Without a tier: the choice. With one: what it costs, and the form that writes down who agreed."""
    term = reads.term_for_review(actor(), term_id)
    tier = wanted_tier(term, term.fiscal_year)
    if tier is None:
        return _choice(term)
    form, status = RecordForm(), None
    form.ask_only(facts_to_ask(term.organisation, tier))
    if form.validate_on_submit():
        try:
            change = make_change(
                term_id=term.id, code=tier.code, seen=form.fingerprint, once=f"{term_id}:{form.once.data}", by=actor(),
                facts=form.facts, purchase_order=form.purchase_order.data or "", note_of_consent=form.note.data,
            )  # fmt: skip
            flash(_("The tier is changed; the company has its papers."), "success")
            return redirect(url_for(SHOW, change_id=change.id))
        except (Refused, IntegrityError) as error:
            status = undo_and_refuse(form, error)
            term = reads.term_for_review(actor(), term_id)
            tier = wanted_tier(term, term.fiscal_year) or tier
    return _record_page(form, term, tier, status)


@blueprint.route("/membership/proration", methods=["GET", "POST"])
@keepers
def edit_proration() -> Response:
    """How the rest of a contract is counted, with what each way makes of every step upwards."""
    today = clock.today()
    form = ProrationForm()
    if not form.is_submitted():
        form.proration.data, form.valid_from.data = reads.proration_on(today).value, today
    if form.validate_on_submit():
        try:
            decide_proration(proration=form.way, valid_from=form.valid_from.data, by=actor())
            flash(_("The way of counting is saved."), "success")
            return redirect(url_for("membership_staff.edit_proration"))
        except Refused as refused:
            refuse(form, refused)
    return page(
        "staff/membership/edit_proration.html",
        form=form,
        examples=examples(today),
        ways=PRORATION_LABELS,
        today=today,
        history=reads.proration_history(),
    )


def _choice(term: ContractTerm) -> Response:
    pairs = [p for p in tiers_offered(term, term.organisation, Facts()) if p[0].annual_fee_yen > term.snapshot.annual_fee_yen]  # fmt: skip
    is_open = reads.is_changeable(term) and may_keep_renewals(actor(), term.organisation_id)
    return page(
        "staff/membership/choose_tier.html",
        term=term,
        offers=offers_of(term, pairs) if is_open else [],
        open_change=reads.open_change_of(term.id),
        is_open=is_open,
    )


def _record_page(form: RecordForm, term: ContractTerm, tier: Any, status: int | None) -> Response:
    try:
        plan = plan_upgrade(term, tier)
    except Refused as refused:
        return page("staff/membership/tier_stays.html", OutOfDate.status, term=term, message=refused.message)
    form.seen.data = plan.fingerprint
    return page(
        "staff/membership/change_tier.html",
        status,
        form=form,
        term=term,
        tier=tier,
        **plan_data(term, term.organisation, plan),
    )


def _change_page(change: TierChange, refused: Refused | None = None) -> Response:
    may_decide = change.state is ChangeState.ASKED and may_keep_renewals(actor(), change.organisation_id)
    data: dict[str, Any] = {"plan": None}
    if change.state is ChangeState.ASKED:
        data = _as_of_today(change)
    return page(
        "staff/membership/show_tier_change.html",
        refused.status if refused else None,
        change=change,
        refusal=refused.message if refused else "",
        grounds=evidence_words(change.evidence or {}),
        may_decide=may_decide and data["plan"] is not None,
        may_decline=may_decide,
        form=ApproveForm(formdata=None),
        opens_papers=may_keep_books(actor()),
        is_returnable=_is_returnable(change),
        entries=entries_of(change, for_staff=True),
        **data,
        **papers_of(change),
    )


def _is_returnable(change: TierChange) -> bool:
    """Whether the reader may take the change back now."""
    if change.state is not ChangeState.AGREED or not may_keep_renewals(actor(), change.organisation_id):
        return False
    try:
        plan_taking_back(change, change.term)
    except Refused:
        return False
    return True


def _as_of_today(change: TierChange) -> dict[str, Any]:
    try:
        plan = plan_upgrade(change.term, change.tier)
    except Refused:
        return {"plan": None}
    return plan_data(change.term, change.organisation, plan)
