"""What gunicorn and the worker load in a drill: the portal, with a clock that can be turned, and when asked for a mutant.

`DRILL_CLOCK` names a file that holds by how many seconds the clock is off; `DRILL_MUTANT` a function of `drill_mutants`.
"""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from portal.cli.worker import run_worker
from portal.core import clock
from portal.settings import Settings
from portal.wiring import create_app

_real_time = time.time


def _off() -> float:
    try:
        return float(Path(os.environ["DRILL_CLOCK"]).read_text() or 0)
    except (OSError, ValueError):
        return 0.0


def build() -> Flask:
    """The portal of the environment's settings."""
    time.time = lambda: _real_time() + _off()
    clock.now = lambda: datetime.now(UTC) + timedelta(seconds=_off())
    if mutant := os.environ.get("DRILL_MUTANT"):
        getattr(import_module("bench.drill_mutants"), mutant)(pytest.MonkeyPatch())
    return create_app(Settings.from_environment(os.environ))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run_worker(build(), 2)
