"""Static files under a name that changes with their content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask

FINGERPRINT_LENGTH = 10


def fingerprint(file: Path) -> str:
    """The start of the file's SHA-256 in hexadecimal; empty for a file that is not there."""
    if not file.is_file():
        return ""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:FINGERPRINT_LENGTH]


def init_app(app: Flask) -> None:
    """`asset` in every template: `/static/css/renkei.css?v=1a2b3c4d5e` for `css/renkei.css`.

    Worked out once a process (with debugging on, at each call). A missing file, when the front-end packages are
    not fetched yet, keeps its plain address, so that the page still opens.
    """
    known: dict[str, str] = {}
    folder, prefix = Path(app.static_folder or "static"), app.static_url_path or "/static"

    def asset(path: str) -> str:
        if path not in known or app.debug:
            version = fingerprint(folder / path)
            if not version:
                return f"{prefix}/{path}"
            known[path] = f"{prefix}/{path}?v={version}"
        return known[path]

    app.jinja_env.globals["asset"] = asset
