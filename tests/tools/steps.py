"""The steps of `make test`, in order: what each one runs, which part it belongs to, what it needs."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sys.executable).parent
PARTS = ("lint", "types", "unit", "postgres", "browser")


@dataclass(frozen=True)
class Step:
    """One command. `report` names the JUnit file of a pytest run; `needs` what must be on the machine."""

    part: str
    title: str
    command: tuple[str, ...]
    report: str | None = None
    needs: frozenset[str] = field(default_factory=frozenset)


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def _pytest(report: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "pytest", "-q", f"--junitxml=.test/{report}.xml", *arguments)


STEPS = (
    Step("lint", "Locks: pinned, hashed, no host", (sys.executable, "-m", "tests.tools", "locks")),
    Step("lint", "ruff check", _tool("ruff", "check", "--quiet", ".")),
    Step("lint", "ruff format --check", _tool("ruff", "format", "--check", "--quiet", ".")),
    Step("lint", "Floors, rooms and doors (import-linter)", _tool("lint-imports", "--no-logo")),
    Step("types", "mypy", _tool("mypy", "--no-error-summary")),
    Step("unit", "Tests on SQLite", _pytest("sqlite", "-n", "2"), "sqlite"),
    Step(
        "postgres",
        "Database tests on PostgreSQL",
        _pytest("postgres", "-n", "2", "-m", "database and not browser"),
        "postgres",
        frozenset({"postgres"}),
    ),
    Step(
        "browser",
        "Journeys in Chromium",
        _pytest("browser", "-n", "2", "-m", "browser"),
        "browser",
        frozenset({"browser"}),
    ),
)
