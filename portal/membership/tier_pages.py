"""What the company's and the office's pages of a change of tier have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request

from portal.accounts.models import Organisation
from portal.billing.models import Invoice
from portal.billing.queries.credits import any_credit_note
from portal.billing.queries.invoices import any_invoice
from portal.core.errors import Refused
from portal.core.i18n import current_language
from portal.domain.eligibility import Verdict
from portal.domain.tier_change import ChangeCost
from portal.domain.tier_change_flow import ChangeState
from portal.domain.typed import read_day, read_whole_number
from portal.membership import queries
from portal.membership.changing import cost_lines
from portal.membership.forms import offered
from portal.membership.models import ContractTerm, Tier, TierChange
from portal.membership.queries.tier_changes import back_bill
from portal.membership.renewal_forms import FactsForm
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.renewals.choice import Facts, facts_to_ask
from portal.membership.services.tier_changes.planning import ChangePlan, higher_tiers, plan_upgrade
from portal.membership.services.tier_changes.wishes import is_undecided, lower_tiers
from portal.membership.tier_forms import TierForm
from portal.membership.told import told_of
from portal.membership.wording import verdict_lines

TONES = {
    "tier_change.agreed": "good",
    "tier_change.asked": "info",
    "tier_change.planned": "info",
    "tier_change.declined": "bad",
    "tier_change.withdrawn": "over",
    "tier_change.overtaken": "over",
    "tier_change.taken_back": "warn",
}


def tiers_offered(term: ContractTerm, organisation: Organisation, facts: Facts) -> list[tuple[Tier, Verdict]]:
    """Where the term can go: up now, and down with the next year while that is not decided."""
    lower = lower_tiers(term, organisation) if is_undecided(term) else []
    return [*higher_tiers(term, organisation, facts), *lower]


def offers_of(term: ContractTerm, pairs: Iterable[tuple[Tier, Verdict]]) -> list[dict[str, Any]]:
    """Each tier with what it costs and why it is open or not."""
    language, fee = current_language(), term.snapshot.annual_fee_yen
    found = []
    for tier, verdict in pairs:
        is_up = tier.annual_fee_yen > fee
        cost = _cost(term, tier) if is_up else None
        found.append(
            {
                "tier": tier, "name": tier.name(language), "is_up": is_up, "verdict": verdict, "cost": cost,
                "lines": verdict_lines(verdict),
            }
        )  # fmt: skip
    return found


def _cost(term: ContractTerm, tier: Tier) -> ChangeCost | None:
    """None where the change cannot be worked out; the page of the change says why."""
    try:
        return plan_upgrade(term, tier).cost
    except Refused:
        return None


def tier_form(organisation: Organisation, pairs: Sequence[tuple[Tier, Verdict]]) -> TierForm:
    """The choice, with the facts that it depends on."""
    form = TierForm()
    language = current_language()
    form.tier.choices = offered((tier.code, tier.name(language)) for tier, _verdict in pairs)
    form.ask_only(facts_to_ask(organisation, *(tier for tier, _verdict in pairs)))
    return form


def wanted_tier(term: ContractTerm, year: int) -> Tier | None:
    """The tier in the address or the form, in that year's version."""
    return queries.tier_for(request.values.get("tier", "")[:20], year)


def prefill(form: FactsForm) -> None:
    """What was told on the page before."""
    if "employees" in form:
        form["employees"].data = read_whole_number(request.args.get("employees", "")[:9])
    if "founded_on" in form:
        form["founded_on"].data = read_day(request.args.get("founded", "")[:10])


def plan_data(term: ContractTerm, organisation: Organisation, plan: ChangePlan) -> dict[str, Any]:
    """A plan for the preview: figures, sentences, who gets the invoice."""
    language = current_language()
    names = {plan.tier.code: plan.tier.name(language), term.tier_code: term.tier_name(language)}
    buyer, _language = renewal_buyer(organisation, term)
    return {
        "plan": plan,
        "cost": plan.cost,
        "lines": cost_lines(plan.cost, names),
        "old_name": term.tier_name(language),
        "new_name": plan.tier.name(language),
        "buyer": buyer,
    }


def papers_of(change: TierChange) -> dict[str, Any]:
    """The papers of a change that was made."""
    if change.invoice_id is None:
        return {"invoice": None, "credited": None, "note": None, "again": None}
    note = any_credit_note(change.credit_note_id) if change.credit_note_id else None
    return {
        "invoice": any_invoice(change.invoice_id),
        "credited": any_invoice(change.credited_invoice_id) if change.credited_invoice_id else None,
        "note": note,
        "again": back_invoice(change),
    }


def back_invoice(change: TierChange) -> Invoice | None:
    """The invoice for the tier before, once the change was taken back."""
    if change.state is not ChangeState.TAKEN_BACK:
        return None
    number = back_bill(change)
    return any_invoice(number) if number else None


def entries_of(change: TierChange, *, for_staff: bool) -> list[dict[str, Any]]:
    """What happened to it."""
    return told_of(change, TONES, for_staff=for_staff)
