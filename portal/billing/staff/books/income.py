"""Fees as income: by month of a fiscal year, and by the year that they are for."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.book_tables import fees_table, income_table
from portal.billing.queries.books.fees import fees_by_month
from portal.billing.queries.books.income import income_by_month, income_by_year
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.books.forms import asked_year, year_chips
from portal.billing.staff.books.saving import save_table
from portal.core import clock
from portal.core.i18n import current_language
from portal.core.pages import page


@blueprint.get("/books/income")
@books
def show_income() -> Response:
    """What belongs to which month, what is left at its end, and whether that is what the books say."""
    year, today = asked_year(), clock.today()
    months = income_by_month(year, today)
    return page(
        "staff/books/show_income.html",
        year=year.year,
        years=year_chips("billing_staff.show_income", year, and_next=True),
        months=months,
        by_year=income_by_year(today),
        fits=all(month.fits for month in months),
        today=today,
    )


@blueprint.post("/books/income/export")
@books
def export_income() -> Response:
    """The months as a file."""
    year, today = asked_year(), clock.today()
    table = income_table(income_by_month(year, today))
    return save_table("income", table, on=min(today, year.ends_on), wanted={"year": year.year})


@blueprint.post("/books/income/fees/export")
@books
def export_fees() -> Response:
    """Each invoice with its part in every month."""
    year = asked_year()
    table = fees_table(year, fees_by_month(year, current_language()))
    on = min(clock.today(), year.ends_on)
    return save_table("fees_by_month", table, on=on, wanted={"year": year.year})
