"""Carry a change out: the contract, the new invoice, the credit note on the old one, and the money that goes along."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from portal.accounts.models import Organisation
from portal.billing.enums import FeeProduct
from portal.billing.models import CreditNote, Invoice
from portal.billing.services import BillLine, issue_invoice
from portal.billing.services.advances import move_advance
from portal.billing.services.credits import issue_credit_note
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _, in_language
from portal.domain.documents import Period
from portal.domain.entitlements import carried_seats
from portal.domain.tier_change_flow import ChangeState
from portal.membership import tier_mail
from portal.membership.changing import rest_words
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries.bills import CHANGE_SOURCE
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.renewals.news import follow_claim
from portal.membership.services.renewals.offers import offer_anew
from portal.membership.services.submission import frozen_price
from portal.membership.services.tier_changes.moves import CHANGED, take
from portal.membership.services.tier_changes.planning import ChangePlan


def carry_out(
    change: TierChange, term: ContractTerm, plan: ChangePlan, *, by: Actor, purchase_order: str = ""
) -> None:
    """Make the change, all of it in this transaction; the membership goes on without a gap. `term` is locked.

    The new invoice comes first: so the old one may be given back whole and the contract still stands on one.
    """
    organisation = db.session.get_one(Organisation, term.organisation_id)
    _change_contract(change, term, plan)
    invoice = _issue(change, term, plan, organisation, by, purchase_order)
    change.invoice_id, change.credited_invoice_id = invoice.id, plan.invoice.id
    db.session.flush()
    note = _give_back(change, plan, invoice, by)
    if note is not None and note.released_yen:
        _take_along(change, plan, invoice, by)
    _require_as_planned(plan, invoice, note)
    take(
        change, ChangeState.AGREED, by=by, effective_on=plan.cost.remaining.first,
        credit_note_id=note.id if note else None,
        changes={"tier": [change.before["tier"]["tier_code"], plan.tier.code], "number": invoice.number,
                 "credit_note": note.number if note else ""},
    )  # fmt: skip
    follow_claim(term.id)
    tier_mail.tell_changed(change, plan.cost, invoice, note, is_offered_anew=offer_anew(term))


def _change_contract(change: TierChange, term: ContractTerm, plan: ChangePlan) -> None:
    before = term.snapshot
    price = frozen_price(plan.tier, term.fiscal_year)
    seats = carried_seats(before, plan.tier.training_seats)
    values: dict[str, Any] = {
        "tier_id": plan.tier.id,
        "tier_code": plan.tier.code,
        "tier_snapshot": price["tier"] | {"agreed_seats": seats},
        "price": {key: value for key, value in price.items() if key != "tier"},
    }
    claim = update(ContractTerm).where(
        ContractTerm.id == term.id,
        ContractTerm.tier_id == change.before["tier_id"],
        ContractTerm.cancelled_on.is_(None),
    )
    done: Any = db.session.execute(claim.values(**values), execution_options={"synchronize_session": False})
    if done.rowcount != 1:
        raise OutOfDate(CHANGED)
    db.session.refresh(term, [*values])


def _issue(
    change: TierChange,
    term: ContractTerm,
    plan: ChangePlan,
    organisation: Organisation,
    by: Actor,
    purchase_order: str,
) -> Invoice:
    buyer, language = renewal_buyer(organisation, term)
    remaining = plan.cost.remaining
    return issue_invoice(
        organisation=organisation,
        buyer=buyer,
        subject=_said(lambda: _("Change of membership tier, fiscal year %(year)s", year=term.fiscal_year)),
        lines=[_line(plan, language)],
        period=Period(remaining.first, remaining.last),
        fiscal_year=term.fiscal_year,
        source_key=f"{CHANGE_SOURCE}{change.id}",
        language=language,
        by=by,
        purchase_order=purchase_order,
        not_before=plan.due_on,
        tells=False,
        prepaid_yen=plan.cost.advance_yen,
    )


def _line(plan: ChangePlan, language: str) -> BillLine:
    remaining, names = plan.cost.remaining, {"ja": plan.tier.name_ja, "en": plan.tier.name_en}
    description = {}
    for spoken in names:
        with in_language(spoken):
            description[spoken] = _(
                "Membership fee (%(tier)s), %(rest)s", tier=names[spoken], rest=rest_words(remaining)
            )
    return BillLine(
        description=description,
        detail=_detail(plan, language),
        unit_price_yen=plan.cost.asked_yen,
        product=FeeProduct.MEMBERSHIP,
        category=plan.category,
    )


def _detail(plan: ChangePlan, language: str) -> str:
    """No amounts: later papers (a credit note, an invoice issued anew) take the words over."""
    with in_language(language):
        return _(
            "From the change of tier on; for the tier before see invoice %(number)s.",
            number=plan.invoice.number,
        )


def _give_back(change: TierChange, plan: ChangePlan, invoice: Invoice, by: Actor) -> CreditNote | None:
    if not plan.amounts:
        return None
    with in_language(plan.invoice.language):
        reason = _(
            "Tier changed from %(old)s to %(new)s: %(rest)s given back; the new tier is on invoice %(number)s.",
            old=change.tier_before(plan.invoice.language), new=plan.tier.name(plan.invoice.language),
            rest=rest_words(plan.cost.remaining), number=invoice.number,
        )  # fmt: skip
    return issue_credit_note(
        invoice=plan.invoice, amounts=plan.amounts, reason=reason, by=by, source_key=f"{CHANGE_SOURCE}{change.id}",
        tells=False,
    )  # fmt: skip


def _take_along(change: TierChange, plan: ChangePlan, invoice: Invoice, by: Actor) -> None:
    """Money that had paid the old price pays the new one as far as it goes; the rest stays an advance."""
    with in_language(invoice.language):
        reason = _("Change of tier: what was paid on %(number)s goes along.", number=plan.invoice.number)
    move_advance(
        source=plan.invoice, target=invoice, amount_yen=plan.cost.advance_yen, reason=reason, by=by,
        source_key=f"{CHANGE_SOURCE}{change.id}", tells=False,
    )  # fmt: skip


def _require_as_planned(plan: ChangePlan, invoice: Invoice, note: CreditNote | None) -> None:
    """The papers say what the page said, or nothing is written at all."""
    said = (plan.cost.invoice.gross_yen, plan.cost.credit.gross_yen if plan.cost.credit else 0)
    made = (invoice.total_yen, note.total_yen if note else 0)
    if said != made:
        raise RuntimeError(f"the papers of a change say {made}, the preview said {said}")


def _said(words: Any) -> dict[str, str]:
    found = {}
    for language in ("ja", "en"):
        with in_language(language):
            found[language] = str(words())
    return found
