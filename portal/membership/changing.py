"""Words of tier changes: states, how the rest of a term is counted, and the lines that explain a price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.core.formats import yen
from portal.core.i18n import _, _l, ngettext
from portal.domain.tier_change import ChangeCost, CostReason, Proration, Remaining
from portal.domain.tier_change_flow import ChangeState
from portal.membership.enums import Shown

CHANGE_LABELS = {
    ChangeState.ASKED: _l("Waiting for the secretariat"),
    ChangeState.PLANNED: _l("Planned for the next year"),
    ChangeState.AGREED: _l("Changed"),
    ChangeState.DECLINED: _l("Declined"),
    ChangeState.WITHDRAWN: _l("Withdrawn"),
    ChangeState.OVERTAKEN: _l("No longer open"),
    ChangeState.TAKEN_BACK: _l("Taken back"),
}
PRORATION_LABELS = {
    Proration.BY_MONTH: _l("By month"),
    Proration.BY_DAY: _l("By day"),
}


def shown_change(state: ChangeState) -> Shown:
    """For the badge."""
    return Shown(state.value, CHANGE_LABELS[state])


def rest_words(remaining: Remaining) -> str:
    """`4 of 12 months`."""
    return _rest(remaining.proration, remaining.units, remaining.whole)


def _rest(proration: Proration, units: int, whole: int) -> str:
    if proration is Proration.BY_MONTH:
        return ngettext("%(num)d of %(whole)d month", "%(num)d of %(whole)d months", units, whole=whole)
    return ngettext("%(num)d of %(whole)d day", "%(num)d of %(whole)d days", units, whole=whole)


def cost_lines(cost: ChangeCost, names: Mapping[str, str]) -> list[str]:
    """How the price comes about, sentence by sentence; `names` of the tiers by code."""
    return [_SENTENCES[reason.code](_figures(reason.figures, names)) for reason in cost.reasons]


def _figures(figures: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    shown = {name: yen(value) if name.endswith("yen") else value for name, value in figures.items()}
    return shown | ({"tier": names[str(figures["tier"])]} if "tier" in figures else {})


def _remaining(f: Mapping[str, Any]) -> str:
    proration = Proration(str(f["unit"]))
    rest = _rest(proration, int(f["units"]), int(f["whole"]))
    if proration is Proration.BY_MONTH:
        return _("%(rest)s of the contract remain; the month of the change counts in full.", rest=rest)
    return _("%(rest)s of the contract remain; the day of the change counts.", rest=rest)


_SENTENCES: dict[CostReason, Any] = {
    CostReason.REMAINING: _remaining,
    CostReason.GIVEN_BACK: lambda f: _(
        "%(yen)s of the list price %(fee_yen)s of %(tier)s are given back (tax excluded).", **f
    ),
    CostReason.LESS_LEFT: lambda f: _(
        "The share would be %(share_yen)s, but a part of the fee was given back before.", **f
    ),
    CostReason.WRITTEN_OFF: lambda f: _(
        "The share would be %(share_yen)s, but no more is given back than was paid of the earlier invoice.",
        **f,
    ),
    CostReason.ASKED: lambda f: _(
        "%(yen)s of the list price %(fee_yen)s of %(tier)s are asked (tax excluded).", **f
    ),
    CostReason.ADVANCE: lambda f: _("%(yen)s that you have paid already pay a part of the new invoice.", **f),
    CostReason.STILL_OWED: lambda f: _("%(yen)s stay open on the earlier invoice.", **f),
}
