"""Static files under a name that changes with their content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app

FINGERPRINT_LENGTH = 10


@lru_cache(maxsize=512)
def _address(folder: str, prefix: str, path: str) -> str:
    """Address with the start of the file's SHA-256; raises FileNotFoundError when it is not there."""
    fingerprint = hashlib.sha256((Path(folder) / path).read_bytes()).hexdigest()[:FINGERPRINT_LENGTH]
    return f"{prefix}/{path}?v={fingerprint}"


def asset(path: str) -> str:
    """`/static/css/renkei.css?v=1a2b3c4d5e` for `css/renkei.css`.

    Worked out once a process (with debugging on, at each call). A missing file, when the front-end packages
    are not fetched yet, keeps its plain address, so that the page still opens.
    """
    if current_app.debug:
        _address.cache_clear()
    prefix = current_app.static_url_path or "/static"
    try:
        return _address(current_app.static_folder or "static", prefix, path)
    except FileNotFoundError:
        return f"{prefix}/{path}"


def init_app(app: Flask) -> None:
    """`asset` in every template."""
    app.jinja_env.globals["asset"] = asset
