"""A PostgreSQL and a Redis of our own: private sockets in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.tools.packages import find_program

# A test cluster may lose everything at a crash; in return it never waits for the disk.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
)
STARTS_WITHIN_SECONDS = 30.0


class NotStarted(RuntimeError):
    """A server did not come up; the message ends with the last lines of its log."""


@contextmanager
def temporary_folder(owner: str | None = None) -> Iterator[Path]:
    """A short-named folder (socket paths end at 107 bytes), removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="renkei-", dir="/tmp"))  # noqa: S108
    if owner:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_user() -> str | None:
    """PostgreSQL refuses to run as root: then Debian's own user runs it."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


def _program(name: str) -> str:
    found = find_program(name)
    if found is None:
        raise NotStarted(f"{name} is not installed")
    return found


@contextmanager
def _running(
    command: list[str], ready: Path, *, user: str | None, stop: signal.Signals, log: Path
) -> Iterator[None]:
    """Run a server in its own session, so that Ctrl-C reaches it through us alone."""
    with log.open("w") as out:
        server = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            **_identity(user),
        )
    try:
        _wait_for(ready, server, log)
        yield
    finally:
        server.send_signal(stop)
        with suppress(subprocess.TimeoutExpired):
            server.wait(15)
        server.kill()
        server.wait()


def _wait_for(ready: Path, server: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN_SECONDS
    while not ready.exists():
        if server.poll() is not None or time.monotonic() > ends:
            raise NotStarted(f"A test server did not start:\n{log.read_text()[-1500:]}")
        time.sleep(0.05)


def _identity(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def _make_cluster(data: Path, user: str | None) -> None:
    settings = ["-U", "renkei", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [_program("initdb"), "-D", str(data), *settings],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        **_identity(user),
    )
    if made.returncode:
        raise NotStarted(f"initdb failed:\n{made.stderr[-1500:]}")


@contextmanager
def postgres() -> Iterator[str]:
    """Yields the SQLAlchemy URL of a new server on a Unix socket; its user may make databases."""
    user = _postgres_user()
    with temporary_folder(user) as folder:
        _make_cluster(folder / "data", user)
        options = [
            f"-c{setting}" for setting in (*FAST, "listen_addresses=", f"unix_socket_directories={folder}")
        ]
        command = [_program("postgres"), "-D", f"{folder}/data", *options]
        with _running(command, folder / ".s.PGSQL.5432", user=user, stop=signal.SIGINT, log=folder / "log"):
            yield f"postgresql+psycopg://renkei@/postgres?host={folder}"


@contextmanager
def redis() -> Iterator[str]:
    """Yields the URL of an empty Redis that keeps nothing, on a Unix socket."""
    with temporary_folder() as folder:
        socket = folder / "redis.sock"
        command = [
            _program("redis-server"),
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--save",
            "",
            "--dir",
            str(folder),
        ]
        with _running(command, socket, user=None, stop=signal.SIGTERM, log=folder / "log"):
            yield f"unix://{socket}"
