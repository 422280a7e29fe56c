"""Why a meeting is not elsewhere: the blockers of each slot, what one person less would open, and what together makes it impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from portal.domain.scheduling.arrays import Arrays, Bools
from portal.domain.scheduling.season import Answer, Meeting, Season
from portal.domain.scheduling.solving import Plan


class Blocker(StrEnum):
    """Why a slot is closed to a meeting; `detail` is named beside each."""

    CLOSED_DAY = "closed_day"
    CALENDAR = "calendar"  # who is needed and busy
    REFUSED = "refused"  # who is needed and has said no
    NEEDED_ELSEWHERE = "needed_elsewhere"  # who is needed, and by which group then
    ROOMS = "rooms"  # how many there are
    DAY_FULL = "day_full"  # how many a day
    TOO_SOON = "too_soon"  # days after the meeting before, and the fewest
    TOO_LATE = "too_late"  # days after the meeting before, and the most
    TOO_CLOSE_TO_NEXT = "too_close_to_next"  # days before the meeting after, and the fewest
    TOO_FAR_FROM_NEXT = "too_far_from_next"  # days before the meeting after, and the most


@dataclass(frozen=True)
class Counterfactual:
    """With this person not needed: so many slots more, and the best of all that are open then."""

    person: str
    more: int
    best: datetime | None
    expected: float


def why_not(plan: Plan, meeting: Meeting) -> dict[datetime, list[tuple[Blocker, str]]]:
    """Every slot of the season with what keeps the meeting from it, given where all others are; empty lists: it could go there."""
    others = {m: plan.arrays.slots[at] for m, at in plan.placed.items() if at is not None and m != meeting}
    return {slot: list(_blockers(plan.season, others, meeting, slot)) for slot in plan.arrays.slots}


def counterfactuals(plan: Plan, meeting: Meeting) -> list[Counterfactual]:
    """For each person who is needed, what would open without the need; most first."""
    now = why_not(plan, meeting)
    free = sum(not found for found in now.values())
    answers = [
        _without(plan, meeting, name, now, free) for name in plan.season.groups[meeting.group].must_attend
    ]
    return sorted(answers, key=lambda each: (-each.more, each.person))


def conflict(plan: Plan, meeting: Meeting) -> list[str]:
    """What together leaves no slot: none of these could be left out without one opening. Empty where one is open."""
    blocked = why_not(plan, meeting)
    if any(not found for found in blocked.values()):
        return []
    rows = [{_name(blocker, detail) for blocker, detail in found} for found in blocked.values()]
    kept = sorted(set().union(*rows)) if rows else []
    for name in list(kept):
        fewer = [other for other in kept if other != name]
        if all(row & set(fewer) for row in rows):
            kept = fewer
    return kept or ["the season has no slot"]


def _name(blocker: Blocker, detail: str) -> str:
    """What could be given up: a person's calendar, a rule; not each day of it."""
    if blocker in (Blocker.CALENDAR, Blocker.REFUSED, Blocker.NEEDED_ELSEWHERE):
        return f"{blocker.value}: {detail}"
    return blocker.value


def _without(
    plan: Plan, meeting: Meeting, name: str, now: dict[datetime, list[tuple[Blocker, str]]], free: int
) -> Counterfactual:
    opened = [
        slot for slot, found in now.items() if all(detail.split(" ")[0] == name and b in _PERSONAL for b, detail in found)
    ]  # fmt: skip
    arrays, place = plan.arrays, {slot: index for index, slot in enumerate(plan.arrays.slots)}
    row = arrays.rows[meeting]
    best = max(opened, key=lambda slot: (arrays.attendance[row, place[slot]], -place[slot]), default=None)
    members = int(arrays.members[arrays.groups.index(meeting.group)].sum())
    share = float(arrays.attendance[row, place[best]]) / members if best is not None and members else 0.0
    return Counterfactual(name, len(opened) - free, best, share)


_PERSONAL = frozenset({Blocker.CALENDAR, Blocker.REFUSED, Blocker.NEEDED_ELSEWHERE})


def _blockers(
    season: Season, others: dict[Meeting, datetime], meeting: Meeting, slot: datetime
) -> Iterator[tuple[Blocker, str]]:
    group = season.groups[meeting.group]
    if not season.is_open(slot):
        yield Blocker.CLOSED_DAY, ""
    together = [
        m for m, at in others.items() if abs(at - slot) < season.duration and m.group != meeting.group
    ]
    said = season.polls.get(meeting, {})
    for name in group.must_attend:
        person = season.people[name]
        if person.busy is not None and slot in person.busy:
            yield Blocker.CALENDAR, name
        if said.get(name, {}).get(slot) is Answer.NO:
            yield Blocker.REFUSED, name
        for other in together:
            if name in season.groups[other.group].must_attend:
                yield Blocker.NEEDED_ELSEWHERE, f"{name} ({other.group})"
    if season.rooms is not None and len(together) >= season.rooms:
        yield Blocker.ROOMS, str(season.rooms)
    if (
        season.most_a_day is not None
        and sum(at.date() == slot.date() for at in others.values()) >= season.most_a_day
    ):
        yield Blocker.DAY_FULL, str(season.most_a_day)
    yield from _gaps(season, others, meeting, slot)


def _gaps(
    season: Season, others: dict[Meeting, datetime], meeting: Meeting, slot: datetime
) -> Iterator[tuple[Blocker, str]]:
    least, most = season.groups[meeting.group].gap
    own = {m.number: at for m, at in others.items() if m.group == meeting.group}
    before = max((n for n in own if n < meeting.number), default=None)
    after = min((n for n in own if n > meeting.number), default=None)
    if before is not None:
        days = (slot.date() - own[before].date()).days
        if days < least:
            yield Blocker.TOO_SOON, f"{days} ({least})"
        elif days > most:
            yield Blocker.TOO_LATE, f"{days} ({most})"
    if after is not None:
        days = (own[after].date() - slot.date()).days
        if days < least:
            yield Blocker.TOO_CLOSE_TO_NEXT, f"{days} ({least})"
        elif days > most:
            yield Blocker.TOO_FAR_FROM_NEXT, f"{days} ({most})"


def joint_slots(arrays: Arrays, needed: list[int]) -> Bools:
    """Slots at which nobody of these people (rows of `season.people`) is busy by a calendar: counted live while names are ticked."""
    people = list(arrays.season.people.values())
    found = arrays.open.copy()
    for row in needed:
        busy = people[row].busy or frozenset()
        found &= np.array([slot not in busy for slot in arrays.slots], dtype=bool)
    return found


Counter = Callable[[list[int]], int]
