"""What has to be done before an internship starts, whose hand it is in, and who may read its papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.internships.agreements import AgreementKind
from portal.domain.placements.placement_flow import Side


class ItemKind(StrEnum):
    """Items of the checklist, in the order of the page."""

    EMPLOYMENT = "employment"  # contract between company and student
    IMPLEMENTATION = "implementation"  # agreement between university and company
    NDA = "nda"
    IP = "ip"
    DATA_TRANSFER = "data_transfer"
    INSURANCE = "insurance"
    EXPORT_CONTROL = "export_control"


RESPONSIBLE: dict[ItemKind, Side] = {
    ItemKind.EMPLOYMENT: Side.COMPANY,
    ItemKind.IMPLEMENTATION: Side.OFFICE,
    ItemKind.NDA: Side.COMPANY,
    ItemKind.IP: Side.OFFICE,
    ItemKind.DATA_TRANSFER: Side.OFFICE,
    ItemKind.INSURANCE: Side.STUDENT,
    ItemKind.EXPORT_CONTROL: Side.OFFICE,
}
_ALL, _BODIES = frozenset(Side), frozenset({Side.COMPANY, Side.OFFICE})
# Whose papers they are: a contract is read by those who sign it, and by the office that keeps the checklist.
PARTIES: dict[ItemKind, frozenset[Side]] = {
    ItemKind.EMPLOYMENT: _ALL,
    ItemKind.IMPLEMENTATION: _BODIES,
    ItemKind.NDA: _ALL,
    ItemKind.IP: _ALL,
    ItemKind.DATA_TRANSFER: _BODIES,
    ItemKind.INSURANCE: frozenset({Side.STUDENT, Side.OFFICE}),
    ItemKind.EXPORT_CONTROL: _BODIES,
}
# The same paper between company and university may stand in the register of agreements already.
REGISTERED = {
    ItemKind.IMPLEMENTATION: AgreementKind.BASIC,
    ItemKind.NDA: AgreementKind.NDA,
    ItemKind.DATA_TRANSFER: AgreementKind.DATA_TRANSFER,
}
# Days before the first possible day of work by which it should be done.
LEAD = {
    ItemKind.EMPLOYMENT: 14,
    ItemKind.IMPLEMENTATION: 21,
    ItemKind.NDA: 14,
    ItemKind.IP: 21,
    ItemKind.DATA_TRANSFER: 21,
    ItemKind.INSURANCE: 7,
    ItemKind.EXPORT_CONTROL: 21,
}
LEAST_LEAD = timedelta(days=7)  # from the day on which it was asked for
TRANSFER = "transfer"


def is_needed(kind: ItemKind, data_agreements: Sequence[str], has_export_control: bool) -> bool:
    """Whether the posting asks for it; the office may ask for it all the same, or waive it with a reason."""
    if kind is ItemKind.DATA_TRANSFER:
        return bool(data_agreements)
    return has_export_control if kind is ItemKind.EXPORT_CONTROL else True


def due_day(kind: ItemKind, asked_on: date, starts_from: date | None) -> date:
    """By when it is due: so many days before the start, and never sooner than a week after it was asked for."""
    soonest = asked_on + LEAST_LEAD
    return soonest if starts_from is None else max(soonest, starts_from - timedelta(days=LEAD[kind]))


def may_do(kind: ItemKind, side: Side) -> bool:
    """Whether a side may say that it is done, or take that back."""
    return side in (RESPONSIBLE[kind], Side.OFFICE)


def may_add_paper(kind: ItemKind, side: Side) -> bool:
    """Whether a side may hand in a paper for it."""
    return side in PARTIES[kind]
