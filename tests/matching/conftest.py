"""Members of 2026 in June."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock
from tests.support import internships as given
from tests.support import renewals as members


@pytest.fixture(autouse=True)
def june(app: Flask) -> Iterator[None]:
    """The day before the round opens; the house stands."""
    with clock.frozen(given.JUNE - timedelta(hours=1)):
        members.house()
        yield
