"""The books."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.billing.enums import ACCOUNT_LABELS
from portal.billing.queries.ledger import book_problems, ledger_sum, trial_balance
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.pages import page


@blueprint.get("/books")
@books
def show_ledger() -> Response:
    """The trial balance, and whether everything that must hold does."""
    balances = trial_balance()
    return page(
        "staff/books/show_ledger.html",
        balances=balances,
        account_names=ACCOUNT_LABELS,
        debit_yen=sum(each.debit_yen for each in balances),
        credit_yen=sum(each.credit_yen for each in balances),
        total=ledger_sum(),
        problems=book_problems(),
        now=clock.now(),
    )
