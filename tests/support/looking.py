"""How much was looked at in the browser, over all workers of a run."""

from __future__ import annotations

from typing import Any

import pytest

LOOKED = {"pages": 0, "runs": 0}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the one that counts."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["looked"] = LOOKED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What two workers looked at counts twice."""
    for name, number in getattr(node, "workeroutput", {}).get("looked", {}).items():
        LOOKED[name] += number


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line where a browser ran."""
    if LOOKED["runs"]:
        terminalreporter.write_line("{pages} kinds of page, {runs} runs of axe".format(**LOOKED))
