"""`renkei schedule` from the shell: same bytes, exit codes, faults by path, nothing written on refusal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from tests.domain.scheduling.seasons import value


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret, no database: the commands ask for neither."""
    for name in ("SECRET_KEY", "DATABASE_URL", "RENKEI_MODE"):
        monkeypatch.delenv(name, raising=False)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["schedule", *map(str, words)])


def test_generate_solve_explain(tmp_path: Path) -> None:
    season, plan = tmp_path / "in.json", tmp_path / "plan.json"
    assert run("generate", "--groups", 3, "--people", 20, "--seed", 1, "--out", season).exit_code == 0
    told = run("solve", season, "--rounds", 2, "--out", plan)
    assert (
        told.output
        == "18 of 18 meetings have a slot; 0 clashes of people who are needed, 0 gaps out of bounds, 0 double-bookings.\n"
    )
    assert run("solve", season, "--rounds", 2).stdout_bytes == plan.read_bytes()
    assert plan.stat().st_mode & 0o077 == 0
    why = run("explain", season, plan, "--group", "g1", "--meeting", 2)
    assert why.exit_code == 0
    assert "slots are open to it." in why.output
    assert "Without the need for p" in why.output
    assert run("explain", season, plan, "--group", "g1", "--meeting", 9).exit_code == 1


def test_a_season_with_faults_is_refused_whole(tmp_path: Path) -> None:
    season, plan = tmp_path / "in.json", tmp_path / "plan.json"
    season.write_text(json.dumps(value(rooms=-1, day_slots=["noon"])))
    told = run("solve", season, "--out", plan)
    assert told.exit_code == 1
    assert "$.rooms: is below 0" in told.output
    assert "$.day_slots[0]: an hour is written 10:00" in told.output
    assert "in.json has 2 faults; nothing was written." in told.output
    assert not plan.exists()


def test_holidays_are_closed_without_being_listed(tmp_path: Path) -> None:
    season = tmp_path / "in.json"
    one_day = {"from": "2026-07-20", "to": "2026-07-20"}  # 海の日, a Monday
    groups = {"g1": {"meetings": 1, "members": ["p1"]}}
    season.write_text(json.dumps(value(season=one_day, groups=groups)))
    plan = json.loads(run("solve", season, "--rounds", 1).stdout_bytes)
    assert plan["placements"] == []
    assert plan["unplaced"] == [{"group": "g1", "meeting": 1, "conflict": ["the season has no slot"]}]
