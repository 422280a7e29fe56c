"""A member's renewal: the offer, one click to renew, another tier, declining; with a session, or with the link of a mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.limits import limit_tries
from portal.accounts.models import Person
from portal.audit.labels import verb_label
from portal.audit.queries import timeline
from portal.billing.policy import paying_organisations
from portal.billing.queries.issuers import rounding_on
from portal.core import access, clock
from portal.core.access import Actor, actor, current_actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.email_keys import masked_address
from portal.domain.renewal_flow import last_day_to_answer
from portal.domain.tax import Line, RoundingMode, TaxCategory, total_by_rate
from portal.domain.terms import FiscalYear
from portal.membership import queries
from portal.membership.forms import offered
from portal.membership.models import Renewal, RenewalLink, Tier
from portal.membership.queries import renewals as reads
from portal.membership.renewal_forms import DeclineForm, RenewForm, TierChoiceForm, fill
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.routes.blueprint import blueprint
from portal.membership.services import price_now
from portal.membership.services import renewals as verbs
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.seat_lines import going_on
from portal.membership.wording import verdict_lines

TONES = {
    "renewal.renewed": "good",
    "renewal.paid": "good",
    "renewal.declined": "over",
    "renewal.missed": "warn",
    "renewal.suspended": "bad",
    "renewal.lapsed": "bad",
    "renewal.offered": "info",
}
BY_MEMBERS = frozenset({"renewal.renewed", "renewal.declined"})


@blueprint.get("/membership/renewals/<id:renewal_id>")
@access.signed_in
def show_renewal(renewal_id: int) -> Response:
    """The offer, or what became of it, and what has happened."""
    renewal = reads.renewal_for(actor(), renewal_id)
    return page(
        "membership/show_renewal.html",
        renewal=renewal,
        is_open=verbs.is_answerable(renewal),
        last_day=last_day_to_answer(renewal.standing, renewal.campaign.season),
        entries=entries_of(renewal),
        notices=reads.notices_of(renewal),
        invoice=_invoice(renewal),
        **_price(renewal, renewal.tier),
    )


@blueprint.route("/membership/renewals/<id:renewal_id>/renew", methods=["GET", "POST"])
@access.signed_in
def renew_membership(renewal_id: int) -> Response:
    """Price, wordings, purchase order number, one button. Pressed twice, it renews once."""
    renewal = reads.renewal_for(actor(), renewal_id)
    if not verbs.is_answerable(renewal):
        return _to(renewal)
    tier = _wanted_tier(renewal)
    if tier is None:
        return redirect(url_for("membership.change_renewal_tier", renewal_id=renewal.id))
    form = _renew_form(renewal, tier)
    status = None
    if form.validate_on_submit():
        try:
            verbs.renew(
                renewal=renewal, accepted=form.shown, by=actor(), tier_code=tier.code, facts=form.facts,
                purchase_order=form.purchase_order.data or "", seen=form.seen_version,
            )  # fmt: skip
            flash(
                _("Your membership is renewed. The invoice has been mailed to your billing contact."),
                "success",
            )
            return _to(renewal)
        except Refused as refused:
            renewal, status = _taken_back(renewal_id, form, refused), refused.status
            if not verbs.is_answerable(renewal):
                return _answered(renewal)
    return _confirm_page("membership/renew_membership.html", status, form, renewal, tier)


@blueprint.route("/membership/renewals/<id:renewal_id>/tier", methods=["GET", "POST"])
@access.signed_in
def change_renewal_tier(renewal_id: int) -> Response:
    """Choose another tier for the next year; judged by today's data, which are asked again where they are old."""
    renewal = reads.renewal_for(actor(), renewal_id)
    if not verbs.is_answerable(renewal):
        return _to(renewal)
    form = _tier_form(renewal)
    facts = verbs.Facts()
    if form.validate_on_submit():
        facts = form.facts
        problem = _why_not(renewal, form.tier.data, facts)
        if problem is None:
            told: dict[str, Any] = {"employees": facts.employees, "founded": facts.founded_on}
            return redirect(
                url_for("membership.renew_membership", renewal_id=renewal.id, tier=form.tier.data, **told)
            )
        refuse(form, problem)
    return page(
        "membership/change_renewal_tier.html", form=form, renewal=renewal, offers=_offers(renewal, facts)
    )


@blueprint.route("/membership/renewals/<id:renewal_id>/decline", methods=["GET", "POST"])
@access.signed_in
def decline_renewal(renewal_id: int) -> Response:
    """Say why, and that it is over with the year."""
    renewal = reads.renewal_for(actor(), renewal_id)
    if not verbs.is_answerable(renewal):
        return _to(renewal)
    form = DeclineForm()
    if request.method != "POST":
        fill(form, seen=renewal.version)
    if form.validate_on_submit():
        try:
            _decline(renewal, form, actor(), AnswerWay.PORTAL)
            flash(_("We have noted that your company does not renew."), "success")
            return _to(renewal)
        except OutOfDate:
            rollback()
            return _answered(reads.renewal_for(actor(), renewal_id))
    return page("membership/decline_renewal.html", form=form, renewal=renewal)


@blueprint.route("/membership/renewals/open", methods=["GET", "POST"])
@limit_tries("open")
@access.public_or_signed_in
def open_renewal() -> Response:
    """The link in the mail: opening it changes nothing; a button renews at the offered tier, another declines.

    It serves the person whom it was mailed to, works once, and as long as one may answer.
    """
    secret = request.values.get("token", "")[:200]
    link = verbs.answer_link(secret)
    if link is None:
        return _spent()
    renewal = reads.renewal_of_link(link.renewal_id)
    if not verbs.is_answerable(renewal):
        return _spent()
    reader = db.session.get_one(Person, link.person_id)
    present = current_actor()
    if present is not None and present.id != reader.id:
        address = masked_address(reader.email)
        return page("membership/renewal_link_other.html", 403, address=address, token=secret)
    wants_out = request.values.get("answer") == "decline"
    return (
        _decline_by_link(link, renewal, reader, secret)
        if wants_out
        else _renew_by_link(link, renewal, reader, secret)
    )


def _renew_by_link(link: RenewalLink, renewal: Renewal, reader: Person, secret: str) -> Response:
    tier = renewal.tier
    form = _renew_form(renewal, tier) if tier else RenewForm()
    status = None
    if tier is not None and form.validate_on_submit():
        try:
            verbs.spend_answer_link(link)
            verbs.renew(
                renewal=renewal, accepted=form.shown, by=reader.id, way=AnswerWay.MAIL, facts=form.facts,
                purchase_order=form.purchase_order.data or "", seen=form.seen_version,
            )  # fmt: skip
            return page("membership/renewal_answered.html", renewal=renewal, reader=reader)
        except (verbs.SpentAnswer, OutOfDate):
            return _spent()
        except Refused as refused:
            status = refused.status
            _refused(form, refused)
            renewal = reads.renewal_of_link(renewal.id)
            tier = renewal.tier
    context: dict[str, Any] = {"reader": reader, "token": secret}
    if tier is None:
        return page("membership/renewal_link_choose.html", renewal=renewal, **context)
    return _confirm_page("membership/open_renewal.html", status, form, renewal, tier, **context)


def _decline_by_link(link: RenewalLink, renewal: Renewal, reader: Person, secret: str) -> Response:
    form = DeclineForm()
    if request.method != "POST":
        fill(form, seen=renewal.version)
    if form.validate_on_submit():
        try:
            verbs.spend_answer_link(link)
            _decline(renewal, form, reader.id, AnswerWay.MAIL)
            return page("membership/renewal_answered.html", renewal=renewal, reader=reader)
        except (verbs.SpentAnswer, OutOfDate):
            return _spent()
    return page("membership/open_decline.html", form=form, renewal=renewal, reader=reader, token=secret)


def _spent() -> Response:
    rollback()
    return page("membership/renewal_link_spent.html", verbs.SpentAnswer.status, message=verbs.SPENT)


def _decline(renewal: Renewal, form: DeclineForm, by: Actor | int, way: AnswerWay) -> None:
    verbs.decline(
        renewal=renewal, reason=DeclineReason(form.reason.data), note=form.note.data or "", by=by, way=way,
        seen=form.seen_version,
    )  # fmt: skip


def _to(renewal: Renewal) -> Response:
    return redirect(url_for("membership.show_renewal", renewal_id=renewal.id))


def _answered(renewal: Renewal) -> Response:
    """Somebody was faster: nothing was done twice."""
    return page("membership/renewal_overtaken.html", OutOfDate.status, renewal=renewal)


def _taken_back(renewal_id: int, form: RenewForm, refused: Refused) -> Renewal:
    _refused(form, refused)
    return reads.renewal_for(actor(), renewal_id)


def _refused(form: RenewForm, refused: Refused) -> None:
    rollback()
    refuse(form, refused)


def _renew_form(renewal: Renewal, tier: Tier) -> RenewForm:
    form = RenewForm()
    form.ask_only(verbs.facts_to_ask(renewal.organisation, tier))
    if request.method != "POST":
        fill(
            form, seen=renewal.version, versions=",".join(str(v.id) for v in queries.current_rules().values())
        )
        _prefill(form)
    return form


def _prefill(form: RenewForm) -> None:
    """What was told on the page before, where a tier was chosen."""
    employees, founded = request.args.get("employees", ""), request.args.get("founded", "")
    if "employees" in form and employees.isascii() and employees.isdigit() and len(employees) < 9:
        form.employees.data = int(employees)
    if "founded_on" in form:
        try:
            form.founded_on.data = date.fromisoformat(founded)
        except ValueError:
            return


def _wanted_tier(renewal: Renewal) -> Tier | None:
    """The tier that was chosen on the page before, else the offered one."""
    code = request.values.get("tier", "")[:20]
    chosen = queries.tier_for(code, renewal.fiscal_year) if code else None
    return chosen or renewal.tier


def _confirm_page(
    template: str, status: int | None, form: RenewForm, renewal: Renewal, tier: Tier, **context: Any
) -> Response:
    buyer, _language = renewal_buyer(renewal.organisation, renewal.from_term)
    return page(
        template,
        status,
        form=form,
        renewal=renewal,
        rules=list(queries.current_rules().values()),
        buyer=buyer,
        last_day=last_day_to_answer(renewal.standing, renewal.campaign.season),
        refusal=" ".join(str(words) for words in form.form_errors),
        **_price(renewal, tier),
        **context,
    )


def _price(renewal: Renewal, tier: Tier | None) -> dict[str, Any]:
    """The tier and what it costs: as promised for the offered one, as of today for another."""
    if renewal.term is not None:
        return {"tier_name": renewal.term.tier_name(current_language()), "price": renewal.term.price}
    if tier is None:
        return {"tier_name": "", "price": None}
    is_offered = renewal.tier is not None and renewal.tier.id == tier.id and renewal.price
    price = renewal.price if is_offered else price_now(tier, renewal.fiscal_year).as_document()
    shown = {"tier_name": tier.name(current_language()), "price": price, "tier": tier}
    return shown | _with_seats(renewal, price)


def _with_seats(renewal: Renewal, price: Any) -> dict[str, Any]:
    """Extra seats that go on, as they will stand on the invoice."""
    going = going_on(renewal.from_term)
    fee = Line("", 1, price["fee_yen"], TaxCategory(price["tax_category"]))
    lines = [Line("", each.seats, each.price_yen, each.category) for each in going]
    rounding = rounding_on(clock.today()) or RoundingMode.FLOOR
    first = FiscalYear(renewal.fiscal_year).starts_on
    return {
        "extra_seats": [
            {"seats": each, "net_yen": line.net_yen} for each, line in zip(going, lines, strict=True)
        ],
        "total_with_seats": total_by_rate([fee, *lines], rounding, first).gross_yen,
    }


def _tier_form(renewal: Renewal) -> TierChoiceForm:
    form = TierChoiceForm()
    language = current_language()
    tiers = queries.tiers_for(renewal.fiscal_year)
    form.tier.choices = offered((tier.code, tier.name(language)) for tier in tiers)
    form.ask_only(verbs.facts_to_ask(renewal.organisation, *tiers))
    if request.method != "POST":
        form.tier.data = renewal.tier.code if renewal.tier else None
        fill(form, seen=renewal.version)
    return form


def _why_not(renewal: Renewal, code: str, facts: verbs.Facts) -> Refused | None:
    try:
        verbs.choose(renewal.organisation, renewal.fiscal_year, code, facts)
    except Refused as refused:
        return refused
    return None


def _offers(renewal: Renewal, facts: verbs.Facts) -> list[dict[str, Any]]:
    """Each tier with its price and why it is open or not, as far as is known."""
    language = current_language()
    return [
        {
            "tier": tier,
            "name": tier.name(language),
            "total_yen": _price(renewal, tier)["price"]["total_yen"],
            "verdict": verdict,
            "lines": verdict_lines(verdict),
        }
        for tier, verdict in verbs.judged_tiers(renewal.organisation, renewal.fiscal_year, facts)
    ]


def _invoice(renewal: Renewal) -> Any:
    """The invoice of the new contract, for those who may see invoices."""
    if renewal.term_id is None or renewal.organisation_id not in paying_organisations(actor()):
        return None
    found = reads.receivable_of(renewal.term_id)
    return found[0] if found else None


def entries_of(renewal: Renewal) -> list[dict[str, Any]]:
    """The timeline as the company sees it: the office stands as one, colleagues by name."""
    found = timeline(renewal, for_staff=False)
    names = queries.names_of({e.actor_id for e in found if e.actor_id and e.verb in BY_MEMBERS})
    return [
        {
            "at": entry.at,
            "what": verb_label(entry.verb),
            "who": names.get(entry.actor_id or 0, "") if entry.verb in BY_MEMBERS else "",
            "note": entry.note,
            "tone": TONES.get(entry.verb, "neutral"),
        }
        for entry in found
    ]
