"""One year is billed once."""

from __future__ import annotations

from portal.core.errors import Refused
from portal.core.i18n import _
from portal.membership.models import Application
from portal.membership.queries.bills import owed_for_ended_contracts, paid_for_ended_contracts


def refuse_second_bill(application: Application) -> None:
    """Not while an invoice of an ended contract of that year is asked for, or its fee was paid after all. Raises Refused at `decision`."""
    owed = owed_for_ended_contracts(application.organisation_id or 0, application.fiscal_year)
    if owed:
        raise Refused(
            _(
                "%(numbers)s of the contract that ended is still to be paid for this fiscal year. Give it back, write it off or take up the renewal again; otherwise the year would be billed twice.",
                numbers=", ".join(invoice.number for invoice in owed),
            ),
            field="decision",
        )
    paid = paid_for_ended_contracts(application.organisation_id or 0, application.fiscal_year)
    if paid:
        raise Refused(
            _(
                "%(numbers)s of the contract that ended was paid for this fiscal year after all. Take up the renewal again or give it back; otherwise the year would be billed twice.",
                numbers=", ".join(invoice.number for invoice in paid),
            ),
            field="decision",
        )
