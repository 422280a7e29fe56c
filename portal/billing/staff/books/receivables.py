"""What is owed by age, as of any day: by company, and of one company by invoice."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.queries.directory import find_organisation
from portal.billing.book_tables import BAND_LABELS, ages_table
from portal.billing.queries.books.ageing import ages, ages_by_company, open_invoices
from portal.billing.queries.books.parts import balance_on
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.books.forms import asked_day
from portal.billing.staff.books.saving import save_table
from portal.core import clock
from portal.core.i18n import _, current_language, in_words
from portal.core.links import url_for
from portal.core.pages import LARGEST_EXPORT, cursor_argument, page, whole
from portal.domain.ageing import Band, band_of
from portal.domain.ledger import Account


@blueprint.get("/books/receivables")
@books
def show_receivables() -> Response:
    """The bands, whether they are what the account says, and companies by what they owe."""
    form, on = asked_day()
    late = request.args.get("show") == "late"
    found = ages_by_company(on, only_late=late, language=current_language(), cursor=cursor_argument())
    return page(
        "staff/books/show_receivables.html",
        form=form,
        on=on,
        age=ages(on),
        account_yen=balance_on(on, Account.RECEIVABLE),
        found=found,
        cursor=cursor_argument(),
        bands=list(Band),
        band_words=in_words(BAND_LABELS),
        arguments=_arguments(),
        chips=_chips(late),
    )


@blueprint.post("/books/receivables/export")
@books
def export_receivables() -> Response:
    """Every company of the list with its bands."""
    form, on = asked_day()
    if form.errors:
        return show_receivables()
    late = request.args.get("show") == "late"
    found = ages_by_company(on, only_late=late, language=current_language(), size=LARGEST_EXPORT)
    return save_table("receivables", ages_table(whole(found)), on=on, wanted=_arguments())


@blueprint.get("/books/receivables/<id:organisation_id>")
@books
def show_company_receivables(organisation_id: int) -> Response:
    """The invoices on which a company owed something on a day."""
    form, on = asked_day()
    company = find_organisation(organisation_id)
    rows = [(*row, band_of(row[3], on)) for row in open_invoices(on, organisation_id)]
    return page(
        "staff/books/show_company_receivables.html",
        form=form,
        on=on,
        company=company,
        rows=rows,
        total_yen=sum(row[5] for row in rows),
        band_words=in_words(BAND_LABELS),
        is_today=on == clock.today(),
    )


def _arguments(**changes: Any) -> dict[str, Any]:
    """What the address asks for, but for where the list goes on."""
    given = {name: request.args.get(name) for name in ("on", "show")} | changes
    return {name: value for name, value in given.items() if value}


def _chips(late: bool) -> list[dict[str, Any]]:
    endpoint = "billing_staff.show_receivables"
    return [
        {"label": _("All"), "url": url_for(endpoint, **_arguments(show=None)), "active": not late},
        {"label": _("Only late"), "url": url_for(endpoint, **_arguments(show="late")), "active": late},
    ]
