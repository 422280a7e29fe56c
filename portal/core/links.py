"""Addresses that leave a page: absolute ones for mails, and paths that a visitor brings along."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.core.context import current_settings

HOME = "/go"  # leads everybody to the home of their kind
LONGEST_PATH = 500


def absolute_url(endpoint: str, **values: Any) -> str:
    """The address of a page for a mail: below PUBLIC_URL, never below the Host header that a request brought."""
    path = current_app.url_map.bind("").build(endpoint, values)
    return (current_settings().public_url or "http://localhost").rstrip("/") + path


def safe_path(path: str | None, otherwise: str = HOME) -> str:
    """`path` when it leads to a page of ours, else `otherwise`: no scheme, no host, nothing a browser reads as one."""
    if not path or len(path) > LONGEST_PATH or path[0] != "/" or path[1:2] in ("/", "\\"):
        return otherwise
    if "\\" in path or any(ord(character) < 33 or ord(character) == 127 for character in path):
        return otherwise
    try:
        parts = urlsplit(path)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc else path
