"""The application as a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.settings import Mode


@pytest.fixture
def demonstration(demo: Flask) -> Iterator[Flask]:
    """The demo consortium in demo mode."""
    before = demo.extensions["renkei.settings"]
    demo.extensions["renkei.settings"] = replace(before, mode=Mode.DEMO)
    yield demo
    demo.extensions["renkei.settings"] = before
