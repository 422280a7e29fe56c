"""Issue an invoice anew because an amount, a line or its tax was wrong: the old one is given back, its money moves over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import mail
from portal.billing.models import CreditNote, Invoice, InvoiceReplacement
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.replacements import asked_by, is_replaced, place_of
from portal.billing.queries.versions import latest_version
from portal.billing.services import settlement
from portal.billing.services.advances import move_advance
from portal.billing.services.bills import Bill, BillLine, Words, make_bill, person_id
from portal.billing.services.credit_plans import ReturnPlan, plan_credit
from portal.billing.services.credits import issue_credit_note
from portal.billing.services.due_days import due_after
from portal.billing.services.invoices import issue_invoice
from portal.billing.services.receipts import void_receipts
from portal.billing.signals import claim_moved
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.formats import yen
from portal.core.i18n import _, _l, in_language
from portal.core.integrity import explain
from portal.domain.documents import PartySnapshot, Period

TWICE = _l("Another invoice stands in the place of this one already.")
explain("uq_invoice_replacements_invoice_id", TWICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What the invoice shall say instead."""

    buyer: PartySnapshot
    subject: Words
    purchase_order: str
    lines: Sequence[BillLine]


@dataclass(frozen=True, slots=True)
class ReplacementPlan:
    """The new invoice and its day, never before the old claim's; the old one's credit note; where its money goes."""

    bill: Bill
    credit: ReturnPlan
    due_on: date
    moved_yen: int
    open_yen: int
    advance_yen: int


def plan_replacement(invoice: Invoice, wanted: Replacement) -> ReplacementPlan:
    """What this would do now; raises Refused when it was done already, nothing is left, or no amount is another."""
    if is_replaced(invoice):
        raise Refused(TWICE)
    left = left_of_lines(invoice)
    if not any(left.values()):
        raise Refused(_l("All of this invoice was given back, so there is nothing to correct."))
    bill = make_bill(
        wanted.lines,
        supplied_on=invoice.period_from,
        issued_on=clock.today(),
        language=invoice.language,
    )
    if _amounts(bill) == _amounts_of(invoice):
        raise Refused(_l("Amounts and tax are those of the invoice as it stands."))
    credit = plan_credit(invoice, left)
    paid = credit.effect.after.excess_yen
    moved = min(paid, bill.totals.gross_yen)
    due = due_after(invoice, bill.profile)
    return ReplacementPlan(bill, credit, due, moved, bill.totals.gross_yen - moved, paid - moved)


def replace_invoice(
    *, invoice: Invoice, wanted: Replacement, reason: str, by: Actor | int | None, source_key: str
) -> Invoice:
    """Issue the invoice that stands in the place of this one; the same `source_key` gives the first.

    The old one is given back in full and its receipts cease to hold; what was paid settles the new one, the rest stays an
    advance. What hangs on the old one (a membership) hangs on the new one. Raises Refused as `plan_replacement` does, and at
    `reason` without one.
    """
    standing = db.session.scalars(
        select(InvoiceReplacement).where(InvoiceReplacement.source_key == source_key)
    ).first()
    if standing is not None:
        return db.session.get_one(Invoice, standing.replaced_by_id)
    if not reason.strip():
        raise Refused(_l("Please say what was wrong."), field="reason")
    settlement.lock(invoice.id)
    plan = plan_replacement(invoice, wanted)
    new = issue_invoice(
        organisation=db.session.get_one(Organisation, invoice.organisation_id),
        buyer=wanted.buyer,
        subject=wanted.subject,
        lines=wanted.lines,
        period=Period(invoice.period_from, invoice.period_to),
        fiscal_year=invoice.fiscal_year,
        source_key=f"replaces:{invoice.id}",
        language=invoice.language,
        by=by,
        purchase_order=wanted.purchase_order,
        replaces=latest_version(invoice),
        not_before=plan.due_on,
        remark=_paid_already(invoice, plan),
        prepaid_yen=plan.moved_yen,
    )
    note = issue_credit_note(
        invoice=invoice,
        amounts=left_of_lines(invoice),
        reason=reason,
        by=by,
        source_key=f"replaced:{invoice.id}",
        replaced_by=new,
    )
    _link(invoice, new, note, reason, by, source_key)
    void_receipts(invoice, reason=reason, by=by)
    mail.send_replacement(invoice, new, note, plan.moved_yen, plan.advance_yen)
    if plan.moved_yen:
        _move_over(invoice, new, plan.moved_yen, by)
    claim_moved.send(new)
    return new


def _link(
    old: Invoice, new: Invoice, note: CreditNote, reason: str, by: Actor | int | None, source_key: str
) -> None:
    db.session.add(
        InvoiceReplacement(
            source_key=source_key,
            root_key=asked_by(old),
            place=place_of(old) + 1,
            invoice_id=old.id,
            replaced_by_id=new.id,
            credit_note_id=note.id,
            reason=reason.strip()[:300],
            created_at=clock.now(),
            created_by_id=person_id(by),
        )
    )
    db.session.flush()
    for invoice in (old, new):
        record(
            verb="invoice.replaced",
            subject=invoice,
            organisation_id=invoice.organisation_id,
            by=by,
            changes={"number": f"{old.number} → {new.number}", "total_yen": new.total_yen},
            note=reason.strip()[:300],
            audience=Audience.PARTY,
        )


def _paid_already(old: Invoice, plan: ReplacementPlan) -> str:
    """What the new paper says about money that was paid for the old one, so that nobody pays its total again."""
    if not plan.moved_yen:
        return ""
    with in_language(old.language):
        said = {"number": old.number, "paid": yen(plan.moved_yen), "open": yen(plan.open_yen)}
        if plan.open_yen:
            return _(
                "%(paid)s paid for %(number)s are used for this invoice; %(open)s are still to be paid.",
                **said,
            )
        return _("%(paid)s paid for %(number)s are used for this invoice; there is nothing to pay.", **said)


def _move_over(old: Invoice, new: Invoice, amount_yen: int, by: Actor | int | None) -> None:
    with in_language(old.language):
        reason = _("Paid for the invoice that was replaced")
    move_advance(
        source=old, target=new, amount_yen=amount_yen, reason=reason, by=by, source_key=f"replaces:{new.id}", tells=False
    )  # fmt: skip


def _amounts(bill: Bill) -> list[tuple[int, int, str]]:
    return [(each.line.quantity, each.line.unit_price_yen, each.category.value) for each in bill.lines]


def _amounts_of(invoice: Invoice) -> list[tuple[int, int, str]]:
    return [(line.quantity, line.unit_price_yen, line.category.value) for line in invoice.lines]
