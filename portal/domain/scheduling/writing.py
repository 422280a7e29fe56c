"""A season as a file, the same bytes for the same season."""

from __future__ import annotations

from typing import Any

from portal.domain.exchange.canonical import to_bytes
from portal.domain.scheduling.parsing import FORMAT, WEEKDAYS
from portal.domain.scheduling.season import LONGEST_GAP, Group, Person, Season


def format_season(season: Season) -> bytes:
    """Canonical bytes; whatever says nothing is left out."""
    value: dict[str, Any] = {
        "format": FORMAT,
        "season": {"from": season.first.isoformat(), "to": season.last.isoformat()},
        "day_slots": [f"{hour:%H:%M}" for hour in season.hours],
        "duration_minutes": int(season.duration.total_seconds()) // 60,
        "people": {name: _person(season.people[name]) for name in sorted(season.people)},
        "groups": {name: _group(season.groups[name]) for name in sorted(season.groups)},
        "seed": season.seed,
    }
    if season.closed:
        value["closed_days"] = sorted(day.isoformat() for day in season.closed)
    value |= {"rooms": season.rooms} if season.rooms is not None else {}
    value |= {"max_per_day": season.most_a_day} if season.most_a_day is not None else {}
    if season.polls:
        value["polls"] = [
            {
                "group": meeting.group, "meeting": meeting.number,
                "answers": {who: {written(slot): str(said) for slot, said in sorted(each.items())} for who, each in sorted(answers.items())},
            }
            for meeting, answers in sorted(season.polls.items(), key=lambda each: each[0])
        ]  # fmt: skip
    if season.fixed:
        value["fixed"] = [
            {"group": meeting.group, "meeting": meeting.number, "slot": written(slot)}
            for meeting, slot in sorted(season.fixed.items())
        ]
    return to_bytes(value)


def written(slot: Any) -> str:
    """`2026-04-10T10:00`."""
    return str(slot.isoformat(timespec="minutes"))


def _person(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if person.busy is not None:
        found["busy"] = [written(slot) for slot in sorted(person.busy)]
    if person.weekly is not None:
        found["weekly_busy"] = [f"{WEEKDAYS[day]} {hour:%H:%M}" for day, hour in sorted(person.weekly)]
    return found


def _group(group: Group) -> dict[str, Any]:
    found: dict[str, Any] = {"meetings": group.meetings, "members": list(group.members)}
    if group.must_attend:
        found["must_attend"] = list(group.must_attend)
    if group.gap != (1, LONGEST_GAP):
        found["gap_days"] = list(group.gap)
    return found
