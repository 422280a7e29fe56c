"""What the pictures of the books say, in words and as the rows of the tables beside them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.billing.queries.books.ageing import Age
from portal.billing.queries.books.cash import CashMonth
from portal.core.formats import month as month_words
from portal.core.formats import yen
from portal.core.i18n import _
from portal.domain.deferral import Month
from portal.membership.queries.renewal_board import Funnel


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """Money of a month beside its plan: what invoices ask for, and what renewals may bring."""

    month: Month
    received_yen: int
    due_yen: int
    expected_yen: int

    @property
    def plan_yen(self) -> int:
        return self.due_yen + self.expected_yen


def plan(
    cash: Sequence[CashMonth], due: Mapping[Month, int], expected: Mapping[Month, int]
) -> list[PlanMonth]:
    """A row a month."""
    return [
        PlanMonth(each.month, each.received_yen, due.get(each.month, 0), expected.get(each.month, 0))
        for each in cash
    ]


def finding_of_ages(age: Age) -> str:
    """How much of what is owed is late."""
    if not age.total_yen:
        return _("Nothing is owed")
    if not age.late_yen:
        return _("%(total)s is owed, nothing of it is late", total=yen(age.total_yen))
    return _(
        "%(late)s of %(total)s is late (%(share)s %%)",
        late=yen(age.late_yen),
        total=yen(age.total_yen),
        share=_percent(age.late_yen, age.total_yen),
    )


def finding_of_cash(months: Sequence[PlanMonth], today: date) -> str:
    """How much of the plan until the end of this month has come in."""
    over = [each for each in months if each.month.first_day <= today]
    received, planned = sum(each.received_yen for each in over), sum(each.plan_yen for each in over)
    if not over:
        return _("%(planned)s is planned for the year", planned=yen(sum(each.plan_yen for each in months)))
    last = month_words(over[-1].month.first_day)
    if not planned:
        return _(
            "%(received)s received until %(month)s, nothing was planned", received=yen(received), month=last
        )
    return _(
        "%(received)s received until %(month)s, %(share)s %% of the plan", received=yen(received), month=last,
        share=_percent(received, planned),
    )  # fmt: skip


def finding_of_renewals(funnel: Funnel) -> str:
    """How far the members of a campaign have come."""
    return _(
        "%(renewed)s of %(due)s members have renewed; paid: %(paid)s", renewed=funnel.renewed, due=funnel.due,
        paid=funnel.paid,
    )  # fmt: skip


def stage_words() -> dict[str, str]:
    """The narrowing stages of a campaign."""
    return {
        "due": _("Members that are due"), "offered": _("Offer sent"), "answered": _("Answered"), "renewed": _("Renewed"), "paid": _("Paid"),
    }  # fmt: skip


def stages(funnel: Funnel) -> list[tuple[Any, ...]]:
    """Word, companies, share of those due."""
    words = stage_words()
    return [(words[name], count, _percent(count, funnel.due)) for name, count in funnel.stages]


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
