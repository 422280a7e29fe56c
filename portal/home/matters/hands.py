"""What can wait for a hand in the office: its words for a number, its one button, and where it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import _l, ngettext


@dataclass(frozen=True, slots=True)
class Hand:
    """`waiting` names the field of `queries.faults.Faults`."""

    waiting: str
    words: Callable[[int], str]
    action: Any
    endpoint: str


ASKED = (
    Hand(
        "differences",
        lambda count: ngettext(
            "%(num)d difference from the payment provider's books",
            "%(num)d differences from the payment provider's books",
            count,
        ),
        _l("Resolve"),
        "billing_staff.show_provider",
    ),
    Hand(
        "disputes",
        lambda count: ngettext(
            "%(num)d contested payment waits for our answer",
            "%(num)d contested payments wait for our answer",
            count,
        ),
        _l("See"),
        "billing_staff.list_disputes",
    ),
    Hand(
        "orders",
        lambda count: ngettext(
            "%(num)d order is to be invoiced",
            "%(num)d orders are to be invoiced",
            count,
        ),
        _l("Issue the invoice"),
        "billing_staff.list_quotes",
    ),
    Hand(
        "balances",
        lambda count: ngettext(
            "%(num)d company has money at the payment provider that pays nothing",
            "%(num)d companies have money at the payment provider that pays nothing",
            count,
        ),
        _l("See"),
        "billing_staff.show_provider",
    ),
    Hand(
        "lapsed",
        lambda count: ngettext(
            "%(num)d renewal has lapsed, and what becomes of its invoice or its money is to be decided",
            "%(num)d renewals have lapsed, and what becomes of their invoices or their money is to be decided",
            count,
        ),
        _l("See"),
        "membership_staff.list_campaigns",
    ),
    Hand(
        "tier_wishes",
        lambda count: ngettext(
            "%(num)d wish for another tier to look at",
            "%(num)d wishes for another tier to look at",
            count,
        ),
        _l("Decide"),
        "membership_staff.list_tier_changes",
    ),
)
BROKEN = (
    Hand(
        "mails",
        lambda count: ngettext("%(num)d mail could not be sent", "%(num)d mails could not be sent", count),
        _l("Try again"),
        "admin.list_failures",
    ),
    Hand(
        "jobs",
        lambda count: ngettext("%(num)d job has failed", "%(num)d jobs have failed", count),
        _l("Try again"),
        "admin.list_failures",
    ),
)
