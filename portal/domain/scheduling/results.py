"""The file of a plan, `renkei-season-plan/1`: the same plan gives the same bytes."""

from __future__ import annotations

import heapq
from datetime import datetime
from typing import Any

from portal.domain.exchange.canonical import sha256, to_bytes
from portal.domain.scheduling.checking import check
from portal.domain.scheduling.explaining import conflict
from portal.domain.scheduling.parsing import PLAN_FORMAT
from portal.domain.scheduling.season import Meeting
from portal.domain.scheduling.solving import ENGINE, Plan
from portal.domain.scheduling.writing import written


def format_plan(plan: Plan, content: bytes) -> bytes:
    """Canonical bytes; `content` is the season's file. `record.plan_sha256` is of the same file without that member."""
    value = plan_value(plan, content)
    value["record"]["plan_sha256"] = sha256(to_bytes(value))
    return to_bytes(value)


def plan_value(plan: Plan, content: bytes) -> dict[str, Any]:
    """A plan as JSON values, without its own hash."""
    arrays = plan.arrays
    placed = plan.moments
    rooms, verdict = rooms_of(plan), check(plan.season, placed)
    return {
        "format": PLAN_FORMAT,
        "placements": [
            {
                "group": meeting.group, "meeting": meeting.number, "slot": written(slot),
                **({"room": rooms[meeting]} if meeting in rooms else {}),
                "expected_attendance": round(float(arrays.attendance[arrays.rows[meeting], plan.placed[meeting]]), 2),
                "reasons": reasons(plan, meeting),
            }
            for meeting, slot in sorted(placed.items(), key=lambda each: (each[1], each[0]))
        ],
        "unplaced": [
            {"group": m.group, "meeting": m.number, "conflict": conflict(plan, m)} for m in plan.unplaced
        ],
        "statistics": {
            "must_attend_clashes": verdict.must_attend_clashes, "gap_violations": verdict.gap_violations,
            "room_overflows": verdict.room_overflows, "day_overflows": verdict.day_overflows,
            "double_bookings": verdict.double_bookings, "unplaced": verdict.unplaced,
            "expected_loss": round(expected_loss(plan), 1),
        },
        "record": {"input_sha256": sha256(content), "engine": ENGINE, "seed": plan.season.seed},
    }  # fmt: skip


def expected_loss(plan: Plan) -> float:
    """Attendances that the plan probably loses, by weight: of its slots, and of members who meet elsewhere then."""
    arrays = plan.arrays
    own = sum(arrays.loss[arrays.rows[m], slot] for m, slot in plan.placed.items() if slot is not None)
    placed = plan.moments
    return float(own) + check(plan.season, placed).double_bookings


def rooms_of(plan: Plan) -> dict[Meeting, int]:
    """A room from 1 for each meeting, the lowest that is free; empty where rooms are not counted."""
    if plan.season.rooms is None:
        return {}
    free = list(range(1, plan.season.rooms + 1))
    held: list[tuple[datetime, int]] = []
    found = {}
    for slot, meeting in sorted(
        (plan.arrays.slots[at], m) for m, at in plan.placed.items() if at is not None
    ):
        while held and held[0][0] <= slot:
            heapq.heappush(free, heapq.heappop(held)[1])
        if free:
            found[meeting] = heapq.heappop(free)
            heapq.heappush(held, (slot + plan.season.duration, found[meeting]))
    return found


def reasons(plan: Plan, meeting: Meeting) -> list[str]:
    """Why this slot, in plain words."""
    season, arrays, at = plan.season, plan.arrays, plan.placed[meeting]
    assert at is not None
    if meeting in season.fixed:
        return ["announced already"]
    group = arrays.groups.index(meeting.group)
    expected, members = arrays.attendance[arrays.rows[meeting], at], int(arrays.members[group].sum())
    found = [f"{expected:.0f} of {members} members are expected"]
    if season.groups[meeting.group].must_attend:
        found.append("everybody who is needed is free")
    elsewhere = [
        m.group for m, slot in plan.placed.items()
        if slot is not None and m.group != meeting.group and at in arrays.overlaps[slot]
    ]  # fmt: skip
    taken = sum(arrays.shared[group, arrays.groups.index(name)] for name in elsewhere)
    found.append(f"{taken:.0f} members meet elsewhere then" if taken else "no member meets elsewhere then")
    return found
