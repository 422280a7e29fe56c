"""Reference facts that ship with the product, read once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "facts"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of portal/facts/<name>.csv; raises FileNotFoundError for an unknown name."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
