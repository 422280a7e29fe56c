"""The Debian packages that tests need beside the locks: found, or installed when this user may."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NO_START = Path("/usr/sbin/policy-rc.d")


def find_program(name: str) -> str | None:
    """Path of a program, also where Debian keeps PostgreSQL's (newest version first)."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: -int(p.parts[4]))
    return shutil.which(name) or next((str(p) for p in places), None)


def has_library(name: str) -> bool:
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False)
    return name in listed.stdout


@dataclass(frozen=True)
class Package:
    """One Debian package, how to see that it is there, and what cannot be tested without it."""

    name: str
    is_present: Callable[[], bool]
    serves: frozenset[str]


def _program(package: str, program: str, *serves: str) -> Package:
    return Package(package, lambda: find_program(program) is not None, frozenset(serves))


PACKAGES = (
    _program("chromium", "chromium", "browser"),
    Package("libatomic1", lambda: has_library("libatomic.so.1"), frozenset({"browser"})),
    _program("postgresql", "initdb", "postgres"),
    _program("redis-server", "redis-server", "redis"),
    _program("poppler-utils", "pdftotext", "pdf text"),
)


def missing_packages() -> list[Package]:
    return [package for package in PACKAGES if not package.is_present()]


def privilege() -> list[str] | None:
    """The prefix with which apt-get may be called; None when this user may not install."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


@contextmanager
def services_stay_off(prefix: list[str]) -> Iterator[None]:
    """Keep freshly installed PostgreSQL and Redis from starting: tests bring up their own."""
    if NO_START.exists():
        yield
        return
    try:
        script = "printf '#!/bin/sh\\nexit 101\\n' > $1 && chmod 755 $1"
        subprocess.run([*prefix, "sh", "-c", script, "sh", str(NO_START)], check=False)
        yield
    finally:
        subprocess.run([*prefix, "rm", "-f", str(NO_START)], check=False)


def install(packages: list[Package], log: Path) -> bool:
    """Install by apt-get, everything it says into `log`; False when that was not possible."""
    prefix = privilege()
    if prefix is None:
        return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-o", "DPkg::Lock::Timeout=300"]
    wanted = ["install", "--no-install-recommends", *(package.name for package in packages)]
    with log.open("w") as out, services_stay_off(prefix):
        for arguments in (["update"], wanted):
            done = subprocess.run(
                [*apt, *arguments], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )
            if done.returncode:
                return False
    return True
