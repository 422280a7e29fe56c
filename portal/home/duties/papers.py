"""Papers that ask for something: invoices, quotes. Pure: rows in, tasks out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.core.formats import fiscal_year, yen
from portal.core.i18n import _, current_language
from portal.home.duties import Task, joined
from portal.home.queries.companies import Offer, Paper


def invoice_tasks(papers: Iterable[Paper], names: Mapping[int, str]) -> list[Task]:
    """Invoices on which something is owed."""
    return [
        Task(
            _("Pay invoice %(number)s: %(amount)s", number=paper.number, amount=yen(paper.outstanding_yen)),
            _("Pay"),
            "billing.show_invoice",
            {"invoice_id": paper.id},
            detail=joined(paper.subject(current_language()), names.get(paper.organisation_id)),
            due=paper.due_on,
        )
        for paper in papers
        if paper.is_owed
    ]


def offer_tasks(
    offers: Iterable[Offer], taken_years: set[tuple[int | None, int]], open_years: set[int]
) -> list[Task]:
    """The newest quote of each year for which nothing has been applied for yet, while applications are taken."""
    found: dict[tuple[int | None, int], Task] = {}
    for offer in offers:
        key = (offer.organisation_id, offer.fiscal_year)
        if offer.is_sent or offer.fiscal_year not in open_years or key in taken_years:
            continue
        task = Task(
            _("Quote %(number)s holds for a limited time", number=offer.number),
            _("Apply"),
            "membership.start_application",
            detail=joined(fiscal_year(offer.fiscal_year), yen(offer.total_yen)),
            due=offer.valid_until,
        )
        found.setdefault(key, task)
    return list(found.values())


def quote_tasks(offers: Iterable[Offer]) -> list[Task]:
    """Quotes of the office that wait for an order."""
    return [
        Task(
            _("Answer quote %(number)s: %(amount)s", number=offer.number, amount=yen(offer.total_yen)),
            _("See the quote"),
            "billing.show_quote",
            {"quote_id": offer.id},
            due=offer.valid_until,
        )
        for offer in offers
        if offer.is_sent
    ]
