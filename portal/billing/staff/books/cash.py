"""Money received by month and method."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.book_tables import cash_table
from portal.billing.enums import METHOD_LABELS
from portal.billing.queries.books.cash import cash_by_month
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.books.forms import asked_year, year_chips
from portal.billing.staff.books.saving import save_table
from portal.core import clock
from portal.core.i18n import in_words
from portal.core.pages import page


@blueprint.get("/books/cash")
@books
def show_cash() -> Response:
    """Payments by method, what else moved, what stands on our accounts, and whether the books say the same."""
    year, today = asked_year(), clock.today()
    months = [each for each in cash_by_month(year) if each.month.first_day <= today]
    return page(
        "staff/books/show_cash.html",
        year=year.year,
        years=year_chips("billing_staff.show_cash", year),
        months=months,
        methods=in_words(METHOD_LABELS),
        fits=all(month.fits for month in months),
    )


@blueprint.post("/books/cash/export")
@books
def export_cash() -> Response:
    """The months as a file."""
    year, today = asked_year(), clock.today()
    months = [each for each in cash_by_month(year) if each.month.first_day <= today]
    return save_table("cash", cash_table(months), on=min(today, year.ends_on), wanted={"year": year.year})
