"""Quotes of the office: composed, looked at, sent, ordered, invoiced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.queries import people_of
from portal.accounts.queries.directory import find_organisation
from portal.billing.enums import QUOTE_LABELS, TAX_LABELS
from portal.billing.forms import DUE_RULES
from portal.billing.line_forms import bill_lines, rows_of, typed_lines
from portal.billing.models import OrderWay, Quote
from portal.billing.queries.quotes import any_order, any_quote, chain_of, quotes_of_office
from portal.billing.queries.trail import story
from portal.billing.quote_forms import PaperOrderForm, QuoteForm, WithdrawForm, quote_form
from portal.billing.services import orders
from portal.billing.services.archives import open_paper
from portal.billing.services.quotes import compose_quote
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, in_language
from portal.core.pages import cursor_argument, page
from portal.domain.documents import PartySnapshot, Period
from portal.domain.terms import FiscalYear
from portal.files.downloads import download
from portal.files.kinds import FileKind
from portal.files.services import examine_upload, keep_upload

FORMS = {"end": WithdrawForm, "paper": PaperOrderForm}


@blueprint.get("/billing/quotes")
@books
def list_quotes() -> Response:
    """Every quote of the office and where it stands."""
    cursor = cursor_argument()
    found = quotes_of_office(cursor=cursor)
    return page("staff/billing/list_quotes.html", found=found, cursor=cursor, words=QUOTE_LABELS)


@blueprint.route("/billing/organisations/<id:organisation_id>/quote", methods=["GET", "POST"])
@books
def add_quote(organisation_id: int) -> Response:
    """Compose a quote; its paper is looked at before it is sent."""
    body = find_organisation(organisation_id)
    today = clock.today()
    form = quote_form(
        request.form,
        period_from=today,
        period_to=FiscalYear.of(today).ends_on,
        valid_until=today + timedelta(days=30),
        **_reader_of(body),
    )
    if request.method == "POST" and form.validate():
        try:
            quote = _compose(body, form)
            if quote is not None:
                return redirect(url_for("billing_staff.show_quote", quote_id=quote.id), 303)
        except Refused as refused:
            refuse(form, refused)
    return page("staff/billing/add_quote.html", organisation=body, form=form, rows=rows_of(form))


def _reader_of(body: Organisation) -> dict[str, Any]:
    """The billing contact of a company that has one, as the form begins."""
    contacts = people_of(body, Role.BILLING)
    return {"person": contacts[0].name, "email": contacts[0].email} if contacts else {}


@blueprint.get("/billing/quotes/<id:quote_id>")
@books
def show_quote(quote_id: int) -> Response:
    """One quote, what came of it, and the next step."""
    return _quote_page(any_quote(quote_id))


@blueprint.post("/billing/quotes/<id:quote_id>/send")
@books
def send_quote(quote_id: int) -> Response:
    """Mail it to the company."""
    quote = any_quote(quote_id)
    try:
        orders.send_quote(quote=quote, by=actor())
    except Refused as refused:
        return _quote_page(quote, refused=refused)
    flash(_("The quote is on its way."), "success")
    return redirect(url_for("billing_staff.show_quote", quote_id=quote_id), 303)


@blueprint.post("/billing/quotes/<id:quote_id>/withdraw")
@books
def withdraw_quote(quote_id: int) -> Response:
    """Take it back, with a reason."""
    quote, form = any_quote(quote_id), WithdrawForm()
    if form.validate():
        try:
            orders.withdraw_quote(quote=quote, reason=form.reason.data, by=actor())
            flash(_("The quote is withdrawn."), "success")
            return redirect(url_for("billing_staff.show_quote", quote_id=quote_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _quote_page(quote, end=form)


@blueprint.post("/billing/quotes/<id:quote_id>/order")
@books
def record_order(quote_id: int) -> Response:
    """An order that came on paper; the paper is kept."""
    quote, form = any_quote(quote_id), PaperOrderForm()
    if form.validate():
        try:
            upload = examine_upload(form.file.data, kinds=(FileKind.PDF, FileKind.PNG, FileKind.JPEG))
            kept = keep_upload(upload, by=actor(), organisation_id=quote.organisation_id, is_kept=True)
            orders.order_quote(
                quote=any_quote(quote_id), purchase_order=form.purchase_order.data or "", by=actor(), way=OrderWay.PAPER,
                ordered_on=form.ordered_on.data, received=kept,
            )  # fmt: skip
            flash(_("The order is taken, and its confirmation is on its way."), "success")
            return redirect(url_for("billing_staff.show_quote", quote_id=quote_id), 303)
        except Refused as refused:
            refuse(form, refused)
    return _quote_page(any_quote(quote_id), paper=form)


@blueprint.post("/billing/orders/<id:order_id>/issue")
@books
def issue_order(order_id: int) -> Response:
    """The invoice of an order; pressed twice, it is issued once."""
    order = any_order(order_id)
    quote = any_quote(order.quote_id)
    try:
        invoice = orders.invoice_order(order=order, quote=quote, by=actor())
    except Refused as refused:
        return _quote_page(quote, refused=refused)
    flash(_("Invoice %(number)s is issued and on its way.", number=invoice.number), "success")
    return redirect(url_for("billing_staff.show_invoice", invoice_id=invoice.id), 303)


@blueprint.post("/billing/quotes/<id:quote_id>/file")
@books
def download_quote(quote_id: int) -> Response:
    """The PDF as it was issued."""
    return download(open_paper(any_quote(quote_id).file_id, by=actor()))


@blueprint.post("/billing/orders/<id:order_id>/file")
@books
def download_order(order_id: int) -> Response:
    """The confirmation as it was issued."""
    return download(open_paper(any_order(order_id).file_id, by=actor()))


@blueprint.post("/billing/orders/<id:order_id>/received")
@books
def download_received_order(order_id: int) -> Response:
    """The order on paper as it came."""
    received = any_order(order_id).received_file_id
    if received is None:
        raise NotFound
    return download(open_paper(received, by=actor()))


def _compose(body: Organisation, form: QuoteForm) -> Quote | None:
    typed, values = typed_lines(form), form.values()
    if form.errors:
        return None
    if values["period_to"] < values["period_from"]:
        raise Refused(_("This day is before the first."), field="period_to")
    language, subject = values["language"], values["subject"]
    with in_language(language):
        terms = str(DUE_RULES[values["due_rule"]])
    return compose_quote(
        organisation=body, subject={"ja": subject, "en": subject}, lines=bill_lines(typed, [], language),
        buyer=PartySnapshot(
            name=body.name(language), postal_code=body.postal_code, address=body.address,
            department=values["department"] or "", person=values["person"] or "", email=values["email"],
        ),
        period=Period(values["period_from"], values["period_to"]), valid_until=values["valid_until"],
        due_rule=values["due_rule"], payment_terms=terms, invoices_itself=values["invoices_itself"],
        source_key=f"office:{body.id}:{form.deed}", language=language, by=actor(),
    )  # fmt: skip


def _quote_page(quote: Quote, *, refused: Refused | None = None, **forms: Any) -> Response:
    given = {name: forms.get(name) or kind(formdata=None) for name, kind in FORMS.items()}
    return page(
        "staff/billing/show_quote.html",
        422 if refused or forms else 200,
        quote=quote,
        chain=chain_of(quote),
        words=QUOTE_LABELS,
        tax_rows=quote.subtotals,
        tax_labels=TAX_LABELS,
        refused=refused,
        steps=story(quote, for_staff=True),
        **given,
    )
