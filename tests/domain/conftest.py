"""Worked examples and properties of the pure floor: no app, no database, no clock."""

import os

from hypothesis import settings

# The gate asks the same few examples each time, so that red means a change; HYPOTHESIS_EXAMPLES=2000 explores anew.
DEEP = os.environ.get("HYPOTHESIS_EXAMPLES")

settings.register_profile(
    "domain", max_examples=int(DEEP or 25), derandomize=DEEP is None, deadline=None, database=None
)
settings.load_profile("domain")
