"""A season as arrays: who can probably come to which slot, and what a meeting there would lose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from portal.domain.scheduling.season import Answer, Meeting, Person, Season

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

KEY_WEIGHT = 4.0  # of whom the meeting needs, beside 1 of any other member
FREE, BUSY = 0.97, 0.02  # by a connected calendar
GRID_FREE, GRID_BUSY = 0.85, 0.1  # by hours declared for the week
ANSWERED = {Answer.YES: 0.95, Answer.IF_NEED_BE: 0.6, Answer.NO: 0.05}
BY_WEEKDAY = (0.68, 0.74, 0.74, 0.74, 0.66, 0.3, 0.3)  # of whom nothing is known, from Monday on
LATE, LATE_LOSS = 18, 0.12  # from this hour on fewer come
DISLIKED = 0.05  # attendances a member for a late hour, which they would rather not


@dataclass(frozen=True)
class Arrays:
    """Rows are groups in order of ids, columns slots in order of time. `rows` says which row of `loss` a meeting has: its
    group's, or its own one where it was polled. `overlaps` gives, for each slot, the slots during which it is held."""

    season: Season
    slots: tuple[datetime, ...]
    groups: tuple[str, ...]
    day: Ints  # S: days since the season's first
    open: Bools  # S: a meeting may be put there
    overlaps: tuple[Ints, ...]
    members: Bools  # G × P
    must: Bools  # G × P
    loss: Floats  # rows × S: expected attendances lost, with the dislike of late hours
    shut: Bools  # rows × S: somebody who is needed cannot come
    rows: dict[Meeting, int]
    shared: Floats  # G × G: members of both
    tied: Bools  # G × G: somebody is needed by both
    attendance: Floats  # rows × S: expected

    @property
    def days(self) -> int:
        return (self.season.last - self.season.first).days + 1


def arrays_of(season: Season) -> Arrays:
    """Put a season into arrays; about P × S numbers of four bytes on the way."""
    slots, groups = season.slots, tuple(sorted(season.groups))
    people = {name: index for index, name in enumerate(season.people)}
    members, must = (np.zeros((len(groups), len(people)), dtype=bool) for _ in range(2))
    for row, name in enumerate(groups):
        members[row, [people[each] for each in season.groups[name].members]] = True
        must[row, [people[each] for each in season.groups[name].must_attend]] = True
    free, busy = _chances(season, slots)
    weight = members + (KEY_WEIGHT - 1) * must
    late = np.array([slot.hour >= LATE for slot in slots], dtype=bool)
    disliked = DISLIKED * members.sum(axis=1)[:, None] * late
    loss = weight.astype(np.float32) @ (1 - free) + disliked
    shut = (must.astype(np.float32) @ busy.astype(np.float32)) > 0
    attendance = members.astype(np.float32) @ free
    loss, shut, attendance, rows = _polled(
        season, groups, people, slots, free, must, members, loss, shut, attendance
    )
    shared = members.astype(np.float64) @ members.T.astype(np.float64)
    np.fill_diagonal(shared, 0)
    tied = (must.astype(np.float64) @ must.T.astype(np.float64)) > 0
    np.fill_diagonal(tied, False)
    return Arrays(
        season, slots, groups, np.array([(slot.date() - season.first).days for slot in slots], dtype=np.int64),
        np.array([season.is_open(slot) for slot in slots], dtype=bool), _overlaps(season, slots), members, must,
        loss.astype(np.float64), shut, rows, shared, tied, attendance.astype(np.float64),
    )  # fmt: skip


def _chances(season: Season, slots: tuple[datetime, ...]) -> tuple[NDArray[np.float32], Bools]:
    """P × S: how probably each can come, and whether a calendar says that they cannot."""
    usual = np.array([usual_chance(slot) for slot in slots], dtype=np.float32)
    place = {slot: index for index, slot in enumerate(slots)}
    keys = np.array([slot.weekday() * 1440 + slot.hour * 60 + slot.minute for slot in slots])
    free = np.tile(usual, (len(season.people), 1))
    busy = np.zeros(free.shape, dtype=bool)
    for row, person in enumerate(season.people.values()):
        if person.weekly is not None:
            wanted = [weekday * 1440 + hour.hour * 60 + hour.minute for weekday, hour in person.weekly]
            free[row] = np.where(np.isin(keys, wanted), GRID_BUSY, GRID_FREE)
        if person.busy is not None:
            taken = [place[slot] for slot in person.busy if slot in place]
            if person.weekly is None:
                free[row] = FREE
            free[row, taken], busy[row, taken] = BUSY, True
    return free, busy


def usual_chance(slot: datetime) -> float:
    """How probably somebody of whom nothing is known can come."""
    return BY_WEEKDAY[slot.weekday()] - (LATE_LOSS if slot.hour >= LATE else 0)


def is_busy(person: Person, slot: datetime) -> bool:
    """Whether a calendar says so."""
    return person.busy is not None and slot in person.busy


def _polled(
    season: Season, groups: tuple[str, ...], people: dict[str, int], slots: tuple[datetime, ...],
    free: NDArray[np.float32], must: Bools, members: Bools, loss: NDArray[np.float32], shut: Bools,
    attendance: NDArray[np.float32],
) -> tuple[NDArray[np.float32], Bools, NDArray[np.float32], dict[Meeting, int]]:  # fmt: skip
    """A row of its own for each meeting that was polled; the others have their group's."""
    group_row = {name: index for index, name in enumerate(groups)}
    rows = {meeting: group_row[meeting.group] for meeting in season.meetings}
    place = {slot: index for index, slot in enumerate(slots)}
    more: list[tuple[NDArray[np.float32], Bools, NDArray[np.float32]]] = []
    for meeting, answers in sorted(season.polls.items(), key=lambda each: each[0]):
        row = group_row[meeting.group]
        own = loss[row].copy(), shut[row].copy(), attendance[row].copy()
        for name, said in answers.items():
            who = people[name]
            if not members[row, who]:
                continue
            for slot, answer in said.items():
                if slot not in place:
                    continue
                at, chance = place[slot], ANSWERED[answer]
                gain = chance - free[who, at]
                own[0][at] -= gain * (KEY_WEIGHT if must[row, who] else 1)
                own[1][at] |= bool(must[row, who]) and answer is Answer.NO
                own[2][at] += gain
        rows[meeting] = len(loss) + len(more)
        more.append(own)
    if more:
        loss = np.vstack([loss, *(own[0] for own in more)])
        shut = np.vstack([shut, *(own[1] for own in more)])
        attendance = np.vstack([attendance, *(own[2] for own in more)])
    return loss, shut, attendance, rows


def _overlaps(season: Season, slots: tuple[datetime, ...]) -> tuple[Ints, ...]:
    begin = np.array([slot.timestamp() for slot in slots])
    seconds = season.duration.total_seconds()
    left = np.searchsorted(begin, begin - seconds, side="right")
    right = np.searchsorted(begin, begin + seconds, side="left")
    return tuple(np.arange(a, b, dtype=np.int64) for a, b in zip(left, right, strict=True))
