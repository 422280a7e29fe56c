"""Days and fiscal years that a report is asked for; they stand in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request
from wtforms import Field, ValidationError

from portal.billing.queries.books.parts import fiscal_years
from portal.core import clock
from portal.core.forms import Form, calendar_day
from portal.core.i18n import _, _l
from portal.core.links import url_for
from portal.domain.ledger import FIRST_DAY
from portal.domain.terms import FiscalYear


class DayForm(Form):
    """As of which day."""

    on = calendar_day(_l("As of"))

    def validate_on(self, field: Field) -> None:
        _check_day(field)


class SpanForm(Form):
    """From which day to which, both counted."""

    since = calendar_day(_l("From this day"))
    until = calendar_day(_l("To this day"))

    def validate_since(self, field: Field) -> None:
        _check_day(field)

    def validate_until(self, field: Field) -> None:
        _check_day(field)
        if self.since.data is not None and field.data is not None and field.data < self.since.data:
            raise ValidationError(_("Please write a day that is not before the first one."))


def _check_day(field: Field) -> None:
    """The books know no other days; without this a year of four digits would be asked month by month."""
    if field.data is not None and not FIRST_DAY <= field.data <= clock.today():
        raise ValidationError(_("Please write a day up to today."))


def asked_day() -> tuple[DayForm, date]:
    """The form as it was asked, valid or not, and its day; today where none was, or none that can be."""
    form = DayForm(
        formdata=request.args if "on" in request.args else None, meta={"csrf": False}, on=clock.today()
    )
    is_asked = "on" in request.args
    if is_asked:
        form.validate()
    return form, clock.today() if form.errors or form.on.data is None else form.on.data


def asked_span() -> tuple[SpanForm, date, date]:
    """The form as it was asked, valid or not, and its days; this fiscal year until today where none were, or none that can be."""
    today = clock.today()
    first = FiscalYear.of(today).starts_on
    is_asked = bool({"since", "until"} & set(request.args))
    form = SpanForm(
        formdata=request.args if is_asked else None, meta={"csrf": False}, since=first, until=today
    )
    if is_asked:
        form.validate()
    if form.errors:
        return form, first, today
    return form, form.since.data or first, form.until.data or today


def asked_year() -> FiscalYear:
    """The fiscal year in the address; this one where it names none that the books have."""
    now, typed = FiscalYear.of(clock.today()), request.args.get("year", "")
    is_year = (
        typed.isascii()
        and typed.isdigit()
        and len(typed) == 4
        and FIRST_DAY.year <= int(typed) <= now.year + 1
    )
    return FiscalYear(int(typed)) if is_year else now


def year_chips(endpoint: str, chosen: FiscalYear, *, and_next: bool = False) -> list[dict[str, Any]]:
    """One chip a fiscal year of the books, the latest first; `and_next` with the one to come. `label` is the number."""
    now = FiscalYear.of(clock.today()).year
    years = sorted({*fiscal_years(), now, chosen.year} | ({now + 1} if and_next else set()), reverse=True)
    return [
        {"label": year, "url": url_for(endpoint, year=year), "active": year == chosen.year} for year in years
    ]


def span_chips(endpoint: str, since: date, until: date) -> list[dict[str, Any]]:
    """This and the last month, this and the last fiscal year."""
    today = clock.today()
    year, month = FiscalYear.of(today), today.replace(day=1)
    last_month_end = date.fromordinal(month.toordinal() - 1)
    spans = (
        (_("This month"), month, today),
        (_("Last month"), last_month_end.replace(day=1), last_month_end),
        (_("This fiscal year"), year.starts_on, today),
        (_("The fiscal year before"), year.previous.starts_on, year.previous.ends_on),
    )
    return [
        {
            "label": label,
            "url": url_for(endpoint, since=first.isoformat(), until=last.isoformat()),
            "active": (first, last) == (since, until),
        }
        for label, first, last in spans
    ]
