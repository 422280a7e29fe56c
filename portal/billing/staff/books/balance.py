"""The trial balance of any span of days, and whether books, documents and payments fit."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.book_tables import balance_table
from portal.billing.enums import ACCOUNT_LABELS
from portal.billing.queries.bank import Outside, money_outside
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.books.balances import turnovers
from portal.billing.queries.ledger import ledger_sum
from portal.billing.staff.blueprint import blueprint, books
from portal.billing.staff.books.forms import asked_span, span_chips
from portal.billing.staff.books.saving import save_table
from portal.core import clock
from portal.core.pages import page


@blueprint.get("/books")
@books
def show_ledger() -> Response:
    """What stood before, what moved, what stands, and whether everything that must hold does."""
    form, since, until = asked_span()
    balances = turnovers(since, until) if not form.errors else ()
    return page(
        "staff/books/show_ledger.html",
        form=form,
        since=since,
        until=until,
        chips=span_chips("billing_staff.show_ledger", since, until),
        balances=balances,
        account_names=ACCOUNT_LABELS,
        debit_yen=sum(each.debit_yen for each in balances),
        credit_yen=sum(each.credit_yen for each in balances),
        total=ledger_sum(),
        outside=money_outside(until) if not form.errors else Outside(),
        problems=book_problems(),
        now=clock.now(),
    )


@blueprint.post("/books/export")
@books
def export_ledger() -> Response:
    """The trial balance as it was asked for."""
    form, since, until = asked_span()
    if form.errors:
        return show_ledger()
    table = balance_table(turnovers(since, until))
    return save_table("trial_balance", table, on=until, wanted={"since": f"{since}", "until": f"{until}"})
