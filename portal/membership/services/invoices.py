"""A term's invoice and an applicant's quote: what billing is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Organisation, Person
from portal.billing.enums import FeeProduct
from portal.billing.models import Invoice, Quote
from portal.billing.queries.replacements import standing_id
from portal.billing.services import BillLine, create_quote, issue_invoice
from portal.core.access import Actor
from portal.core.db import db
from portal.core.i18n import _, in_language
from portal.domain.documents import PartySnapshot, Period
from portal.domain.tax import TaxCategory
from portal.domain.terms import FiscalYear
from portal.membership.models import Application, ContractTerm, Tier
from portal.membership.prices import Price
from portal.membership.queries import latest_revision

SOURCE = "term:"


def invoice_term(
    *, term: ContractTerm, application: Application, organisation: Organisation, by: Actor
) -> Invoice:
    """Issue the term's invoice to the billing contact that the application names; again gives the first one."""
    content = latest_revision(application).content
    language = _language_of(application)
    db.session.refresh(application, ["purchase_order"])  # may have come while the decision was being written
    return invoice_to(
        term=term, buyer=billing_party(content, language), organisation=organisation, language=language, by=by,
        purchase_order=application.purchase_order,
    )  # fmt: skip


def invoice_to(
    *,
    term: ContractTerm,
    buyer: PartySnapshot,
    organisation: Organisation,
    language: str,
    by: Actor | int | None,
    purchase_order: str = "",
    more: Sequence[BillLine] = (),
    not_before: date | None = None,
) -> Invoice:
    """Issue the term's invoice to `buyer`, with `more` lines after the fee, due not before a day; again gives the first one.

    Its tax is that of the price that was promised.
    """
    return issue_invoice(
        organisation=organisation,
        buyer=buyer,
        subject=_subject(term.fiscal_year),
        lines=[_line(term.snapshot.name_ja, term.snapshot.name_en, term.price), *more],
        period=Period(term.starts_on, term.ends_on),
        fiscal_year=term.fiscal_year,
        source_key=f"{SOURCE}{term.id}",
        language=language,
        by=by,
        purchase_order=purchase_order,
        not_before=not_before,
        said=[Price.from_document(term.price).tax_row],
    )


def invoice_of(term: ContractTerm) -> Invoice:
    """The invoice that holds for a term: the first that was issued, or the one in its place."""
    found = db.session.scalars(select(Invoice).where(Invoice.id == standing_id(f"{SOURCE}{term.id}")))
    return found.one()


def quote_tier(
    *,
    tier: Tier,
    fiscal_year: int,
    price: Mapping[str, Any],
    buyer: PartySnapshot,
    organisation: Organisation | None,
    language: str,
    once: str,
    by: Actor | None,
) -> Quote:
    """A quote for a tier before applying, for a typed company name or one's own company."""
    year = FiscalYear(fiscal_year)
    return create_quote(
        organisation=organisation,
        buyer=buyer,
        subject=_subject(fiscal_year),
        lines=[_line(tier.name_ja, tier.name_en, price)],
        period=Period(year.starts_on, year.ends_on),
        fiscal_year=fiscal_year,
        source_key=f"quote:{once}",
        language=language,
        by=by,
    )


def billing_party(content: Mapping[str, Any], language: str) -> PartySnapshot:
    """Who the invoice is made out to: the company, the billing contact's department and person, where to send it."""
    company, billing = content["company"], content["billing"]
    name = company["name_en"] if language == "en" and company.get("name_en") else company["name_ja"]
    return PartySnapshot(
        name=name,
        postal_code=billing.get("postal_code") or company.get("postal_code") or "",
        address=billing.get("address") or company.get("address") or "",
        department=billing.get("department") or "",
        title=billing.get("title") or "",
        person=billing.get("name") or "",
        telephone=billing.get("telephone") or "",
        email=billing.get("email") or "",
    )


def _line(name_ja: str, name_en: str, price: Mapping[str, Any]) -> BillLine:
    with in_language("ja"):
        ja = _("Annual membership fee (%(tier)s)", tier=name_ja)
    with in_language("en"):
        en = _("Annual membership fee (%(tier)s)", tier=name_en)
    return BillLine(
        description={"ja": ja, "en": en},
        unit_price_yen=int(price["fee_yen"]),
        product=FeeProduct.MEMBERSHIP,
        category=TaxCategory(price["tax_category"]),
    )


def _subject(fiscal_year: int) -> dict[str, str]:
    found = {}
    for language in ("ja", "en"):
        with in_language(language):
            found[language] = _("Consortium membership fee, fiscal year %(year)s", year=fiscal_year)
    return found


def _language_of(application: Application) -> str:
    person = db.session.get_one(Person, application.started_by_id)
    return person.language
