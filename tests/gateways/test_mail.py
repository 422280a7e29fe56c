"""A mail server in bad weather: away, silent, gone in the middle, wanting us back later, rude at the end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from portal.gateways import mail as gateway
from portal.gateways.mail import MailRefused, OutgoingMail, SmtpMail
from tests.support.smtp import MailServer, Weather

MAIL = OutgoingMail(
    "office@renkei.example", "a@example.jp", "件名", "本文", "<p>本文</p>", "<1@renkei.example>"
)


@contextmanager
def server(weather: Weather) -> Iterator[MailServer]:
    with MailServer() as opened:
        opened.weather = weather
        yield opened


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.3)


def test_fair_weather_takes_the_mail_once() -> None:
    with server(Weather.FAIR) as there:
        SmtpMail(there.url).send(MAIL)
        assert there.taken == ["<1@renkei.example>"]


@pytest.mark.parametrize("weather", [Weather.SILENT, Weather.GONE_IN_DATA, Weather.CLOSING])
def test_a_server_that_is_away_is_an_os_error(weather: Weather) -> None:
    """As the jobs understand it: they knock until somebody is there."""
    with server(weather) as there, pytest.raises(OSError):
        SmtpMail(there.url).send(MAIL)
    assert there.taken == []


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        SmtpMail(f"smtp://127.0.0.1:{port}").send(MAIL)


def test_greylisting_concerns_this_mail_alone() -> None:
    with server(Weather.LATER) as there:
        with pytest.raises(MailRefused, match="450"):
            SmtpMail(there.url).send(MAIL)
        SmtpMail(there.url).send(MAIL)
        assert there.taken == ["<1@renkei.example>"]


def test_a_rude_farewell_sends_nothing_twice() -> None:
    """The mail was taken, then QUIT was answered by an error. Mutant: smtplib's own `with`, which raises."""
    with server(Weather.RUDE) as there:
        SmtpMail(there.url).send(MAIL)
        assert there.taken == ["<1@renkei.example>"]
    assert threading.active_count() < 20
