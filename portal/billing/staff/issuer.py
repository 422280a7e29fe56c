"""The issuer's data and the tax treatment of fees."""

from __future__ import annotations

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.enums import ROUNDING_LABELS, TAX_LABELS, FeeProduct
from portal.billing.forms import ACCOUNT_KINDS, DUE_RULES, IssuerForm, TaxForm
from portal.billing.queries.issuers import issuer_history, issuer_on, treatments_on
from portal.billing.services.issuers import set_issuer_profile, set_tax_treatment
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.domain.tax import TaxCategory


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
    today = clock.today()
    form = IssuerForm(obj=issuer_on(today))
    if not form.is_submitted():
        form.valid_from.data = today
    if form.validate_on_submit():
        try:
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
    if form.validate_on_submit():
        given = form.values()
        given |= {"product": FeeProduct(given["product"]), "category": TaxCategory(given["category"])}
        set_tax_treatment(by=actor(), **given)
        flash(_("The tax treatment is saved."), "success")
        return redirect(url_for("billing_staff.show_issuer"), 303)
    return page("staff/billing/edit_tax.html", form=form)
