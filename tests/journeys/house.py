"""The portal as `make serve` runs it, on free ports, with its data in a folder of its own."""

from __future__ import annotations

import ctypes
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from portal.settings import ROOT, Settings

STARTS_WITHIN_SECONDS = 240.0  # the demo tells a year on two busy cores
STOPS_WITHIN_SECONDS = 25.0
PARTS = 3  # web server, worker, payment page


class NotServing(RuntimeError):
    """The portal did not come up, or did not stop; the message ends with what it printed."""


def free_pair() -> int:
    """A port that is free together with the next one, where the payment page goes.

    Below the range from which the system takes ports for outgoing connections: both are free again after a restart.
    """
    for _ in range(50):
        port = random.randrange(20_000, 32_000, 2)
        if is_free(port) and is_free(port + 1):
            return port
    raise NotServing("no two free ports side by side")


def is_free(port: int) -> bool:
    """Whether nobody holds a port."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def own_environment(folder: Path) -> dict[str, str]:
    """This process's environment, without the settings of a portal that the user may run, and data in `folder`."""
    ours = {f.metadata.get("variable") for f in Settings.__dataclass_fields__.values()}
    kept = {name: value for name, value in os.environ.items() if name not in ours | {"RENKEI_MODE"}}
    return kept | {"INSTANCE_PATH": str(folder), "PYTHONUNBUFFERED": "1"}


class House:
    """`start`, look around at `url`, `stop`; the folder keeps what happened."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_pair()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.seconds_to_start = 0.0

    def start(self) -> None:
        """Serve the demonstration; returns when it is ready. Raises NotServing."""
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal", "serve", "--demo", "--port", str(self.port)],
                cwd=ROOT, env=own_environment(self.folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_end_with_parent,
            )  # fmt: skip
        while not (_answers(self.port, "/readyz") and _answers(self.port + 1, "/_standin/health")):
            if self._process.poll() is not None or time.monotonic() - began > STARTS_WITHIN_SECONDS:
                self._kill()
                raise NotServing(f"the portal did not start:\n{self.printed()}")
            time.sleep(0.1)
        self.seconds_to_start = time.monotonic() - began

    def processes(self) -> list[int]:
        """Numbers of the process that was started and of everything below it."""
        assert self._process is not None
        return [self._process.pid, *descendants(self._process.pid)]

    def stop(self) -> None:
        """Ctrl-C. Raises NotServing when it did not end well, or left a process behind."""
        if self._process is None:
            return
        family = self.processes()
        if len(set(family)) < 1 + PARTS:
            raise NotServing(f"{len(family)} processes, where {PARTS} parts should run:\n{self.printed()}")
        self._process.send_signal(signal.SIGINT)
        try:
            code = self._process.wait(STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._kill()
            raise NotServing(f"Ctrl-C did not stop it:\n{self.printed()}") from None
        self._process = None
        left = [number for number in family if is_alive(number)]
        if code != 0 or left:
            raise NotServing(f"ended with {code}, left {left}:\n{self.printed()}")

    def printed(self, most: int = 6000) -> str:
        """The end of what it printed."""
        return self._log.read_text("utf-8", "replace")[-most:] if self._log.exists() else ""

    def _kill(self) -> None:
        if self._process is None:
            return
        for number in reversed(self.processes()):
            if is_alive(number):
                os.kill(number, signal.SIGKILL)
        self._process.wait()
        self._process = None


def _end_with_parent() -> None:
    """Have the system send Ctrl-C when the test run is killed, so that no portal stays behind (prctl, Linux alone)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _parents() -> dict[int, int]:
    """The parent of every process."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # the name stands in brackets and may hold anything
                found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
    return found


def descendants(number: int) -> list[int]:
    """Children, their children, and so on."""
    parents = _parents()
    children = [child for child, parent in parents.items() if parent == number]
    return children + [below for child in children for below in descendants(child)]


def is_alive(number: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
