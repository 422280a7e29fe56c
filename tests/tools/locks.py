"""What a lock file must and must not hold: a hash for every package, and no host's name."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = ("requirements-bootstrap.txt", "requirements.txt", "requirements-dev.txt")
NODE_LOCK = "package-lock.json"

HOST = re.compile(
    r"https?:|ssh:|git\+|--(?:extra-)?index-url|--find-links|--trusted-host|(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:org|com|io|net|dev|jp)\b"
)
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,._-]+\])?==\S+", re.IGNORECASE)


def named_hosts(text: str) -> list[str]:
    """Lines that name a host, a URL or another index."""
    return [line.strip() for line in text.splitlines() if HOST.search(line)]


def python_faults(text: str) -> list[str]:
    """What is wrong with a hashed requirements file; empty when all is well."""
    entries = [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]
    faults = [f"names a host: {line}" for line in named_hosts(text)]
    faults += [f"not pinned: {entry[:60]}" for entry in entries if not PINNED.match(entry)]
    faults += [f"no hash: {entry[:60]}" for entry in entries if "--hash=sha256:" not in entry]
    return faults or ([] if entries else ["is empty"])


def node_faults(text: str) -> list[str]:
    """What is wrong with package-lock.json; empty when all is well."""
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    faults = [
        f"names a host: {line.strip()}" for line in text.splitlines() if "://" in line or '"resolved"' in line
    ]
    return faults + [
        f"no hash: {name}" for name, entry in packages.items() if "sha512-" not in entry.get("integrity", "")
    ]


def strip_node_lock(path: Path) -> None:
    """Take out the addresses that npm copies into its lock: where to fetch from, and whom to fund."""
    lock = json.loads(path.read_text())
    for entry in lock["packages"].values():
        entry.pop("resolved", None)
        entry.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def lock_faults(root: Path = ROOT) -> list[str]:
    """Faults of every lock file, each with the file's name before it."""
    found = [f"{name} {fault}" for name in PYTHON_LOCKS for fault in python_faults((root / name).read_text())]
    return found + [f"{NODE_LOCK} {fault}" for fault in node_faults((root / NODE_LOCK).read_text())]
