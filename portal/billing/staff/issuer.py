"""The issuer's data and the tax treatment of fees: typed, shown with the effect, then saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import PRODUCT_LABELS, ROUNDING_LABELS, TAX_LABELS, FeeProduct
from portal.billing.forms import ACCOUNT_KINDS, DUE_RULES, IssuerForm, TaxForm
from portal.billing.models import IssuerProfile, TaxTreatment
from portal.billing.queries.issuers import issuer_history, issuer_on, later_day, treatment_on, treatments_on
from portal.billing.services.issuers import checked_issuer, set_issuer_profile, set_tax_treatment
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import day
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.preview import Step, differences, preview, step_of
from portal.domain.tax import TaxCategory

WORDS: dict[str, Mapping[Any, Any]] = {
    "rounding": ROUNDING_LABELS,
    "due_rule": DUE_RULES,
    "account_kind": ACCOUNT_KINDS,
    "category": TAX_LABELS,
    "product": PRODUCT_LABELS,
}
ACCOUNT = ("bank_code", "branch_code", "account_kind", "account_number", "account_holder")


@blueprint.get("/billing/issuer")
@books
def show_issuer() -> Response:
    """Who issues documents today, and how fees are taxed."""
    today = clock.today()
    return page(
        "staff/billing/show_issuer.html",
        issuer=issuer_on(today),
        history=issuer_history(),
        treatments=treatments_on(today),
        products=list(FeeProduct),
        tax_labels=TAX_LABELS,
        rounding_labels=ROUNDING_LABELS,
        due_rules=DUE_RULES,
        account_kinds=ACCOUNT_KINDS,
        today=today,
    )


@blueprint.route("/billing/issuer/edit", methods=["GET", "POST"])
@books
def edit_issuer() -> Response:
    """Enter the issuer's data from a day on; documents of the past stay."""
    form = IssuerForm(obj=issuer_on(clock.today()))
    if not form.is_submitted():
        form.valid_from.data = clock.today()
    step = step_of(form)
    try:
        if step is Step.PREVIEW:
            return _preview_issuer(form)
        if step is Step.MAKE:
            set_issuer_profile(by=actor(), **form.values())
            flash(_("The issuer's data are saved."), "success")
            return redirect(url_for("billing_staff.show_issuer"), 303)
    except Refused as refused:
        refuse(form, refused)
    return page("staff/billing/edit_issuer.html", form=form)


@blueprint.route("/billing/taxes/edit", methods=["GET", "POST"])
@books
def edit_tax() -> Response:
    """Decide how a fee is taxed from a day on."""
    form = TaxForm()
    if not form.is_submitted():
        form.valid_from.data = clock.today()
    step = step_of(form)
    if step is Step.PREVIEW:
        return _preview_tax(form)
    if step is Step.MAKE:
        set_tax_treatment(by=actor(), **_treatment(form))
        flash(_("The tax treatment is saved."), "success")
        return redirect(url_for("billing_staff.show_issuer"), 303)
    return page("staff/billing/edit_tax.html", form=form)


def _preview_issuer(form: IssuerForm) -> Response:
    after = checked_issuer(form.values())
    standing = issuer_on(after["valid_from"])
    before = {name: getattr(standing, name) for name in after} if standing else {}
    return preview(
        title=_("Save the issuer's data?"),
        confirm=_("Save"),
        changes=differences(form, _worded(before), _worded(after)),
        effects=[
            *_effects(after["valid_from"], later_day(IssuerProfile, after["valid_from"])),
            *_news(before, after),
        ],
    )


def _preview_tax(form: TaxForm) -> Response:
    after = _treatment(form)
    standing = treatment_on(after["product"], after["valid_from"])
    before = {name: getattr(standing, name) for name in after} if standing else {}
    return preview(
        title=_("Save the tax treatment of %(fee)s?", fee=PRODUCT_LABELS[after["product"]]),
        confirm=_("Save"),
        changes=differences(form, _worded(before), _worded(after)),
        effects=[
            *_effects(
                after["valid_from"], later_day(TaxTreatment, after["valid_from"], product=after["product"])
            ),
            *_kept(after["product"]),
        ],
    )


def _treatment(form: TaxForm) -> dict[str, Any]:
    given = form.values()
    return given | {"product": FeeProduct(given["product"]), "category": TaxCategory(given["category"])}


def _worded(values: Mapping[str, Any]) -> dict[str, Any]:
    """With the words of choices instead of their values."""
    return {
        name: str(WORDS[name].get(value, value)) if name in WORDS else value for name, value in values.items()
    }


def _effects(first: date, later: date | None) -> list[str]:
    """What every such change does, by its first day and the first day of the version after it."""
    today = clock.today()
    return [
        _("No mail goes out."),
        _("Quotes, invoices and receipts issued from %(day)s on carry it.", day=day(max(first, today))),
        _("Documents that were issued stay as they are."),
        _("From %(day)s on another version holds, which was entered already.", day=day(later))
        if later
        else "",
    ]


def _kept(product: FeeProduct) -> list[str]:
    """What was promised before the decision, and stays."""
    if product is not FeeProduct.MEMBERSHIP:
        return []
    return [
        _(
            "Applications sent in and renewals offered before keep the tax that they named; so do their invoices."
        )
    ]


def _news(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    number, moved = after["registration_number"], any(before.get(name) != after[name] for name in ACCOUNT)
    return [
        _("Invoices make no claim to be qualified any more.")
        if before.get("registration_number") and not number
        else "",
        _(
            "Invoices that were issued still name the former bank account; please keep it open until they are paid."
        )
        if before.get("account_number") and moved
        else "",
    ]
