"""What a page costs in a national network: latency, CPU against a bare Flask page of the same run, SQL statements.

    python -m bench.bench_pages [--companies 10000] [--requests 200]

The database is a fresh SQLite file, or the one that DATABASE_URL names (it must be empty). The ratio is CPU time of this
process per request (our page ÷ a bare Flask page that answers a fixed string), both through the same test client.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask, url_for
from flask.testing import FlaskClient

from bench import national_network
from portal.accounts.enums import Role
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.wiring import create_app
from tests.support.people import open_session, staff
from tests.support.settings import settings_for
from tests.support.sql import count_sql

AIM = 12
PAGES = (
    ("companies", "accounts_staff.list_organisations"),
    ("applications", "membership_staff.list_applications"),
    ("invoices", "billing_staff.list_invoices"),
    ("members", "membership_staff.list_members"),
    ("people", "accounts_staff.list_people"),
    ("office home", "home_staff.show_office"),
    ("public tiers", "membership.list_tiers"),
)


def bare_client() -> FlaskClient:
    """The baseline: Flask, one route, a fixed answer."""
    app = Flask("bare")
    app.add_url_rule("/", "hello", lambda: "<p>Hello</p>")
    return app.test_client()


def measure(client: FlaskClient, url: str, requests: int) -> tuple[list[float], float]:
    """Milliseconds of each request, and CPU microseconds per request."""
    for _ in range(20):
        client.get(url)
    latencies = []
    cpu = time.process_time()
    for _ in range(requests):
        began = time.perf_counter()
        answer = client.get(url)
        latencies.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (url, answer.status_code)
    return latencies, (time.process_time() - cpu) / requests * 1e6


def signed_in(app: Flask) -> FlaskClient:
    """A browser of somebody of the office."""
    client = app.test_client()
    with app.app_context():
        token = open_session(staff(Role.SECRETARIAT, Role.ADMINISTRATOR))
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def report(app: Flask, requests: int) -> None:
    """Measure all pages and print a line for each, next to the baseline of the same minute."""
    client, bare = signed_in(app), bare_client()
    print(f"{'page':14}{'p50 ms':>9}{'p95 ms':>9}{'CPU µs':>9}{'bare µs':>9}{'ratio':>8}{'SQL':>5}")
    for name, endpoint in PAGES:
        with app.test_request_context():
            url = url_for(endpoint)
        _, base = measure(bare, "/", requests * 5)
        latencies, cpu = measure(client, url, requests)
        with app.app_context(), count_sql() as statements:
            client.get(url)
        cuts = statistics.quantiles(latencies, n=20)
        print(
            f"{name:14}{statistics.median(latencies):9.2f}{cuts[18]:9.2f}{cpu:9.0f}{base:9.0f}"
            f"{cpu / base:8.1f}{len(statements):5}"
        )
    print(f"aim: ratio at most {AIM}, at most 8 statements")


def main() -> None:
    """Load the network, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--companies", type=int, default=national_network.COMPANIES)
    arguments.add_argument("--requests", type=int, default=200)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{Path(folder) / 'network.db'}"
        app = create_app(settings_for(url))
        with app.app_context():
            with transaction():
                db.create_all()
            seconds = national_network.load(given.companies)
            print(
                f"loaded {given.companies} companies, {given.companies * 10} people in {seconds:.0f} s ({db.engine.name})"
            )
            rollback()
        report(app, given.requests)


if __name__ == "__main__":
    main()
