"""The books and the renewals in pictures, each with its table."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from portal.billing.book_tables import BAND_LABELS
from portal.billing.queries.books.ageing import ages
from portal.billing.queries.books.cash import cash_by_month, due_by_month
from portal.core import clock
from portal.core.i18n import in_words
from portal.core.links import url_for
from portal.core.pages import page
from portal.domain.ageing import Band
from portal.domain.terms import FiscalYear
from portal.membership import pictures
from portal.membership.queries.expected import expected_by_month
from portal.membership.queries.renewal_board import funnel_of
from portal.membership.queries.renewals import campaigns
from portal.membership.staff.addresses import chosen_year
from portal.membership.staff.blueprint import blueprint, keepers


@blueprint.get("/books/pictures")
@keepers
def show_pictures() -> Response:
    """Ages of what is owed, money by month against its plan, and how far the renewals are."""
    today = clock.today()
    now = FiscalYear.of(today)
    year = FiscalYear(min(chosen_year() or now.year, now.year + 1))
    cash = cash_by_month(year)
    months = pictures.plan(cash, due_by_month(year), expected_by_month(year))
    campaign = next(iter(campaigns()), None)
    funnel = funnel_of(campaign.id) if campaign else None
    age = ages(today)
    return page(
        "staff/books/show_pictures.html",
        today=today,
        year=year.year,
        years=[_chip(each, year) for each in (now.next, now, now.previous)],
        age=age,
        bands=[(word, age.yen[band], age.invoices[band]) for band, word in _bands()],
        finding_of_ages=pictures.finding_of_ages(age),
        months=months,
        received_yen=sum(each.received_yen for each in cash),
        kept_yen=sum(each.kept_yen for each in cash),
        finding_of_cash=pictures.finding_of_cash(months, today),
        campaign=campaign,
        funnel=funnel,
        stages=pictures.stages(funnel) if funnel else [],
        finding_of_renewals=pictures.finding_of_renewals(funnel) if funnel else "",
    )


def _bands() -> list[tuple[Band, str]]:
    words = in_words(BAND_LABELS)
    return [(band, words[band]) for band in Band]


def _chip(year: FiscalYear, chosen: FiscalYear) -> dict[str, object]:
    url = url_for(request.endpoint or "", year=year.year)
    return {"label": year.year, "url": url, "active": year == chosen}
