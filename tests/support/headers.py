"""The headers that every answer carries, and what one lacks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from werkzeug.test import TestResponse

PROMISED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def policy_of(response: TestResponse) -> dict[str, str]:
    parts = [
        part.strip().partition(" ") for part in response.headers.get("Content-Security-Policy", "").split(";")
    ]
    return {name: value for name, _, value in parts}


def faults(path: str, response: TestResponse) -> Iterator[str]:
    """What the answer lacks."""
    policy, status = policy_of(response), response.status_code
    keyed = {"Referrer-Policy": "no-referrer"} if "token=" in path else {}  # the address is a key
    for name, value in (PROMISED | keyed).items():
        if response.headers.getlist(name) != [value]:
            yield f"{status} {path}: {name} {response.headers.getlist(name)}"
    loose = [
        n for n, v in policy.items() if re.search(r"unsafe|\*|data:|https?:(?!//)", v) and n != "form-action"
    ]
    if loose or policy.get("default-src") != "'none'" or policy.get("frame-ancestors") != "'none'":
        yield f"{status} {path}: policy {policy}"
    if policy.get("base-uri") != "'none'" or "camera=()" not in response.headers.get(
        "Permissions-Policy", ""
    ):
        yield f"{status} {path}: base-uri or permissions"
    stored = response.headers.get("Cache-Control", "")
    if not path.startswith("/static/") and stored != "no-store":
        yield f"{status} {path}: Cache-Control {stored!r}"
    if "Server" in response.headers or "X-Powered-By" in response.headers:
        yield f"{status} {path}: says what it runs on"
