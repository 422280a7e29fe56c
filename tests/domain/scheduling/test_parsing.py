"""A season's file: read whole or refused whole with every fault at its path; written and read again it is the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from portal.domain.scheduling import (
    MalformedFileError,
    Meeting,
    Season,
    format_plan,
    format_season,
    parse_plan,
    parse_season,
    read_season,
    solve,
)
from tests.domain.scheduling.seasons import seasons, value, weekday


@given(seasons())
def test_written_and_read_again_it_is_the_same(season: Season) -> None:
    content = format_season(season)
    again = parse_season(content, weekday)
    assert again == season
    assert format_season(again) == content
    plan = solve(season, 1)
    assert parse_plan(format_plan(plan, content), season) == plan.moments


def faults(**more: Any) -> list[str]:
    with pytest.raises(MalformedFileError) as caught:
        read_season(value(**more), weekday)
    return [f"{fault.path} {fault.code.value}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"format": "x"}, ["$.format wrong_format"]),
        ({"season": {"from": "2026-06-31", "to": "2026-6-1"}}, ["$.season.from bad_day", "$.season.to bad_day"]),
        ({"season": {"from": "2026-06-02", "to": "2026-06-01"}}, ["$.season.to ends_before_start"]),
        ({"season": {"from": "2026-06-02", "to": "2036-06-01"}}, ["$.season.to too_long"]),
        ({"day_slots": []}, ["$.day_slots none"]),
        ({"day_slots": ["10:00", "25:00", "10:00"]}, ["$.day_slots[1] bad_time", "$.day_slots[2] listed_twice"]),
        ({"duration_minutes": 0}, ["$.duration_minutes none"]),
        ({"duration_minutes": 1.5}, ["$.duration_minutes wrong_type"]),
        ({"closed_days": ["tomorrow"]}, ["$.closed_days[0] bad_day"]),
        ({"rooms": -1}, ["$.rooms negative"]),
        ({"people": {"p1": {"busy": ["2026-06-01"], "weekly_busy": ["mon"]}, "p2": []}},
         ["$.people.p1.busy[0] bad_slot", "$.people.p1.weekly_busy[0] bad_weekly", "$.people.p2 wrong_type"]),
        ({"groups": {"g1": {"meetings": 2, "members": ["p1", "p9", "p1"]}}},
         ["$.groups.g1.members[1] unknown_person", "$.groups.g1.members[2] listed_twice"]),
        ({"groups": {"g1": {"meetings": 2, "members": [], "gap_days": [9, 3]}}}, ["$.groups.g1.gap_days gap_backwards"]),
        ({"groups": {"g1": {"members": [], "colour": "red"}}}, ["$.groups.g1.colour unknown_key", "$.groups.g1.meetings missing"]),
        ({"polls": [{"group": "g1", "meeting": 3, "answers": {"p7": {}}}]},
         ["$.polls[0].meeting no_such_meeting", "$.polls[0].answers.p7 unknown_person"]),
        ({"polls": [{"group": "g1", "meeting": 1, "answers": {"p1": {"2026-06-01T10:00": "perhaps"}}}]},
         ['$.polls[0].answers.p1["2026-06-01T10:00"] unknown_answer']),
        ({"fixed": [{"group": "g1", "meeting": 1, "slot": "2026-07-01T10:00"}]}, ["$.fixed[0].slot outside"]),
        ({"fixed": [{"group": "g1", "meeting": 1, "slot": "2026-06-10T11:00"}]}, ["$.fixed[0].slot not_a_slot"]),
        ({"fixed": [{"group": "g1", "meeting": 1, "slot": "2026-06-10T10:00"}, {"group": "g1", "meeting": 1, "slot": "2026-06-11T10:00"}]},
         ["$.fixed[1] fixed_twice"]),
        ({"fixed": [{"group": "g1", "meeting": 1, "slot": "2026-06-10T10:00"}, {"group": "g1", "meeting": 2, "slot": "2026-06-09T10:00"}]},
         ["$.fixed[1].slot out_of_order"]),
    ],
)  # fmt: skip
def test_every_fault_stands_at_its_path(more: dict[str, Any], said: list[str]) -> None:
    assert faults(**more) == said


def test_all_faults_of_a_file_are_named_at_once() -> None:
    assert len(faults(format="x", rooms=-1, day_slots=["x"], seed="y")) == 4


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"format": "\\ud800"}', b"9" * 5000]
)
def test_what_is_no_season_at_all(content: bytes) -> None:
    with pytest.raises(MalformedFileError):
        parse_season(content, weekday)


def test_a_plan_of_another_season_is_refused() -> None:
    season = read_season(value(), weekday)
    other = {
        "format": "renkei-season-plan/1",
        "placements": [{"group": "g9", "meeting": 1, "slot": "2026-06-10T10:00"}],
    }
    with pytest.raises(MalformedFileError) as caught:
        parse_plan(json.dumps(other).encode(), season)
    assert str(caught.value.faults[0]).startswith("$.placements[0].group: unknown_group")
    assert season.meetings == (Meeting("g1", 1), Meeting("g1", 2))
