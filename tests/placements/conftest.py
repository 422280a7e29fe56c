"""Members of 2026 in June."""

from __future__ import annotations

from tests.internships.conftest import june

__all__ = ["june"]
