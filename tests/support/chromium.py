"""One browser a process: two at once cannot be driven from it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.tools.packages import find_program

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser."""
    from playwright.sync_api import expect, sync_playwright  # only where a browser is asked for

    program = os.environ.get("TEST_CHROMIUM") or find_program("chromium")
    assert program, "chromium is not installed; `make test` installs it"
    expect.set_options(timeout=15_000)  # as long as the verbs wait
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()
