"""Names and codes by which payers are known."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.billing.deposits import AliasKind
from portal.billing.queries import bank
from portal.billing.services.bank.aliases import add_alias as learn
from portal.billing.services.bank.aliases import forget_alias as forget
from portal.billing.staff.bank.forms import AliasForm
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l, current_language
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page
from portal.domain.organisation_numbers import normalise_number


@blueprint.get("/billing/payer-names")
@books
def list_aliases() -> Response:
    """Every name and code that is known."""
    cursor = cursor_argument()
    text = request.args.get("q", "").strip()[:100].replace("\x00", "")
    found = bank.list_aliases(text=text, cursor=cursor, language=current_language())
    return page(
        "staff/billing/list_aliases.html",
        found=found,
        cursor=cursor,
        text=text,
        kind_words={kind.value: str(kind.label) for kind in AliasKind},
    )


@blueprint.route("/billing/payer-names/add", methods=["GET", "POST"])
@books
def add_alias() -> Response:
    """Say that a name or code is a company's."""
    form = AliasForm()
    if form.validate_on_submit():
        try:
            company = bank.company_by_number(normalise_number(form.corporate_number.data).removeprefix("T"))
            if company is None:
                raise Refused(_l("No company of this number is known here."), field="corporate_number")
            learn(kind=AliasKind(form.kind.data), name=form.name.data, organisation=company, by=actor())
            flash(_("The name is known from now on."), "success")
            return redirect(url_for("billing_staff.list_aliases"), 303)
        except Refused as refused:
            refuse(form, refused)
    return page("staff/billing/add_alias.html", form=form)


@blueprint.post("/billing/payer-names/<id:alias_id>/forget")
@books
def forget_alias(alias_id: int) -> Response:
    """Propose nothing by this name any more."""
    forget(bank.find_alias(alias_id), by=actor())
    flash(_("The name is forgotten. What was decided with it stays."), "success")
    return redirect(url_for("billing_staff.list_aliases"), 303)
