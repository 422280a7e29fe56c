"""Deposits, claims and what broke on the money's way."""

from __future__ import annotations

from typing import Any

from portal.accounts.enums import Role
from portal.core.access import Actor
from portal.core.formats import yen
from portal.core.i18n import _, ngettext
from portal.core.links import url_for
from portal.home.matters import Matter
from portal.home.matters.hands import ASKED, BROKEN
from portal.home.queries import office
from portal.home.queries.faults import Faults


def money_matters(
    debts: list[office.Debt], deposits: office.Deposits, overdue: list[tuple[Any, ...]]
) -> list[Matter]:
    found = []
    if deposits.count:
        title = ngettext(
            "%(num)d deposit to be decided: %(amount)s",
            "%(num)d deposits to be decided: %(amount)s",
            deposits.count,
            amount=yen(deposits.yen),
        )
        found.append(Matter(title, deposits.days, _("Match"), url_for("billing_staff.list_deposits")))
    late = sum(debt.count for debt in debts if debt.late_from is not None)
    if late:
        title = ngettext("%(num)d invoice is overdue", "%(num)d invoices are overdue", late)
        found.append(Matter(title, overdue[0][-1], _("See"), _invoices("overdue")))
    owed = sum(debt.count for debt in debts)
    if owed:
        title = ngettext(
            "Record bank transfers: %(num)d invoice is open",
            "Record bank transfers: %(num)d invoices are open",
            owed,
        )
        found.append(Matter(title, None, _("Record"), _invoices("unpaid")))
    return found


def faulty_matters(person: Actor, found: Faults | None) -> list[Matter]:
    """What broke or was asked for and waits for a hand, each with its one button."""
    if found is None:
        return []
    matters = []
    for hand in ASKED + (BROKEN if Role.ADMINISTRATOR in person.staff_roles else ()):
        waiting: office.Waiting = getattr(found, hand.waiting)
        if waiting.count:
            days = waiting.days if waiting.since else None
            matters.append(Matter(hand.words(waiting.count), days, str(hand.action), url_for(hand.endpoint)))
    return matters


def _invoices(chip: str) -> str:
    return url_for("billing_staff.list_invoices", show=chip)
