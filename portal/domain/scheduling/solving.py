"""A plan for a season: group after group in the best way given the others (first answer), then again and again with a little
noise that dies down. By rounds, not by the clock: the same season and seed give the same plan.

Moving all meetings of a group at once, exactly, takes the place of moving single ones: a chain with narrow gaps moves as a whole.
Noise on costs with an exact answer to it samples like simulated annealing does (perturb and maximise: Papandreou & Yuille 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.random import PCG64, Generator

from portal.domain.scheduling.arrays import Arrays, Bools, Floats, Ints, arrays_of
from portal.domain.scheduling.chains import NEVER, VIOLATION, best_chain
from portal.domain.scheduling.season import Group, Meeting, Season

ENGINE = "renkei-season/1"
ROUNDS = 60  # rounds over all groups after the first answer
WARM, COLD = 6.0, 0.05  # attendances: how loud the noise begins and ends
UNPLACED = 400.0  # attendances, and twice the members: dearer than any slot without a violation
PINNED = 1_000_000.0  # a fixed meeting is left out for no gain
DRIFT = 0.02  # attendances a day that a meeting stands off the even spread of its group's


@dataclass(frozen=True)
class Plan:
    """Where each meeting is; None: nowhere. `cost` in attendances, unplaced meetings and gaps out of bounds counted in."""

    season: Season
    placed: dict[Meeting, int | None]
    arrays: Arrays
    cost: float

    @property
    def moments(self) -> dict[Meeting, datetime]:
        """When each meeting is that has a slot."""
        return {meeting: self.arrays.slots[slot] for meeting, slot in self.placed.items() if slot is not None}

    @property
    def unplaced(self) -> tuple[Meeting, ...]:
        return tuple(meeting for meeting in self.season.meetings if self.placed[meeting] is None)


def first_answer(season: Season, arrays: Arrays | None = None) -> Plan:
    """Each group once, the hardest first, aware of those before it."""
    board = Board(arrays or arrays_of(season))
    for group in board.hardest_first():
        board.settle(group)
    return board.plan()


def solve(season: Season, rounds: int = ROUNDS, notice: Callable[[int, int], None] | None = None) -> Plan:
    """The first answer made better; `notice(round, rounds)` is called after each."""
    board = Board(arrays_of(season))
    order = board.hardest_first()
    for group in order:
        board.settle(group)
    best, best_cost = board.snapshot(), board.cost()
    chance = Generator(PCG64(season.seed))
    for number in range(rounds):
        heat = WARM * (COLD / WARM) ** (number / max(rounds - 1, 1))
        is_last = number >= rounds - 2
        if is_last:
            board.restore(best)
        for place in chance.permutation(len(order)):
            board.settle(order[place], None if is_last else chance, heat)
        cost = board.cost()
        if cost < best_cost - 1e-9:
            best, best_cost = board.snapshot(), cost
        if notice:
            notice(number + 1, rounds)
    board.restore(best)
    return board.plan()


def plan_of(season: Season, moments: Mapping[Meeting, datetime]) -> Plan:
    """A plan that somebody else has made, so that it can be explained; what is at no slot of the season counts as unplaced."""
    board = Board(arrays_of(season))
    place = {slot: index for index, slot in enumerate(board.arrays.slots)}
    board.restore(
        [[place.get(moments[m], -1) if m in moments else -1 for m in each] for each in board.meetings]
    )
    return board.plan()


class Board:
    """What stands where, with what it blocks and whom it takes from others."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays, season = arrays, arrays.season
        self.meetings = [
            [Meeting(name, n + 1) for n in range(season.groups[name].meetings)] for name in arrays.groups
        ]
        self.slot: list[list[int]] = [[-1] * len(each) for each in self.meetings]
        size = len(arrays.slots)
        self.taken = np.zeros((len(arrays.groups), size))  # members who meet elsewhere then
        self.tied = np.zeros(
            (len(arrays.groups), size), dtype=np.int64
        )  # groups that need the same person then
        self.held = np.zeros(size, dtype=np.int64)  # meetings that are held during a slot
        self.a_day = np.zeros(arrays.days, dtype=np.int64)
        place = {slot: index for index, slot in enumerate(arrays.slots)}
        self.fixed = {meeting: place[slot] for meeting, slot in season.fixed.items()}
        for group, meetings in enumerate(self.meetings):
            for number, meeting in enumerate(meetings):
                if meeting in self.fixed:
                    self._put(group, number, self.fixed[meeting])

    def hardest_first(self) -> list[int]:
        """Groups that can go to the fewest slots, weighed by how many meetings they want."""
        free = (~self.arrays.shut[: len(self.arrays.groups)] & self.arrays.open).sum(axis=1)
        size = self.arrays.members.sum(axis=1)
        wanted = np.array([len(each) for each in self.meetings])
        order = np.lexsort((np.arange(len(free)), -size, free / np.maximum(wanted, 1)))
        return [int(group) for group in order if wanted[group]]

    def settle(self, group: int, chance: Generator | None = None, heat: float = 0.0) -> None:
        """Take the group's meetings away and put them where they are best now; with `chance`, after noise."""
        for number, slot in enumerate(self.slot[group]):
            if slot >= 0 and self.meetings[group][number] not in self.fixed:
                self._take(group, number)
        costs = self.costs(group)
        if chance is not None:
            costs = costs - heat * chance.gumbel(size=costs.shape)
        chain = best_chain(
            costs, self.arrays.day, self.arrays.days, self._group(group).gap, self._unplaced(group)
        )
        for number, slot in enumerate(chain.slots):
            if slot >= 0 and self.slot[group][number] < 0:
                self._put(group, number, slot)

    def costs(self, group: int) -> Floats:
        """Meetings × slots: what each would lose there now; inf where it cannot be."""
        arrays, meetings = self.arrays, self.meetings[group]
        rows = [arrays.rows[meeting] for meeting in meetings]
        found: Floats = arrays.loss[rows] + self.taken[group] + self._drift(len(meetings))
        shut = arrays.shut[rows] | self.blocked(group)
        found[shut] = NEVER
        for number, meeting in enumerate(meetings):
            if meeting in self.fixed:
                found[number] = NEVER
                found[number, self.fixed[meeting]] = -PINNED
        return found

    def blocked(self, group: int) -> Bools:
        """Slots at which the house has no room or day left, or somebody who is needed is needed elsewhere."""
        season, arrays = self.arrays.season, self.arrays
        found: Bools = ~arrays.open | (self.tied[group] > 0)
        if season.rooms is not None:
            found |= self.held >= season.rooms
        if season.most_a_day is not None:
            found |= self.a_day[arrays.day] >= season.most_a_day
        return found

    def cost(self) -> float:
        """Of all that stands: losses, members taken from one another, drift, gaps out of bounds, what has no slot."""
        total = 0.0
        for group, slots in enumerate(self.slot):
            rows = [self.arrays.rows[meeting] for meeting in self.meetings[group]]
            drift = self._drift(len(slots))
            for number, slot in enumerate(slots):
                if slot < 0:
                    total += self._unplaced(group)
                else:
                    total += (
                        self.arrays.loss[rows[number], slot]
                        + self.taken[group, slot] / 2
                        + drift[number, slot]
                    )
            total += VIOLATION * self._broken_gaps(group)
        return float(total)

    def snapshot(self) -> list[list[int]]:
        return [list(each) for each in self.slot]

    def restore(self, kept: list[list[int]]) -> None:
        for group, slots in enumerate(self.slot):
            for number, slot in enumerate(slots):
                if slot >= 0:
                    self._take(group, number)
        for group, slots in enumerate(kept):
            for number, slot in enumerate(slots):
                if slot >= 0:
                    self._put(group, number, slot)

    def plan(self) -> Plan:
        placed = {
            meeting: (slot if slot >= 0 else None)
            for meetings, slots in zip(self.meetings, self.slot, strict=True)
            for meeting, slot in zip(meetings, slots, strict=True)
        }
        return Plan(self.arrays.season, placed, self.arrays, self.cost())

    def _group(self, group: int) -> Group:
        return self.arrays.season.groups[self.arrays.groups[group]]

    def _unplaced(self, group: int) -> float:
        return UNPLACED + 2.0 * float(self.arrays.members[group].sum())

    def _drift(self, meetings: int) -> Floats:
        ideal = (np.arange(meetings) + 0.5) * self.arrays.days / max(meetings, 1)
        return DRIFT * np.abs(self.arrays.day[None, :] - ideal[:, None])

    def _broken_gaps(self, group: int) -> int:
        least, most = self._group(group).gap
        days = self.arrays.day[[slot for slot in self.slot[group] if slot >= 0]]
        gaps = np.diff(days)
        return int(((gaps < least) | (gaps > most)).sum())

    def _put(self, group: int, number: int, slot: int) -> None:
        self.slot[group][number] = slot
        self._count(group, slot, 1)

    def _take(self, group: int, number: int) -> None:
        slot, self.slot[group][number] = self.slot[group][number], -1
        self._count(group, slot, -1)

    def _count(self, group: int, slot: int, sign: int) -> None:
        during: Ints = self.arrays.overlaps[slot]
        self.taken[:, during] += sign * self.arrays.shared[group][:, None]
        self.tied[:, during] += sign * self.arrays.tied[group].astype(np.int64)[:, None]
        self.held[during] += sign
        self.a_day[self.arrays.day[slot]] += sign
