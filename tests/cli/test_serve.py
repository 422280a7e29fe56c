"""Both ports of the demo are ours before anything is loaded."""

from __future__ import annotations

import socket

import click
import pytest

from portal.cli.serve import ports_held

HOST = "127.0.0.1"


def two_free() -> tuple[int, int]:
    """Neighbours that nobody has."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind((HOST, 0))
            port: int = first.getsockname()[1]
            try:
                second.bind((HOST, port + 1))
            except OSError:
                continue
            return port, port + 1


def test_a_taken_neighbour_is_named_in_one_sentence() -> None:
    ports = two_free()
    with socket.socket() as other:
        other.bind((HOST, ports[1]))
        other.listen(1)
        with (
            pytest.raises(click.ClickException, match=f"port {ports[1]} is in use") as refused,
            ports_held(HOST, ports),
        ):
            pass
    assert "\n" not in refused.value.message


def test_while_one_makes_ready_a_second_is_refused() -> None:
    ports = two_free()
    with ports_held(HOST, ports), pytest.raises(click.ClickException), ports_held(HOST, ports[1:]):
        pass
    with ports_held(HOST, ports):
        pass
