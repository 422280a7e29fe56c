"""Agreements with host companies: which are needed, and whether they hold over all the days of an internship."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class AgreementKind(StrEnum):
    """What is agreed upon, in the order of pages."""

    BASIC = "basic"  # how internships are carried out
    NDA = "nda"
    DATA_TRANSFER = "data_transfer"
    JOINT_RESEARCH = "joint_research"


class AgreementState(StrEnum):
    """Where an agreement stands on a day."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"  # before its time


# What a posting asks for on data and materials that is an agreement with its company; samples and ethics are none.
ASKED_BY_DATA = {"transfer": AgreementKind.DATA_TRANSFER, "joint_research": AgreementKind.JOINT_RESEARCH}


@dataclass(frozen=True, slots=True)
class Holding:
    """The days of one agreement, both included. `until_on` None: no end. `ended_on`: the first day on which it no longer holds."""

    kind: AgreementKind
    from_on: date
    until_on: date | None = None
    ended_on: date | None = None

    @property
    def last_on(self) -> date:
        """The last day on which it holds; before `from_on` where it never did."""
        last = self.until_on or date.max
        return last if self.ended_on is None else min(last, self.ended_on - DAY)

    def state_on(self, day: date) -> AgreementState:
        """Where it stands on a day."""
        if self.ended_on is not None and (day >= self.ended_on or self.ended_on <= self.from_on):
            return AgreementState.ENDED
        if day < self.from_on:
            return AgreementState.UPCOMING
        return AgreementState.IN_FORCE if day <= self.last_on else AgreementState.EXPIRED


def needed_kinds(of_round: Iterable[str], data_agreements: Iterable[str]) -> tuple[AgreementKind, ...]:
    """What a posting's company has to have agreed upon: what the round asks of all, and what the posting itself names."""
    wanted = {AgreementKind(kind) for kind in of_round}
    wanted |= {ASKED_BY_DATA[kind] for kind in data_agreements if kind in ASKED_BY_DATA}
    return tuple(kind for kind in AgreementKind if kind in wanted)


def holds_over(holdings: Iterable[Holding], kind: AgreementKind, first: date, last: date) -> bool:
    """Whether agreements of a kind hold on every day from `first` to `last`; one may follow on another without a gap."""
    day = first
    for each in sorted((h for h in holdings if h.kind is kind), key=lambda h: h.from_on):
        if each.from_on > day:
            return False
        if each.last_on >= last:
            return True
        day = max(day, each.last_on + DAY)
    return False


def lacking(
    needed: Collection[AgreementKind], holdings: Collection[Holding], first: date, last: date
) -> tuple[AgreementKind, ...]:
    """Those of the kinds that do not hold over all the days, in their order."""
    return tuple(kind for kind in needed if not holds_over(holdings, kind, first, last))


def days_of(starts_from: date | None, ends_by: date | None, soonest: date) -> tuple[date, date]:
    """First and last day over which a posting's agreements have to hold. What a draft leaves open begins on `soonest`."""
    first = starts_from or soonest
    return first, max(first, ends_by or first)


def posting_lacks(
    of_round: Iterable[str], soonest: date, holdings: Collection[Holding], *, starts_from: date | None, ends_by: date | None,
    data_agreements: Iterable[str],
) -> tuple[AgreementKind, ...]:  # fmt: skip
    """What a posting needs and its company has not agreed upon for all of the posting's days."""
    return lacking(needed_kinds(of_round, data_agreements), holdings, *days_of(starts_from, ends_by, soonest))
