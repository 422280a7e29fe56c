"""What is wrong with a plan, counted from the season alone: nothing of the planner is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.scheduling.season import Answer, Meeting, Season


@dataclass(frozen=True)
class Verdict:
    """All noughts but `double_bookings` and `unplaced`: a good plan. A double-booking is a member of two groups that meet in
    overlapping slots, counted once per member and slot."""

    must_attend_clashes: int
    gap_violations: int
    out_of_order: int
    closed: int
    room_overflows: int
    day_overflows: int
    moved: int
    double_bookings: int
    unplaced: int

    @property
    def is_feasible(self) -> bool:
        return not (
            self.must_attend_clashes or self.gap_violations or self.out_of_order or self.closed or self.room_overflows
            or self.day_overflows or self.moved
        )  # fmt: skip


def check(season: Season, placed: Mapping[Meeting, datetime]) -> Verdict:
    """Judge any plan; meetings that are not in `placed` have no slot."""
    at: dict[datetime, list[Meeting]] = {}
    for meeting in sorted(placed):
        at.setdefault(placed[meeting], []).append(meeting)
    return Verdict(
        must_attend_clashes=_clashes(season, placed, at),
        gap_violations=sum(not _fits(season, meeting, days) for meeting, days in _gaps(season, placed)),
        out_of_order=sum(days <= 0 for _meeting, days in _gaps(season, placed)),
        closed=sum(
            not season.is_open(slot) and season.fixed.get(meeting) != slot for meeting, slot in placed.items()
        ),
        room_overflows=_room_overflows(season, at),
        day_overflows=_day_overflows(season, placed),
        moved=sum(placed.get(meeting) != slot for meeting, slot in season.fixed.items()),
        double_bookings=_double_bookings(season, at),
        unplaced=sum(meeting not in placed for meeting in season.meetings),
    )


def _gaps(season: Season, placed: Mapping[Meeting, datetime]) -> list[tuple[Meeting, int]]:
    """Each meeting that has one before it, with the days between."""
    found = []
    for name, group in season.groups.items():
        own = [Meeting(name, n + 1) for n in range(group.meetings) if Meeting(name, n + 1) in placed]
        found += [
            (later, (placed[later].date() - placed[earlier].date()).days)
            for earlier, later in zip(own, own[1:], strict=False)
        ]
    return found


def _fits(season: Season, meeting: Meeting, days: int) -> bool:
    least, most = season.groups[meeting.group].gap
    return least <= days <= most


def _together(season: Season, at: Mapping[datetime, list[Meeting]], slot: datetime) -> list[Meeting]:
    """What begins in this slot or is still held, or begins before its end."""
    return [
        meeting
        for other, meetings in at.items()
        if abs(other - slot) < season.duration
        for meeting in meetings
    ]


def _clashes(season: Season, placed: Mapping[Meeting, datetime], at: Mapping[datetime, list[Meeting]]) -> int:
    """Somebody who is needed is busy, has said no, or is needed elsewhere (a pair of meetings counts once a person)."""
    busy = 0
    for meeting, slot in placed.items():
        said = season.polls.get(meeting, {})
        for name in season.groups[meeting.group].must_attend:
            person = season.people[name]
            refused = said.get(name, {}).get(slot) is Answer.NO
            busy += refused or (person.busy is not None and slot in person.busy)
    pairs = set()
    for slot in at:
        together = _together(season, at, slot)
        for one in together:
            for other in together:
                if one < other and one.group != other.group:
                    both = {*season.groups[one.group].must_attend} & {*season.groups[other.group].must_attend}
                    pairs |= {(one, other, name) for name in both}
    return busy + len(pairs)


def _room_overflows(season: Season, at: Mapping[datetime, list[Meeting]]) -> int:
    """Slots during which more meetings are held than there are rooms."""
    if season.rooms is None:
        return 0
    begun = (sum(len(at[o]) for o in at if slot - season.duration < o <= slot) for slot in at)
    return sum(count > season.rooms for count in begun)


def _day_overflows(season: Season, placed: Mapping[Meeting, datetime]) -> int:
    if season.most_a_day is None:
        return 0
    counts = Counter(slot.date() for slot in placed.values())
    return sum(count > season.most_a_day for count in counts.values())


def _double_bookings(season: Season, at: Mapping[datetime, list[Meeting]]) -> int:
    found = set()
    for slot in at:
        met = Counter(
            name for meeting in _together(season, at, slot) for name in season.groups[meeting.group].members
        )
        here = {name for meeting in at[slot] for name in season.groups[meeting.group].members}
        found |= {(slot, name) for name in here if met[name] > 1}
    return len(found)
