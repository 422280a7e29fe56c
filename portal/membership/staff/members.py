"""Members by tier and fiscal year. Whether a company is a member follows from its terms alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.accounts.models import Organisation
from portal.accounts.queries.members import members_of
from portal.accounts.services.exports import note_export
from portal.billing.policy import may_keep_books
from portal.core import clock
from portal.core.access import actor
from portal.core.exports import Cell, send_table, wanted_format
from portal.core.formats import fiscal_year
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import LARGEST_EXPORT, cursor_argument, page, whole
from portal.domain.terms import TermState, membership_standing, term_state
from portal.membership.enums import TERM_LABELS
from portal.membership.policy import may_keep_renewals
from portal.membership.queries import terms_of, this_year, tier_names
from portal.membership.queries.members import (
    MemberFilter,
    MemberOrder,
    applications_of_company,
    company_for_review,
    find_terms,
    invoices_by_source,
)
from portal.membership.queries.queue import years_of_applications
from portal.membership.queries.renewals import renewals_of_company
from portal.membership.queries.seats import seats_of_company
from portal.membership.queries.tier_changes import changes_of_company, is_changeable
from portal.membership.services.invoices import SOURCE
from portal.membership.staff.addresses import (
    Address,
    chip,
    chosen,
    chosen_year,
    sortable,
    ticked,
    typed,
)
from portal.membership.staff.blueprint import blueprint, readers
from portal.membership.standings import REASON_LABELS, shown_standing

ENDPOINT = "membership_staff.list_members"


class MemberRow(NamedTuple):
    """A contract as the list and the file show it; `state` is the value, `state_word` its word."""

    id: int
    organisation_id: int
    company: str
    corporate_number: str
    tier: str
    state: str
    state_word: str
    starts_on: date
    ends_on: date
    paid_on: date | None
    total_yen: int

    def cells(self) -> list[Cell]:
        """What the list shows, each fact in a cell of its own."""
        return [
            self.company, self.corporate_number, self.tier, self.state_word, self.starts_on, self.ends_on,
            self.paid_on, self.total_yen,
        ]  # fmt: skip


@blueprint.get("/membership/members")
@readers
def list_members() -> Response:
    """Companies with a contract of a fiscal year: filtered by tier and standing, searched, sorted."""
    wanted = _wanted()
    address = _address(wanted)
    language = current_language()
    found = find_terms(actor(), wanted, language=language, cursor=cursor_argument())
    return page(
        "staff/membership/list_members.html",
        rows=_rows(found.items),
        columns=_columns(wanted, address),
        chips=_chips(wanted, address),
        address=address,
        year=wanted.fiscal_year,
        text=wanted.text,
        is_filtered=bool(address.without("sort", "dir", "year")),
        next_url=address.to(after=found.next_cursor) if found.next_cursor else None,
        first_url=address.to() if "after" in request.args else None,
        export_url=url_for("membership_staff.export_members", **address.filters),
    )


@blueprint.post("/membership/members/export")
@readers
def export_members() -> Response:
    """The ticked rows, or the whole list as it is filtered and sorted, as CSV or XLSX."""
    wanted, kind = _wanted(ids=ticked()), wanted_format()
    rows = _rows(whole(find_terms(actor(), wanted, language=current_language(), size=LARGEST_EXPORT)))
    note_export(name="members", kind=kind.value, rows=len(rows), by=actor(), wanted=_address(wanted).filters)
    title = _("Members")
    return send_table(
        kind,
        name=f"{title}_{fiscal_year(wanted.fiscal_year)}_{clock.today().isoformat()}",
        title=title,
        head=[str(label) for label in _heads()],
        rows=[row.cells() for row in rows],
    )


@blueprint.get("/membership/members/<id:organisation_id>")
@readers
def show_member(organisation_id: int) -> Response:
    """One company: its standing today, terms with their invoices, applications, people."""
    company = company_for_review(actor(), organisation_id)
    terms = terms_of(company.id)
    standing = membership_standing([term.as_term() for term in terms], clock.today())
    return page(
        "staff/membership/show_member.html",
        company=company,
        standing=shown_standing(standing),
        reason=REASON_LABELS[standing.reason],
        terms=_terms_with_invoices(terms),
        applications=applications_of_company(company.id),
        renewals=renewals_of_company(company.id),
        tier_changes=changes_of_company(company.id),
        seats=seats_of_company(company.id),
        changeable=_changeable(terms),
        people=members_of(company.id),
        organisation_url=_organisation_url(company),
    )


def _changeable(terms: Any) -> int | None:
    """The contract whose tier the reader may change now: the running one, else the next."""
    open_ones = [
        term for term in terms if is_changeable(term) and may_keep_renewals(actor(), term.organisation_id)
    ]
    return min(open_ones, key=lambda term: term.fiscal_year).id if open_ones else None


def _terms_with_invoices(terms: Any) -> list[dict[str, Any]]:
    invoices = invoices_by_source([f"{SOURCE}{term.id}" for term in terms])
    opens = may_keep_books(actor())
    found = []
    for term in terms:
        invoice = invoices.get(f"{SOURCE}{term.id}")
        url = url_for("billing_staff.show_invoice", invoice_id=invoice.id) if invoice and opens else ""
        found.append({"term": term, "invoice": invoice, "invoice_url": url})
    return found


def _organisation_url(company: Organisation) -> str:
    """The office's page of the company's data, for those who may open it."""
    if actor().staff_roles.isdisjoint({"secretariat", "administrator"}):
        return ""
    return url_for("accounts_staff.show_organisation", organisation_id=company.id)


def _wanted(ids: tuple[int, ...] = ()) -> MemberFilter:
    tier = request.args.get("tier", "")
    return MemberFilter(
        fiscal_year=chosen_year() or this_year(),
        tier_code=tier if tier.isascii() and tier.isalnum() and len(tier) <= 20 else "",
        state=chosen("state", TermState),
        text=typed(),
        order=chosen("sort", MemberOrder) or MemberOrder.COMPANY,
        is_descending=request.args.get("dir") == "down",
        ids=ids,
    )


def _address(wanted: MemberFilter) -> Address:
    sort = chosen("sort", MemberOrder)
    return Address(
        ENDPOINT,
        year=chosen_year(),
        tier=wanted.tier_code,
        state=wanted.state.value if wanted.state else None,
        q=wanted.text,
        sort=sort.value if sort else None,
        dir="down" if wanted.is_descending else None,
    )


def _chips(wanted: MemberFilter, address: Address) -> dict[str, list[dict[str, Any]]]:
    language = current_language()
    years = sorted({*years_of_applications(), this_year(), this_year() - 1, wanted.fiscal_year}, reverse=True)
    year_chips = [chip(fiscal_year(y), address.to(year=y, tier=None), wanted.fiscal_year == y) for y in years]
    tiers = [
        chip(name, address.to(tier=code), wanted.tier_code == code)
        for code, name in tier_names(wanted.fiscal_year, language)
    ]
    states = [chip(TERM_LABELS[s], address.to(state=s.value), wanted.state is s) for s in TermState]
    return {
        "years": year_chips,
        "tiers": [chip(_("All"), address.to(tier=None), not wanted.tier_code), *tiers],
        "states": [chip(_("All"), address.to(state=None), wanted.state is None), *states],
    }


def _heads() -> list[Any]:
    return [
        _("Company"), _("Corporate number"), _("Tier"), _("Standing"), _("From"), _("Until"), _("Paid on"),
        _("Fee (tax included)"),
    ]  # fmt: skip


def _columns(wanted: MemberFilter, address: Address) -> list[dict[str, Any]]:
    def head(label: Any, order: MemberOrder) -> dict[str, Any]:
        return sortable(address, label, order, wanted.order, wanted.is_descending)

    return [
        {"select": "chosen", "class": "tick", "label": ""},
        head(_("Company"), MemberOrder.COMPANY),
        head(_("Tier"), MemberOrder.TIER),
        {"label": _("Standing")},
        {"label": _("Period")},
        {"label": _("Fee (tax included)"), "class": "number"},
    ]


def _rows(found: Iterable[Any]) -> list[MemberRow]:
    words, today = in_words(TERM_LABELS), clock.today()
    rows = []
    for id, company_id, company, number, tier, total, starts_on, ends_on, paid_on, cancelled_on in found:
        state = term_state(starts_on, ends_on, paid_on, cancelled_on, today)
        days = (starts_on, ends_on, paid_on)
        rows.append(
            MemberRow(id, company_id, company, number or "", tier, state.value, words[state], *days, total)
        )
    return rows
