"""When an invoice is due, by the issuer's rule and the banks' calendar."""

from __future__ import annotations

from datetime import date

import jpholiday

from portal.billing.models import IssuerProfile
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
