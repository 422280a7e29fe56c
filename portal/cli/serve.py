"""Serve the portal: web server and worker, in the demo the payment stand-in too, all stopped together."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

from portal.cli.schema import migrate_database
from portal.settings import INSTANCE, Mode

GRACE_SECONDS = 20
WEB_SERVER_LOG = "portal.core.json_lines.WebServerLog"


@click.command()
@click.option(
    "--demo", is_flag=True, help="Invented data, one-click sign-in, stand-ins for mail and payments."
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65534))
@click.option("--workers", default=2, show_default=True, help="Web processes, of four threads each.")
def serve(demo: bool, host: str, port: int, workers: int) -> None:
    """Migrate, then run the web server and one worker until Ctrl-C."""
    if demo:
        os.environ.update(demo_environment(host, port))
    with ports_held(host, (port, port + 1) if demo else (port,)):
        migrate_database()
        if demo:
            _load_demo()
    commands = _commands(demo, host, port, workers)
    raise SystemExit(_run_together(commands, lambda: _announce(demo, host, port)))


def demo_environment(host: str, port: int) -> dict[str, str]:
    """Settings of the demo; what the environment already says comes first."""
    payment_page = f"http://{host}:{port + 1}"
    ours = {
        "RENKEI_MODE": Mode.DEMO.value,
        "PUBLIC_URL": f"http://{host}:{port}",
        "SECRET_KEY": _kept_secret(),
        "MAIL_FROM": "医療データ科学コンソーシアム事務局 <office@renkei.example>",
        "CONTACT_ADDRESS": "office@renkei.example",
        "CONSORTIUM_NAME_JA": "医療データ科学コンソーシアム",
        "CONSORTIUM_NAME_EN": "Medical Data Science Consortium",
        "STRIPE_SECRET_KEY": "sk_test_demo",
        "STRIPE_WEBHOOK_SECRET": "whsec_demo",
        "STRIPE_API_BASE": payment_page,
        "CHECKOUT_ORIGINS": payment_page,
        "LOG_LEVEL": "WARNING",
    }
    return {name: os.environ.get(name, value) for name, value in ours.items()} | {
        "RENKEI_MODE": Mode.DEMO.value
    }


def _kept_secret() -> str:
    """The demo's cookie key: made once, readable by the owner alone."""
    INSTANCE.mkdir(exist_ok=True)
    path = INSTANCE / "demo-secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


@contextmanager
def ports_held(host: str, ports: Sequence[int]) -> Iterator[None]:
    """Nobody else gets them while we make ready: a second demo that is started meanwhile is refused at once."""
    held: list[socket.socket] = []
    try:
        for port in ports:
            held.append(_hold(host, port, ports))
        yield
    finally:
        for each in held:
            each.close()


def _hold(host: str, port: int, ports: Sequence[int]) -> socket.socket:
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host, port))
        probe.listen(1)  # bound alone it could be bound again
    except OSError:
        probe.close()
        needed = " and ".join(str(each) for each in ports)
        free = f"choose another: make serve PORT={ports[0] + 10}"
        raise click.ClickException(f"port {port} is in use, and {needed} must be free; {free}") from None
    return probe


def _load_demo() -> None:
    from portal.cli.demo import load
    from portal.wiring import create_app

    app = create_app()
    with app.app_context():
        load()


def _commands(demo: bool, host: str, port: int, workers: int) -> dict[str, list[str]]:
    python = sys.executable
    commands = {
        "web": [
            python, "-m", "gunicorn", "portal.wiring.wsgi:app", "--bind", f"{host}:{port}", "--worker-class", "gthread",
            "--workers", str(workers), "--threads", "4", "--graceful-timeout", "15", "--timeout", "60",
            "--log-level", "warning", "--logger-class", WEB_SERVER_LOG, "--no-control-socket",
        ],
        "worker": [python, "-m", "portal", "worker"],
    }  # fmt: skip
    if demo:
        commands["payments"] = [
            python, "-m", "portal.gateways.stripe_standin", "--host", host, "--port", str(port + 1),
            "--state", str(INSTANCE / "payments.db"),
            "--webhook-url", f"http://{host}:{port}/billing/webhooks/stripe",
            "--webhook-secret", os.environ["STRIPE_WEBHOOK_SECRET"],
        ]  # fmt: skip
    return commands


def _run_together(commands: Mapping[str, list[str]], announce: object) -> int:
    """Run all until one ends or a signal comes; then stop all. 0 when asked to stop."""
    asked = False

    def ask(signum: int, frame: object) -> None:
        nonlocal asked
        asked = True

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    # A session of their own: Ctrl-C reaches us alone, and we stop them in order.
    running = {name: subprocess.Popen(command, start_new_session=True) for name, command in commands.items()}
    try:
        if callable(announce):
            announce()
        while not asked and all(process.poll() is None for process in running.values()):
            time.sleep(0.2)
        ended = [name for name, process in running.items() if process.poll() is not None]
        if ended and not asked:
            click.echo(f"{', '.join(ended)} ended; stopping the rest.", err=True)
        return 0 if asked else 1
    finally:
        _stop(running)


def _stop(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        if process.poll() is None:
            process.send_signal(signal.SIGINT if "worker" in process.args else signal.SIGTERM)  # type: ignore[operator]
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()


def _announce(demo: bool, host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    if not _answers(host, port):
        click.echo("The web server does not answer yet; see the lines above.", err=True)
        return
    click.echo(f"\n  Renkei is at {address}")
    if demo:
        from portal.cli.demo import sign_ins

        click.echo("  Demo sign-ins (one click on the sign-in page, no password):")
        for role, name, address_of in sign_ins():
            click.echo(f"    {_padded(role, 28)} {_padded(name, 14)} {address_of}")
        click.echo(f"  Every mail that is sent: {address}/demo/mailbox")
    click.echo("  Ctrl-C stops it.\n")


def _padded(text: str, columns: int) -> str:
    """Text filled up to a width at which Japanese letters count two."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, columns - taken)


def _answers(host: str, port: int) -> bool:
    """Whether the web server is alive within ten seconds."""
    for _ in range(100):
        connection = http.client.HTTPConnection(host, port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return False
