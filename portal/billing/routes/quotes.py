"""Quotes that a person asked for."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from portal.billing.enums import QUOTE_LABELS, TAX_LABELS
from portal.billing.models import Quote
from portal.billing.queries.invoices import paper
from portal.billing.queries.quotes import chain_of, quote_for, quotes_for
from portal.billing.quote_forms import EndForm, OrderForm
from portal.billing.routes.blueprint import blueprint
from portal.core import access, clock
from portal.core.access import actor
from portal.core.pages import cursor_argument, page
from portal.files.downloads import download


@blueprint.get("/billing/quotes")
@access.signed_in
def list_quotes() -> Response:
    """The person's quotes and those of their organisations."""
    cursor = cursor_argument()
    found = quotes_for(actor(), cursor=cursor)
    return page("billing/list_quotes.html", found=found, cursor=cursor, today=clock.today())


@blueprint.get("/billing/quotes/<id:quote_id>")
@access.signed_in
def show_quote(quote_id: int) -> Response:
    """One quote, and what came of it."""
    return quote_page(quote_for(actor(), quote_id))


@blueprint.get("/billing/quotes/<id:quote_id>/file")
@access.signed_in
def download_quote(quote_id: int) -> Response:
    """The PDF as it was made."""
    return download(paper(quote_for(actor(), quote_id).file_id))


def quote_page(quote: Quote, **forms: Any) -> Response:
    """The page of a quote with what was typed so far."""
    given = {"order": OrderForm, "end": EndForm}
    return page(
        "billing/show_quote.html",
        422 if forms else 200,
        quote=quote,
        chain=chain_of(quote),
        words=QUOTE_LABELS,
        tax_rows=quote.subtotals,
        tax_labels=TAX_LABELS,
        is_over=quote.valid_until < clock.today(),
        **{name: forms.get(name) or kind(formdata=None) for name, kind in given.items()},
    )
