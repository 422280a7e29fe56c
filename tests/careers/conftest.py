"""The clock stands in June 2026."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.core import clock
from tests.support import careers as given


@pytest.fixture(autouse=True)
def june(request: pytest.FixtureRequest) -> Iterator[None]:
    """The same day for all."""
    with clock.frozen(given.JUNE):
        yield
