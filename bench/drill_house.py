"""The portal as it is served: gunicorn with two processes of four threads, a worker, a database, a mail server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests
from flask import Flask

from portal.accounts.enums import Role
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.gateways.stripe_standin import StandIn
from portal.settings import Settings
from portal.wiring import create_app
from tests.support.billing import bill, fee, issuer
from tests.support.people import company, open_session, staff
from tests.support.smtp import MailServer

ROOT = Path(__file__).resolve().parent.parent
SECRET = "whsec_for_drills_alone"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@dataclass
class House:
    """Everything of one drill. `folder` holds database file and queue, `temporary` is TMPDIR of the processes."""

    folder: Path
    temporary: Path
    database_url: str
    mail: MailServer
    provider: StandIn
    mutant: str = ""
    redis_url: str = ""
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> Path:
        return ROOT / ".test" / f"drill-clock-{self.port}"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "RENKEI_MODE": "demo",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "QUEUE_PATH": str(self.folder / "queue.db"),
            "SECRET_KEY": "drills sign nothing of value, but long enough",
            "PUBLIC_URL": self.url,
            "MAIL_FROM": "office@renkei.example",
            "SMTP_URL": self.mail.url,
            "STRIPE_SECRET_KEY": "sk_test_stand_in",
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": self.provider.url,
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(self.temporary),
            "DRILL_CLOCK": str(self.clock),
            "DRILL_MUTANT": self.mutant,
        }

    def __enter__(self) -> House:
        self.clock.parent.mkdir(exist_ok=True)
        self.clock.write_text("0")
        self.app: Flask = create_app(Settings.from_environment(self.environment()))
        with self.app.app_context():
            with transaction():
                db.create_all()
            self._furnish()
        self._start()
        return self

    def __exit__(self, *_raised: object) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.log.close()
        self.clock.unlink(missing_ok=True)

    def _furnish(self) -> None:
        issuer()
        buyer = company()
        self.invoice_id = bill(buyer, fee(90_000_000)).id
        self.cookies = {
            "ja": self._cookie(open_session(staff(Role.SECRETARIAT, language="ja")), "ja"),
            "en": self._cookie(open_session(staff(Role.SECRETARIAT, language="en")), "en"),
        }
        rollback()
        db.session.remove()

    def _cookie(self, token: str, language: str) -> str:
        with self.app.test_client() as browser, self.app.test_request_context():
            with browser.session_transaction() as visit:
                visit.update({"_user_id": token, "_fresh": True, "language": language})
            cookie = browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            return f"{cookie.key}={cookie.value}"

    def _start(self) -> None:
        python, environment = sys.executable, self.environment()
        self.log = (ROOT / ".test" / f"drill-{self.port}.log").open("wb")
        web = [
            python, "-m", "gunicorn", "bench.drill_parts:build()", "--bind", f"127.0.0.1:{self.port}", "--worker-class",
            "gthread", "--workers", "2", "--threads", "4", "--timeout", "60", "--log-level", "warning",
            "--logger-class", "portal.core.json_lines.WebServerLog", "--no-control-socket",
        ]  # fmt: skip
        for name, command in (("web", web), ("worker", [python, "-m", "bench.drill_parts"])):
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log
            )
        for _ in range(200):
            try:
                if requests.get(f"{self.url}/healthz", timeout=1).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise TimeoutError("the web server does not come up")

    def died(self) -> list[str]:
        """Which of our processes ended, though nobody asked them to."""
        return [name for name, process in self.processes.items() if process.poll() is not None]
