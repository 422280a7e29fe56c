"""A value as bytes, always the same ones, and their SHA-256."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def to_bytes(value: Any) -> bytes:
    """JSON in UTF-8 without blanks, keys as they stand, one line end at its end."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def sha256(content: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(content).hexdigest()
