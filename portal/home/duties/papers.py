"""Papers that ask for something: invoices, quotes. Pure: rows in, tasks out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.core.formats import day, fiscal_year, yen
from portal.core.i18n import _, current_language
from portal.domain.renewal_flow import RenewalState
from portal.home.duties import Task, joined
from portal.home.queries.companies import Offer, Paper
from portal.membership.queries.renewals import Asked
from portal.membership.renewing import lapsed_words


def invoice_tasks(
    papers: Iterable[Paper], names: Mapping[int, str], halted: Mapping[int, Asked]
) -> list[Task]:
    """Invoices on which something is owed. `halted`: by invoice, the renewal that is late or has lapsed for want of this money."""
    return [_invoice_task(paper, names, halted.get(paper.id)) for paper in papers if paper.is_owed]


def _invoice_task(paper: Paper, names: Mapping[int, str], renewal: Asked | None) -> Task:
    amount = yen(paper.outstanding_yen)
    title, action = _("Pay invoice %(number)s: %(amount)s", number=paper.number, amount=amount), _("Pay")
    words = paper.subject(current_language())
    if renewal is not None:
        words = _halted_words(renewal)
    if renewal is not None and renewal.state is RenewalState.LAPSED:
        title = _(
            "Invoice %(number)s (%(amount)s) of a lapsed membership", number=paper.number, amount=amount
        )
        action = _("See the invoice")
    return Task(
        title, action, "billing.show_invoice", {"invoice_id": paper.id}, due=paper.due_on, is_first=renewal is not None,
        detail=joined(words, names.get(paper.organisation_id)),
    )  # fmt: skip


def _halted_words(renewal: Asked) -> str:
    year, until = fiscal_year(renewal.fiscal_year), day(renewal.pay_until) if renewal.pay_until else ""
    if renewal.state is RenewalState.LAPSED:
        return lapsed_words(renewal.fiscal_year)
    if renewal.state is RenewalState.SUSPENDED:
        return _(
            "The membership for %(year)s is suspended. It lapses unless the fee arrives by %(day)s.",
            year=year, day=until,
        )  # fmt: skip
    return _(
        "The day for the fee for %(year)s has passed. Paying by %(day)s still completes the renewal.",
        year=year, day=until,
    )  # fmt: skip


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
