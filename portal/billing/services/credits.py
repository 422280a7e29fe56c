"""Credit notes: give back a part of an invoice or all of it, once, and never more than there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing import documents, mail
from portal.billing.models import CreditNote, Invoice
from portal.billing.queries.deferrals import deferred_yen
from portal.billing.queries.versions import latest_version
from portal.billing.services import issuing, ledger, settlement
from portal.billing.services.allocations import release, standing_payments
from portal.billing.services.credit_plans import ReturnPlan, plan_credit
from portal.billing.services.payments import complete
from portal.billing.signals import fee_given_back, invoice_cancelled, invoice_paid
from portal.core import clock, formats
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l, in_language
from portal.domain import ledger as books
from portal.domain import settlement as rules
from portal.domain.ledger import EntryKind
from portal.domain.numbering import DocumentKind
from portal.domain.settlement import Settlement
from portal.jobs.services import enqueue


def issue_credit_note(
    *,
    invoice: Invoice,
    amounts: Mapping[int, int],
    reason: str,
    by: Actor | int | None,
    source_key: str,
    replaced_by: Invoice | None = None,
    tells: bool = True,
) -> CreditNote:
    """Give back; what was paid of it becomes an advance of the payer. The same `source_key` gives the first note.

    With `replaced_by` the note names the invoice that stands in the place of this one: what hangs on it goes on, and whoever
    replaces tells the company; so does whoever says `tells=False`, which bills what is given back anew and brings the money there.
    Raises Refused as `plan_credit` does, and at `reason` without one.
    """
    standing = db.session.scalars(select(CreditNote).where(CreditNote.source_key == source_key)).one_or_none()
    if standing is not None:
        return standing
    if not reason.strip():
        raise Refused(_l("Please say why something is given back."), field="reason")
    today = clock.today()
    plan = _claim(invoice, amounts, today, is_billed_anew=not tells)
    note = _write(invoice, plan, reason.strip()[:300], by, source_key, today, replaced_by)
    if note.released_yen:
        release(invoice, note.released_yen, because_of=note)
    _book(invoice, note, today)
    _tell(invoice, note, plan.effect, by)
    enqueue("billing.close_checkouts", invoice_id=invoice.id)
    if tells and replaced_by is None:
        mail.send_credit_note(note, invoice)
    if replaced_by is None:
        _follow(invoice, plan, by, is_billed_anew=not tells)
    return note


def _claim(invoice: Invoice, amounts: Mapping[int, int], today: date, *, is_billed_anew: bool) -> ReturnPlan:
    """Move what is owed; the plan is made anew when somebody was faster, so that two never give back the same."""
    plans: list[ReturnPlan] = []

    def change(debt: rules.Debt) -> Settlement:
        plans.append(plan_credit(invoice, amounts, is_billed_anew=is_billed_anew))
        return rules.give_credit(debt, plans[-1].totals.gross_yen)

    effect = settlement.move(invoice.id, change, on=today)
    return replace(plans[-1], effect=effect)


def _write(
    invoice: Invoice,
    plan: ReturnPlan,
    reason: str,
    by: Actor | int | None,
    source_key: str,
    today: date,
    replaced_by: Invoice | None,
) -> CreditNote:
    paper = latest_version(invoice)
    note = CreditNote(
        source_key=source_key,
        organisation_id=invoice.organisation_id,
        invoice_id=invoice.id,
        returned_on=today,
        reason=reason,
        released_yen=plan.effect.excess_yen,
        issuer=issuing.issuer_of_sale(invoice.language, today, invoice),
        lines=list(plan.lines),
        tax_rows=[documents.tax_row_data(row) for row in plan.totals.subtotals],
        net_yen=plan.totals.net_yen,
        tax_yen=plan.totals.tax_yen,
        total_yen=plan.totals.gross_yen,
        notes=_named(replaced_by, invoice.language) if replaced_by else "",
        **issuing.numbered(DocumentKind.CREDIT_NOTE, today),
        **issuing.signed(by),
        **issuing.same_as(paper, *issuing.WORDS),
    )
    issuing.keep(note, documents.credit_note_pdf(note, paper), "credit_note")
    return note


def _named(replaced_by: Invoice, language: str) -> str:
    with in_language(language):
        return _(
            "Invoice %(number)s of %(day)s stands in place of the original invoice.",
            number=replaced_by.number,
            day=formats.day(replaced_by.issued_on),
        )


def _book(invoice: Invoice, note: CreditNote, today: date) -> None:
    transfers = books.credit_given(
        note.net_yen,
        note.tax_yen,
        deferred_yen=deferred_yen(invoice.id),
        released_yen=note.released_yen,
    )
    ledger.post(
        EntryKind.CREDIT_GIVEN,
        source=f"credit_note:{note.id}",
        transfers=transfers,
        booked_on=today,
        memo=note.number,
        invoice_id=invoice.id,
    )


def _tell(invoice: Invoice, note: CreditNote, effect: Settlement, by: Actor | int | None) -> None:
    record(
        verb="credit_note.issued",
        subject=invoice,
        organisation_id=invoice.organisation_id,
        by=by,
        changes={
            "number": note.number,
            "total_yen": note.total_yen,
            "outstanding_yen": [effect.before.outstanding_yen, effect.after.outstanding_yen],
            "excess_yen": [effect.before.excess_yen, effect.after.excess_yen],
        },
        note=note.reason,
        audience=Audience.PARTY,
    )


def _follow(invoice: Invoice, plan: ReturnPlan, by: Actor | int | None, *, is_billed_anew: bool) -> None:
    """News: cancelled when all was given back, without its fee when that was, paid when money had settled what remains."""
    effect = plan.effect
    if effect.after.given_back_yen == effect.after.total_yen:
        record(
            verb="invoice.cancelled",
            subject=invoice,
            organisation_id=invoice.organisation_id,
            by=by,
            audience=Audience.PARTY,
        )
        invoice_cancelled.send(invoice, is_billed_anew=is_billed_anew)
        return
    if plan.takes_fee:
        fee_given_back.send(invoice, is_billed_anew=is_billed_anew)
    if effect.is_completed:
        last = standing_payments(invoice)[-1]
        complete(invoice, last, by=by if isinstance(by, Actor) else None)
        invoice_paid.send(invoice, paid_on=last.received_on)
