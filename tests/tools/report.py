"""How a run is told: a heading and a verdict for every step, the totals of all pytest runs at the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Counts:
    """Results of pytest runs; an error at set-up counts as a failure."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def read_junit(path: Path) -> Counts:
    """Counts of one pytest run; nothing when it wrote no report."""
    if not path.exists():
        return Counts()
    suites = ElementTree.parse(path).getroot().iter("testsuite")
    total = Counts()
    for suite in suites:
        tests, bad, skipped = (sum(int(suite.get(key, 0)) for key in keys) for keys in COLUMNS)
        total += Counts(tests - bad - skipped, bad, skipped)
    return total


COLUMNS = (("tests",), ("failures", "errors"), ("skipped",))


def heading(title: str) -> None:
    print(f"\n── {title} " + "─" * max(4, 76 - len(title)), flush=True)


def verdict(title: str, state: str, seconds: float) -> str:
    line = f"{state:<7} {seconds:7.1f} s  {title}"
    print(line, flush=True)
    return line
