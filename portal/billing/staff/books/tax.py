"""Consumption tax by rate."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.book_tables import tax_table
from portal.billing.enums import TAX_LABELS
from portal.billing.queries.books.tax import tax_summary
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.books.forms import asked_span, span_chips
from portal.billing.staff.books.saving import save_table
from portal.core.i18n import in_words
from portal.core.pages import page


@blueprint.get("/books/tax")
@books
def show_tax() -> Response:
    """What was invoiced and given back at each rate, and whether the books say the same tax."""
    form, since, until = asked_span()
    return page(
        "staff/books/show_tax.html",
        form=form,
        since=since,
        until=until,
        chips=span_chips("billing_staff.show_tax", since, until),
        summary=tax_summary(since, until),
        words=in_words(TAX_LABELS),
    )


@blueprint.post("/books/tax/export")
@books
def export_tax() -> Response:
    """The summary as a file."""
    form, since, until = asked_span()
    if form.errors:
        return show_tax()
    table = tax_table(tax_summary(since, until), since, until)
    return save_table("tax", table, on=until, wanted={"since": f"{since}", "until": f"{until}"})
