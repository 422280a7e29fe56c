"""A small storm of webhooks on real processes; `bench/bench_webhooks.py` is the large one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.webhook_storm import Figures, Plan, run
from tests.support.databases import open_database

pytestmark = [pytest.mark.database, pytest.mark.timeout(300)]


def storm(folder: Path, **changes: object) -> Figures:
    with open_database(folder, os.environ.get("TEST_DATABASE_URL", "")) as database:
        return run(Plan(database.url, **{"deliveries": 240, "kills": 3, "most_seconds": 240} | changes))  # type: ignore[arg-type]


def test_a_storm_loses_and_doubles_nothing(tmp_path: Path) -> None:
    figures = storm(tmp_path)
    assert figures.is_clean, figures
    assert (figures.deliveries, figures.kills) == (240, 3)


@pytest.mark.parametrize(
    ("mutant", "damage"),
    [("drop_the_unique", "doubled_events"), ("acknowledge_then_write_later", "lost_events")],
)
def test_the_storm_catches_its_mutant(tmp_path: Path, mutant: str, damage: str) -> None:
    figures = storm(tmp_path, mutant=mutant, deliveries=160, kills=1)
    assert getattr(figures, damage) > 0, figures
    assert not figures.is_clean
