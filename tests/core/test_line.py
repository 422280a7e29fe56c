"""Writers in line: who came first goes first, and nobody who is dead, frozen or without a right to the file holds up the others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.core import line
from portal.core.line import wait_in_line

PATIENCE = 10.0


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "portal.db-line")


def order_of_entry(place: str, writers: int) -> list[int]:
    """They come one after the other while the door is locked; then it opens, for one at a time."""
    door, entered = threading.Lock(), list[int]()
    door.acquire()

    def write(number: int) -> None:
        assert wait_in_line(place, lambda: door.acquire(blocking=False), patience=PATIENCE)
        entered.append(number)
        time.sleep(0.002)
        door.release()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    door.release()
    for thread in threads:
        thread.join()
    return entered


def test_who_came_first_goes_first(place: str) -> None:
    assert order_of_entry(place, 25) == list(range(25))


def test_a_line_that_nobody_minds_is_caught(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: all ask at once."""
    monkeypatch.setattr(line, "_ahead", lambda file, number: 0)
    assert order_of_entry(place, 25) != list(range(25))


@contextmanager
def another_in_line(place: str, then: Callable[[int], None]) -> Iterator[None]:
    """A process that waits in line for what never comes, and what befalls it there."""
    drawn, draws = os.pipe()
    child = os.fork()
    if not child:
        wait_in_line(place, lambda: not os.write(draws, b"."), patience=60)
        os._exit(0)
    try:
        os.read(drawn, 1)
        then(child)
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(drawn)
        os.close(draws)


def seconds_to_enter(place: str) -> float:
    begun = time.monotonic()
    assert wait_in_line(place, lambda: True, patience=PATIENCE)
    return time.monotonic() - begun


def test_others_are_waited_for_but_not_for_ever(place: str) -> None:
    """Somebody stands at the head of the line and does not move: whoever has waited a while asks all the same."""
    with another_in_line(place, lambda child: os.kill(child, signal.SIGSTOP)):
        assert line.FROZEN <= seconds_to_enter(place) < line.FROZEN + 1


def test_the_dead_hold_up_nobody(place: str) -> None:
    def die(child: int) -> None:
        os.kill(child, signal.SIGKILL)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)

    with another_in_line(place, die):
        assert seconds_to_enter(place) < 0.5


def test_it_ends_when_patience_ends_and_the_door_was_tried(place: str) -> None:
    tried: list[float] = []

    def knock() -> bool:
        tried.append(time.monotonic())
        return False

    begun = time.monotonic()
    with another_in_line(place, lambda child: None):
        assert not wait_in_line(place, knock, patience=0.2)
    assert tried
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("nowhere", ["", "/nowhere/portal.db-line", "/dev/null/line"])
def test_without_a_line_writers_get_in_all_the_same(nowhere: str) -> None:
    assert wait_in_line(nowhere, lambda: True, patience=1)


def test_a_disk_without_room_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wait_in_line("/dev/full", lambda: True, patience=1)
