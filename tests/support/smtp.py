"""A mail server of a few lines, on loopback, with weather."""

from __future__ import annotations

import re
import socketserver
import threading
import time
from contextlib import suppress
from enum import StrEnum
from types import TracebackType


class Weather(StrEnum):
    """What becomes of who connects."""

    FAIR = "fair"
    SILENT = "silent"  # takes the connection and never says a word
    CLOSING = "closing"  # 421
    GONE_IN_DATA = "gone in data"
    LATER = "later"  # greylisting: 450 the first time that it sees a mail's recipient
    RUDE = "rude"  # takes the mail and answers QUIT by an error


class MailServer:
    """`url` for SMTP_URL, `taken` the Message-IDs of accepted mails in their order; set `weather` at any time."""

    def __init__(self) -> None:
        self.weather = Weather.FAIR
        self.taken: list[str] = []
        self.seen: set[str] = set()
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.house = self
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def leave(self) -> None:
        """Nobody is there until `come_back`; who connects is refused."""
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        """At the same address."""
        self._server = _Server(self._server.server_address, _Talk)  # type: ignore[arg-type]
        self._server.house = self
        self.__enter__()

    def __enter__(self) -> MailServer:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.weather = Weather.FAIR
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    house: MailServer


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):  # the other side went first
            self._talk(self.server.house)

    def _talk(self, house: MailServer) -> None:
        weather = house.weather
        while weather is Weather.SILENT and house.weather is Weather.SILENT:
            time.sleep(0.05)
        if weather in (Weather.SILENT, Weather.CLOSING):
            return self._say("421 closing")
        self._say("220 ready")
        while line := self.rfile.readline().decode("ascii", "replace").strip():
            word = line.split(" ")[0].upper()
            if word == "RCPT" and weather is Weather.LATER and line not in house.seen:
                house.seen.add(line)
                self._say("450 greylisted, come again")
            elif word == "DATA":
                self._say("354 go on")
                if weather is Weather.GONE_IN_DATA:
                    self.rfile.readline()
                    return
                self._take(house)
            elif word == "QUIT":
                return self._say("500 what?" if weather is Weather.RUDE else "221 bye")
            else:
                self._say("250 fine")

    def _take(self, house: MailServer) -> None:
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line
        found = re.search(rb"^Message-ID: (\S+)", text, re.MULTILINE | re.IGNORECASE)
        house.taken.append(found[1].decode() if found else "?")
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
