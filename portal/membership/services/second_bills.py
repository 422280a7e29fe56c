"""One year is billed once."""

from __future__ import annotations

from portal.core.errors import Refused
from portal.core.i18n import _
from portal.membership.models import Application
from portal.membership.queries.bills import owed_for_ended_contracts, paid_for_ended_contracts


def refuse_second_bill(application: Application) -> None:
    """Not while the fee of an ended contract of that year is asked for, or money for it is here. Raises Refused at `decision`."""
    of = application.organisation_id or 0, application.fiscal_year
    if owed := owed_for_ended_contracts(*of):
        words = _(
            "%(numbers)s of the contract that ended is still to be paid for this fiscal year. Give it back, write it off or take up the renewal again; otherwise the year would be billed twice.",
            numbers=", ".join(invoice.number for invoice in owed),
        )
        raise Refused(words, field="decision")
    if paid := paid_for_ended_contracts(*of):
        words = _(
            "%(numbers)s of the contract that ended was paid for this fiscal year after all. Take up the renewal again or give it back; otherwise the year would be billed twice.",
            numbers=", ".join(invoice.number for invoice in paid),
        )
        raise Refused(words, field="decision")
