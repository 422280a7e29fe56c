"""What is decided about deposits, our accounts, and how their CSV is read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import flash, redirect
from werkzeug.wrappers import Response

from portal.billing.queries import bank
from portal.billing.services.bank import accounts
from portal.billing.staff.bank.forms import ACCOUNT_KINDS, AccountForm, MappingForm, RulesForm
from portal.billing.staff.blueprint import blueprint, books
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l
from portal.core.links import url_for
from portal.core.pages import page
from portal.domain.bank_csv import Columns, Encoding
from portal.domain.bank_days import ShortYears
from portal.domain.typed import is_ascii_digits, plain_code


@blueprint.get("/billing/bank")
@books
def show_bank() -> Response:
    """What is decided, and our accounts."""
    return page(
        "staff/billing/show_bank.html",
        rules=accounts.matching_rules(),
        applies_itself=accounts.applies_itself(),
        accounts=bank.bank_accounts(),
        kinds=ACCOUNT_KINDS,
    )


@blueprint.route("/billing/bank/rules/edit", methods=["GET", "POST"])
@books
def edit_bank_rules() -> Response:
    """Decide about fees, and whether what is sure needs a click."""
    form = RulesForm(fee_yen=accounts.matching_rules().fee_yen, applies_itself=accounts.applies_itself())
    if form.validate_on_submit():
        accounts.set_rules(by=actor(), **form.values())
        flash(_("The rules are saved."), "success")
        return redirect(url_for("billing_staff.show_bank"), 303)
    return page("staff/billing/edit_bank_rules.html", form=form)


@blueprint.route("/billing/bank/accounts/add", methods=["GET", "POST"])
@books
def add_account() -> Response:
    """Register an account of ours."""
    form = AccountForm()
    if form.validate_on_submit():
        try:
            key = accounts.account_key(
                _digits(form, "bank_code", 4), _digits(form, "branch_code", 3), form.kind.data, _digits(form, "number", 10)
            )  # fmt: skip
            accounts.add_account(key=key, name=form.name.data or "", by=actor())
            flash(_("The account is registered."), "success")
            return redirect(url_for("billing_staff.show_bank"), 303)
        except Refused as refused:
            refuse(form, refused)
    return page("staff/billing/add_account.html", form=form)


@blueprint.route("/billing/bank/accounts/<id:account_id>/reading", methods=["GET", "POST"])
@books
def edit_mapping(account_id: int) -> Response:
    """Say how the CSV of an account is read."""
    account = bank.find_account(account_id)
    now = accounts.columns_of(account.id) or Columns(day="", paid_in="")
    form = MappingForm(
        data=asdict(now)
        | {
            "in_words": ",".join(now.in_words),
            "delimiter": "tab" if now.delimiter == "\t" else now.delimiter,
        }
    )
    if form.validate_on_submit():
        accounts.set_mapping(account=account, columns=_columns(form), by=actor())
        flash(_("From now on the account's CSV is read like this."), "success")
        return redirect(url_for("billing_staff.show_bank"), 303)
    return page("staff/billing/edit_mapping.html", form=form, account=account)


def _columns(form: MappingForm) -> Columns:
    given: dict[str, Any] = {name: value or "" for name, value in form.values().items()}
    return Columns(
        **given
        | {
            "in_words": tuple(word.strip() for word in given["in_words"].split(",") if word.strip()),
            "delimiter": "\t" if given["delimiter"] == "tab" else given["delimiter"],
            "encoding": Encoding(given["encoding"]),
            "short_years": ShortYears(given["short_years"]),
            "head_line": form.head_line.data,
            "foot_lines": form.foot_lines.data,
        }
    )


def _digits(form: AccountForm, name: str, most: int) -> str:
    typed = plain_code(form[name].data)
    if not is_ascii_digits(typed) or len(typed) > most:
        raise Refused(_l("Please write digits alone."), field=name)
    return typed.zfill(most) if most < 10 else typed
