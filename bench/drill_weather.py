"""What befalls the house: disks fill up, servers go away, clocks jump. Each is a context manager; at its end all is well again."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.engine import make_url

from bench.drill_house import House
from tests.support.smtp import Weather
from tests.tools.servers import _identity, _make_cluster, _postgres_user, _program


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own in memory; needs root. Raises PermissionError."""
    place.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise PermissionError(done.stderr.decode().strip())
    try:
        yield place
    finally:  # our own process may still hold files of it: it goes when they are closed
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Not a byte is left."""
    filler = place / "filler"
    try:
        with filler.open("wb", buffering=0) as out:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        out.write(b"x" * size)
        yield
    finally:
        filler.unlink()


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Somebody else writes to SQLite, and goes on for longer than we wait."""
    other = sqlite.connect(str(make_url(house.database_url).database), isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def mail(house: House, weather: Weather) -> Iterator[None]:
    house.mail.weather = weather
    try:
        yield
    finally:
        house.mail.weather = Weather.FAIR


@contextmanager
def no_mail_server(house: House) -> Iterator[None]:
    """Refused at the door."""
    house.mail.leave()
    try:
        yield
    finally:
        house.mail.come_back()


@contextmanager
def jumping_clock(house: House, seconds: float) -> Iterator[None]:
    """Two hours ahead, right, two hours behind, right, and again."""
    jumps = (7200, 0, -7200, 0, 7200, -7200)
    try:
        for jump in jumps:
            house.clock.write_text(str(jump))
            time.sleep(seconds / len(jumps))
        yield
    finally:
        house.clock.write_text("0")


class Postgres:
    """A PostgreSQL whose disk may be small, that waits for its disk as in service, and that can be stopped in its tracks."""

    def __init__(self, place: Path) -> None:
        self.place, self.user = place, _postgres_user()
        subprocess.run(["chown", self.user or "root", str(place)], check=True)
        _make_cluster(place / "data", self.user)
        self.url = f"postgresql+psycopg://renkei@/postgres?host={place}"
        self.start()

    def start(self) -> None:
        settings = ["max_connections=60", "shared_buffers=32MB", "max_wal_size=64MB", "min_wal_size=32MB", "listen_addresses=", f"unix_socket_directories={self.place}"]  # fmt: skip
        command = [_program("postgres"), "-D", f"{self.place}/data", *[f"-c{each}" for each in settings]]
        quiet = subprocess.DEVNULL
        self.server = subprocess.Popen(
            command,
            stdout=quiet,
            stderr=quiet,
            stdin=quiet,
            start_new_session=True,
            cwd="/",
            **_identity(self.user),
        )
        for _ in range(100):
            if (self.place / ".s.PGSQL.5432").exists():
                return
            time.sleep(0.1)

    def stop(self, how: signal.Signals) -> None:
        self.server.send_signal(how)
        self.server.wait(30)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Immediate: nobody is told, nothing is written down."""
        self.stop(signal.SIGQUIT)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It takes connections and answers nothing."""
        group = os.getpgid(self.server.pid)
        os.killpg(group, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(group, signal.SIGCONT)

    @contextmanager
    def full(self) -> Iterator[None]:
        with full(self.place):
            yield
        if self.server.poll() is not None:  # it gave up meanwhile: its own service manager would start it
            self.start()


class Redis:
    """A Redis on loopback that forgets everything when it is killed."""

    def __init__(self, port: int) -> None:
        self.port, self.url = port, f"redis://127.0.0.1:{port}/0"
        self.start()

    def start(self) -> None:
        command = [_program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"]  # fmt: skip
        quiet = subprocess.DEVNULL
        self.server = subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)
        time.sleep(0.5)

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        self.server.send_signal(how)
        self.server.wait(10)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """The jobs that it carried are lost with it; their rows are not."""
        self.stop()
        try:
            yield
        finally:
            self.start()
