"""A line for SQLite's one writer: across processes and threads of a host, who came first goes first.

SQLite itself keeps no line: whoever asks in the right moment gets in, mostly the one who has just been in, and in a crowd
some wait for ever. Here each draws a number and keeps the byte of that number in a file beside the database locked while it
waits; nobody ahead means no lock on a byte before one's own. The kernel lets go of the locks of a process that dies. The line
orders only, SQLite's own lock is what keeps writers apart: where there is no line (no such locks, no right to the file, a full
disk, somebody frozen in it) writers get in without.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.050  # seconds between two looks of the first; of the last
EACH_AHEAD = 0.004  # looks so much seldomer for each ahead: the processor is for the one who is in
FROZEN = 2.0  # seconds in which the line has not moved, after which one asks all the same
_FLOCK = "hhqqi0q"  # struct flock: type, whence, start, length, pid
# Locks of an open file, not of a process; Linux has them.
_SET, _ASK = getattr(fcntl, "F_OFD_SETLK", 0), getattr(fcntl, "F_OFD_GETLK", 0)
CAN_LOCK = bool(_SET)


def wait_in_line(path: str, enter: Callable[[], bool], *, patience: float) -> bool:
    """Call `enter` once nobody is ahead, until it says True; False when that took more than `patience` seconds.

    `path` is the file of the line; empty means that there is none, and all ask at once.
    """
    begun = moved = time.monotonic()
    with _numbered(path, begun + patience / 2) as ahead:
        before = ahead()
        while True:
            last, before, now = before, ahead(), time.monotonic()
            moved = now if before != last else moved
            is_over = now - begun > patience
            if (not before or is_over or now - moved > FROZEN) and enter():
                return True
            if is_over:
                return False
            time.sleep(min(FIRST_PAUSE + EACH_AHEAD * before, LONGEST_PAUSE))


@contextmanager
def _numbered(path: str, until: float) -> Iterator[Callable[[], int]]:
    """A place in the line while inside; what it gives tells how many are ahead, about."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) if path and CAN_LOCK else None
    except OSError:
        file = None
    number = 0
    try:
        if file is not None:
            number = _draw(file, until)
        yield (lambda: _ahead(file, number)) if file is not None and number else (lambda: 0)
    finally:
        if file is not None:
            _lock(file, fcntl.F_UNLCK, 0, 0)  # a process forked meanwhile has the same open file
            os.close(file)


def _draw(file: int, until: float) -> int:
    """The next number, its byte locked; 0 when the file does not let us."""
    while not _lock(file, fcntl.F_WRLCK, 0, 1):
        if time.monotonic() > until:
            return 0
        time.sleep(FIRST_PAUSE)
    number = int.from_bytes(os.pread(file, 6, 0), "big") + 1
    try:
        os.pwrite(file, number.to_bytes(6, "big"), 0)
    except OSError:
        number = 0
    else:
        _lock(file, fcntl.F_WRLCK, number, 1)
    _lock(file, fcntl.F_UNLCK, 0, 1)
    return number


def _lock(file: int, kind: int, start: int, length: int) -> bool:
    try:
        fcntl.fcntl(file, _SET, struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0))
    except OSError:
        return False
    return True


def _ahead(file: int, number: int) -> int:
    """How far behind the first that still waits, 0 for the first."""
    if number < 2:
        return 0
    asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 1, number - 1, 0)
    try:
        answer = fcntl.fcntl(file, _ASK, asked)
    except OSError:
        return 0
    kind, _whence, first, _length, _pid = struct.unpack(_FLOCK, answer)
    return 0 if kind == fcntl.F_UNLCK else max(1, number - first)
