"""The name of a file as people see it. Pure."""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 120
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def display_name(name: str) -> str:
    """The name without path, control and reordering characters, at most 120 characters with its ending kept."""
    bare = _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2]
    bare = unicodedata.normalize("NFC", bare).rstrip(" .")
    stem, dot, ending = bare.rpartition(".")
    if not dot:
        return bare.strip()[:LONGEST_NAME] or "file"
    return f"{(stem.strip(' .') or 'file')[: LONGEST_NAME - len(ending) - 1]}.{ending}"


# Actions (ISO 32000-1, table 198) that open something else, play, send or run. A web link on a click is none of them.
