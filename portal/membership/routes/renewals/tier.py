"""Another tier for the next year."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import current_language
from portal.core.pages import page
from portal.membership import queries
from portal.membership.forms import offered
from portal.membership.models import Renewal
from portal.membership.queries import renewals as reads
from portal.membership.renewal_forms import TierChoiceForm, fill
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.renewals.confirm import to_renewal
from portal.membership.routes.renewals.prices import price_shown
from portal.membership.services import renewals as verbs
from portal.membership.wording import verdict_lines


@blueprint.route("/membership/renewals/<id:renewal_id>/tier", methods=["GET", "POST"])
@access.signed_in
def change_renewal_tier(renewal_id: int) -> Response:
    """Choose another tier for the next year; judged by today's data, which are asked again where they are old."""
    renewal = reads.renewal_for(actor(), renewal_id)
    if not verbs.is_answerable(renewal):
        return to_renewal(renewal)
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
            "total_yen": price_shown(renewal, tier)["price"]["total_yen"],
            "verdict": verdict,
            "lines": verdict_lines(verdict),
        }
        for tier, verdict in verbs.judged_tiers(renewal.organisation, renewal.fiscal_year, facts)
    ]
