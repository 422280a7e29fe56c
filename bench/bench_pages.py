"""What a page costs in a national network: latency, CPU against a bare Flask page of the same run, SQL statements.

    python -m bench.bench_pages [--companies 10000] [--requests 200]

The database is a fresh SQLite file, or the one that DATABASE_URL names (it must be empty). The ratio is CPU time of this
process per request (our page ÷ a bare Flask page that answers a fixed string), both through the same test client. Each
page is measured in several rounds, each beside the bare page of the same moment; the median round counts, for other work
on the machine costs caches, which are CPU time too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, url_for
from flask.testing import FlaskClient

from bench import national_network
from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.wiring import create_app
from tests.support import billing
from tests.support.people import browser_of, staff
from tests.support.settings import settings_for
from tests.support.sql import count_sql

AIM = 12
ROUNDS = 5
OFFICE_PAGES = (
    ("companies", "accounts_staff.list_organisations"),
    ("applications", "membership_staff.list_applications"),
    ("invoices", "billing_staff.list_invoices"),
    ("members", "membership_staff.list_members"),
    ("people", "accounts_staff.list_people"),
    ("office home", "home_staff.show_office"),
)
COMPANY_PAGES = (
    ("company home", "home.show_home"),
    ("its invoices", "billing.list_invoices"),
    ("its invoice", "billing.show_invoice"),
)
PUBLIC_PAGES = (("public tiers", "membership.list_tiers"),)


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


@dataclass(frozen=True)
class Page:
    """A page to measure, in the browser of somebody who may open it."""

    name: str
    url: str
    client: FlaskClient


def pages(app: Flask) -> Iterator[Page]:
    """The office's, the company's (the first one, with an invoice of its own) and the public pages."""
    with app.app_context():
        office = browser_of(app, staff(Role.SECRETARIAT, Role.ADMINISTRATOR))
        company = browser_of(app, db.session.get_one(Person, 1))
        rollback()
        billing.issuer()
        invoice = billing.bill(db.session.get_one(Organisation, 1)).id
        rollback()
    for client, found in (
        (office, OFFICE_PAGES),
        (company, COMPANY_PAGES),
        (app.test_client(), PUBLIC_PAGES),
    ):
        for name, endpoint in found:
            with app.test_request_context():
                values = {"invoice_id": invoice} if endpoint == "billing.show_invoice" else {}
                yield Page(name, url_for(endpoint, **values), client)


def report(app: Flask, requests: int) -> None:
    """Measure all pages and print a line for each, next to the baseline of the same moment."""
    bare = bare_client()
    print(f"{'page':14}{'p50 ms':>9}{'p95 ms':>9}{'CPU µs':>9}{'bare µs':>9}{'ratio':>8}{'SQL':>5}")
    for each in pages(app):
        rounds, latencies = [], []
        for _ in range(ROUNDS):
            _, base = measure(bare, "/", requests)
            taken, cpu = measure(each.client, each.url, max(20, requests // ROUNDS))
            rounds.append((cpu / base, cpu, base))
            latencies += taken
        ratio, cpu, base = sorted(rounds)[ROUNDS // 2]
        with app.app_context(), count_sql() as statements:
            each.client.get(each.url)
        cuts = statistics.quantiles(latencies, n=20)
        print(
            f"{each.name:14}{statistics.median(latencies):9.2f}{cuts[18]:9.2f}{cpu:9.0f}{base:9.0f}"
            f"{ratio:8.1f}{len(statements):5}"
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
