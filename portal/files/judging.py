"""Judge what people hand in, in bounded time.

Pictures and Office files are bounded by their shape. Of a PDF nobody can say beforehand how long its parser takes (some
kilobytes can ask for minutes), so it is parsed in a process of its own, which has so much time and memory and no secrets.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from threading import BoundedSemaphore

from portal.files.kinds import FileKind, FileProblem, Inspected, Unfit, look_at, parse

CPU_SECONDS = 10
WALL_SECONDS = 12  # a thread of the web server is held no longer
WAIT_SECONDS = 2
MOST_MEMORY = 1 << 30
FIT = "fit"
_KEPT_SETTINGS = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")
_turns = BoundedSemaphore(
    2
)  # of this web process: fewer than its threads, so that others' pages always find one


def judge(content: bytes, name: str, allowed: tuple[FileKind, ...] = tuple(FileKind)) -> Inspected:
    """Judge a file by name and bytes. Raises Unfit. Call it while no transaction is open."""
    found = look_at(content, name, allowed)
    if found.kind is FileKind.PDF:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise Unfit(FileProblem.BUSY)
        try:
            _parse_apart(content)
        finally:
            _turns.release()
    else:
        parse(content, found.kind)
    return found


def _parse_apart(content: bytes) -> None:
    command = [sys.executable, "-m", "portal.files.judging", str(CPU_SECONDS)]
    settings = {name: os.environ[name] for name in _KEPT_SETTINGS if name in os.environ}
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=WALL_SECONDS, env=settings, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unfit(FileProblem.TOO_INTRICATE) from error
    said = done.stdout.decode("ascii", "replace")
    if said != FIT:  # who was stopped on the way has said nothing
        raise Unfit(FileProblem(said) if said else FileProblem.TOO_INTRICATE)


def main() -> None:
    """In the process apart: the PDF comes in, one word goes out."""
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # pipes are no files
    os.nice(10)
    try:
        parse(sys.stdin.buffer.read(), FileKind.PDF)
        said = FIT
    except Unfit as unfit:
        said = unfit.problem.value
    sys.stdout.write(said)


if __name__ == "__main__":
    main()
