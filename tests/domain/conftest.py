"""Worked examples and properties of the pure floor: no app, no database, no clock."""

import os

from hypothesis import settings

# Few examples a run keep each test near 10 ms, and runs add up; HYPOTHESIS_EXAMPLES=2000 digs deeper.
settings.register_profile(
    "domain", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "20")), deadline=None, database=None
)
settings.load_profile("domain")
