"""The papers of a change that is taken back: an invoice for the tier before, a credit note over the new one, and the money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.accounts.models import Organisation
from portal.billing.models import CreditNote, Invoice
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import BillLine, issue_invoice, settlement
from portal.billing.services.advances import move_advance
from portal.billing.services.credits import issue_credit_note
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.i18n import _, in_language
from portal.domain.documents import Period
from portal.domain.tax import TaxCategory
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries.bills import BACK_SOURCE
from portal.membership.services.renewals.buyers import renewal_buyer


def bill_again(
    change: TierChange,
    term: ContractTerm,
    given_back: CreditNote,
    *,
    not_before: date,
    prepaid_yen: int,
    by: Actor,
) -> Invoice:
    """Ask again for what the change had given back, line by line, to the yen, for the same period, due not before that day; `prepaid_yen` of it return."""
    organisation = db.session.get_one(Organisation, term.organisation_id)
    buyer, language = renewal_buyer(organisation, term)
    subject = {}
    for spoken in ("ja", "en"):
        with in_language(spoken):
            subject[spoken] = _("Change of tier taken back, fiscal year %(year)s", year=term.fiscal_year)
    with in_language(language):
        detail = _("In place of what credit note %(number)s had given back.", number=given_back.number)
    lines = [
        BillLine(
            description={"ja": line["description_ja"], "en": line["description_en"]},
            detail=detail,
            unit_price_yen=line["amount_yen"],
            category=TaxCategory(line["category"]),
        )
        for line in given_back.lines
    ]
    return issue_invoice(
        organisation=organisation,
        buyer=buyer,
        subject=subject,
        lines=lines,
        period=Period(change.effective_on or clock.today(), term.ends_on),
        fiscal_year=term.fiscal_year,
        source_key=f"{BACK_SOURCE}{change.id}",
        language=language,
        by=by,
        not_before=not_before,
        tells=False,
        said=given_back.subtotals,
        prepaid_yen=prepaid_yen,
    )


def give_back_whole(
    change: TierChange,
    invoice: Invoice,
    amounts: Mapping[int, int],
    again: Invoice | None,
    *,
    reason: str,
    by: Actor,
) -> CreditNote:
    """All of the invoice of the change. `again`: the one for the tier before, where something had been given back."""
    with in_language(invoice.language):
        words = _("The change of tier was taken back (%(why)s).", why=reason.strip())
        if again is not None:
            words = _(
                "The change of tier was taken back (%(why)s); the tier before is on invoice %(number)s.",
                why=reason.strip(), number=again.number,
            )  # fmt: skip
    return issue_credit_note(
        invoice=invoice, amounts=amounts, reason=words, by=by, source_key=f"{BACK_SOURCE}{change.id}", tells=False
    )  # fmt: skip


def return_money(change: TierChange, source: Invoice, target: Invoice, *, by: Actor) -> int:
    """What had gone along to the new invoice settles the one for the tier before; gives the yen."""
    free = settlement.debt_of(source.id).excess_yen
    amount = min(free, settlement.debt_of(target.id).outstanding_yen)
    if not amount:
        return 0
    with in_language(target.language):
        reason = _("Change of tier taken back: what was paid returns from %(number)s.", number=source.number)
    move_advance(
        source=any_invoice(source.id), target=target, amount_yen=amount, reason=reason, by=by,
        source_key=f"{BACK_SOURCE}{change.id}", tells=False,
    )  # fmt: skip
    return amount
