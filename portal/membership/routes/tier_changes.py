"""A company's contract, and another tier for it: up now with a price that is shown first, down with the next year."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.billing.policy import paying_organisations
from portal.core import access
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.entitlements import tier_entitlements
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries import tier_changes as reads
from portal.membership.queries.seats import seats_of_term
from portal.membership.routes.blueprint import blueprint
from portal.membership.services.renewals.choice import Facts, choose, facts_to_ask
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.upgrades import change_tier as make_change
from portal.membership.services.tier_changes.wishes import is_undecided, plan_downgrade, withdraw_change
from portal.membership.tier_forms import ConsentForm, WishForm
from portal.membership.tier_pages import (
    entries_of,
    offers_of,
    papers_of,
    plan_data,
    prefill,
    tier_form,
    tiers_offered,
    wanted_tier,
)


@blueprint.get("/membership/terms/<id:term_id>")
@access.signed_in
def show_term(term_id: int) -> Response:
    """The contract of one year: what it opens, and what became of wishes for another tier."""
    term = reads.term_for(actor(), term_id)
    return page(
        "membership/show_term.html",
        term=term,
        opens=tier_entitlements(term.snapshot),
        changes=reads.changes_of_term(term.id),
        seats=seats_of_term(term.id),
        open_change=reads.open_change_of(term.id),
        is_changeable=reads.is_changeable(term),
    )


@blueprint.route("/membership/terms/<id:term_id>/tier", methods=["GET", "POST"])
@access.signed_in
def choose_tier(term_id: int) -> Response:
    """Choose another tier; every one with its price, and why it is open or not."""
    term = reads.term_for(actor(), term_id)
    if not _is_free(term):
        return _to_term(term)
    pairs = tiers_offered(term, term.organisation, Facts())
    form = tier_form(term.organisation, pairs)
    if form.validate_on_submit():
        tier = next(tier for tier, _verdict in pairs if tier.code == form.tier.data)
        is_up = tier.annual_fee_yen > term.snapshot.annual_fee_yen
        problem = _why_not(term, tier.code, form.facts) if is_up else None
        if problem is None:
            told: dict[str, Any] = {"employees": form.facts.employees, "founded": form.facts.founded_on}
            where = "membership.change_tier" if is_up else "membership.choose_lower_tier"
            return redirect(url_for(where, term_id=term.id, tier=tier.code, **told))
        refuse(form, problem)
        pairs = tiers_offered(term, term.organisation, form.facts)
    return page("membership/choose_tier.html", form=form, term=term, offers=offers_of(term, pairs))


@blueprint.route("/membership/terms/<id:term_id>/tier/change", methods=["GET", "POST"])
@access.signed_in
def change_tier(term_id: int) -> Response:
    """What moving up costs, and the button that agrees to it. Pressed twice, it changes once."""
    term = reads.term_for(actor(), term_id)
    form, status = ConsentForm(), None
    tier = wanted_tier(term, term.fiscal_year)
    if tier is None:
        return redirect(url_for("membership.choose_tier", term_id=term.id))
    form.ask_only(facts_to_ask(term.organisation, tier))
    if form.validate_on_submit():
        try:
            change = make_change(
                term_id=term.id, code=tier.code, seen=form.fingerprint, once=f"{term_id}:{form.once.data}", by=actor(),
                facts=form.facts, purchase_order=form.purchase_order.data or "",
            )  # fmt: skip
            flash(_told(change), "success")
            return redirect(url_for("membership.show_tier_change", change_id=change.id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            status = refused.status
            term = reads.term_for(actor(), term_id)
            tier = wanted_tier(term, term.fiscal_year) or tier
    elif request.method != "POST":
        prefill(form)
    return _preview(form, term, tier, status)


@blueprint.route("/membership/terms/<id:term_id>/tier/plan", methods=["GET", "POST"])
@access.signed_in
def choose_lower_tier(term_id: int) -> Response:
    """What a lower tier for the next year means, and the button that notes it."""
    term = reads.term_for(actor(), term_id)
    tier = wanted_tier(term, term.fiscal_year + 1)
    if tier is None:
        return redirect(url_for("membership.choose_tier", term_id=term.id))
    form, status = WishForm(data={"tier": tier.code}), None
    if form.validate_on_submit():
        try:
            change = plan_downgrade(
                term_id=term.id, code=tier.code, once=f"{term_id}:{form.once.data}", by=actor()
            )
            flash(_("The lower tier is noted. Your renewal will be offered at it."), "success")
            return redirect(url_for("membership.show_tier_change", change_id=change.id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            status = refused.status
            term = reads.term_for(actor(), term_id)
            tier = wanted_tier(term, term.fiscal_year + 1) or tier
    return page("membership/choose_lower_tier.html", status, form=form, term=term, tier=tier)


@blueprint.get("/membership/tier-changes/<id:change_id>")
@access.signed_in
def show_tier_change(change_id: int) -> Response:
    """Where a change stands, its papers, and what has happened."""
    return _change_page(reads.change_for(actor(), change_id))


@blueprint.post("/membership/tier-changes/<id:change_id>/withdraw")
@access.signed_in
def withdraw_tier_change(change_id: int) -> Response:
    """Take an open wish back."""
    change = reads.change_for(actor(), change_id)
    try:
        withdraw_change(change=change, by=actor())
    except Refused as refused:
        rollback()
        return _change_page(reads.change_for(actor(), change_id), refused)
    flash(_("The wish is withdrawn; your tier stays as it is."), "success")
    return redirect(url_for("membership.show_tier_change", change_id=change_id))


def _told(change: TierChange) -> str:
    if change.state is ChangeState.ASKED:
        return _("Your wish has arrived. The secretariat looks at it and answers by mail.")
    return _("Your tier is changed. The papers have been mailed to your billing contact.")


def _change_page(change: TierChange, refused: Refused | None = None) -> Response:
    sees_papers = change.organisation_id in paying_organisations(actor())
    papers = (
        papers_of(change) if sees_papers else {"invoice": None, "credited": None, "note": None, "again": None}
    )
    return page(
        "membership/show_tier_change.html",
        refused.status if refused else None,
        change=change,
        refusal=refused.message if refused else "",
        is_withdrawable=change.state is ChangeState.ASKED
        or (change.state is ChangeState.PLANNED and is_undecided(change.term)),
        entries=entries_of(change, for_staff=False),
        **papers,
    )


def _preview(form: ConsentForm, term: ContractTerm, tier: Any, status: int | None) -> Response:
    """The page as of now: whoever was overtaken sees the new figures, and agrees to those."""
    try:
        plan = plan_upgrade(term, tier)
    except Refused as refused:
        return page("membership/tier_stays.html", OutOfDate.status, term=term, message=refused.message)
    form.seen.data = plan.fingerprint
    open_change = reads.open_change_of(term.id)
    return page(
        "membership/change_tier.html",
        status,
        form=form,
        term=term,
        open_change=open_change,
        **plan_data(term, term.organisation, plan),
    )


def _is_free(term: ContractTerm) -> bool:
    return reads.is_changeable(term) and reads.open_change_of(term.id) is None


def _why_not(term: ContractTerm, code: str, facts: Facts) -> Refused | None:
    try:
        choose(term.organisation, term.fiscal_year, code, facts)
    except Refused as refused:
        return refused
    return None


def _to_term(term: ContractTerm) -> Response:
    return redirect(url_for("membership.show_term", term_id=term.id))
