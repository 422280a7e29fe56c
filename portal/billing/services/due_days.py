"""Until when an invoice is payable: by the issuer's rule and the banks' calendar, or a later day that was agreed.

`Invoice.due_on` is what the paper says, for ever; `Receivable.due_on` is the day that holds now. Pages, mails, reminders and books
ask the claim.
"""

from __future__ import annotations

from datetime import date

import jpholiday
from sqlalchemy import update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.enums import MORE_TIME
from portal.billing.models import Invoice, IssuerProfile, Receivable
from portal.billing.signals import claim_moved
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.due_dates import DueRule, due_date


def is_bank_day(day: date) -> bool:
    """Japanese banks work: not at weekends, on holidays, or from 31 December to 3 January (銀行法施行令 第5条)."""
    year_end = (day.month, day.day) == (12, 31) or (day.month == 1 and day.day <= 3)
    return day.weekday() < 5 and not year_end and not jpholiday.is_holiday(day)


def due_on(profile: IssuerProfile, issued_on: date, rule: DueRule | None = None) -> date:
    """The day on which an invoice issued on a day is due, by `rule` or by the issuer's."""
    return due_date(
        rule or profile.rule, issued_on, is_business_day=is_bank_day if profile.shifts_due_day else None
    ).on


def claim_day(invoice: Invoice) -> date:
    """The day until which the claim can be paid: as its paper says, or a later one that was agreed."""
    return db.session.get_one(Receivable, invoice.id, populate_existing=True).due_on


def due_after(invoice: Invoice, profile: IssuerProfile) -> date:
    """The day of an invoice that is issued today in the place of this one, or of a part: never before this one's claim."""
    return max(due_on(profile, clock.today()), claim_day(invoice))


def give_time(invoice: Invoice, until: date, *, by: Actor | int | None) -> None:
    """The claim is payable until a later day; the paper stays as it was issued. An earlier day changes nothing."""
    was = claim_day(invoice)
    later = update(Receivable).where(Receivable.invoice_id == invoice.id, Receivable.due_on < until)
    moved = db.session.execute(
        later.values(due_on=until).returning(Receivable.invoice_id),
        execution_options={"synchronize_session": "fetch"},
    )
    if moved.first() is not None:
        record(
            verb=MORE_TIME,
            subject=invoice,
            organisation_id=invoice.organisation_id,
            by=by,
            changes={"due_on": [was, until]},
            audience=Audience.PARTY,
        )
        claim_moved.send(invoice)
