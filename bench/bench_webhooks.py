"""10,000 webhook deliveries, doubled and shuffled, under 8 × SIGKILL: what is lost and what is doubled.

    python -m bench.bench_webhooks [deliveries]

On SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server. Prints the figures; exits 1 unless all are nothing.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

from bench.webhook_storm import Figures, Plan, run
from tests.support.databases import open_database


def main() -> int:
    deliveries = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    servers = [""] + ([os.environ["TEST_DATABASE_URL"]] if os.environ.get("TEST_DATABASE_URL") else [])
    clean = True
    for server in servers:
        with tempfile.TemporaryDirectory() as folder, open_database(Path(folder), server) as database:
            figures = run(Plan(database_url=database.url, deliveries=deliveries))
        show("PostgreSQL" if server else "SQLite", figures)
        clean = clean and figures.is_clean
    if len(servers) == 1:
        print("PostgreSQL: skipped, TEST_DATABASE_URL is not set")
    return 0 if clean else 1


def show(name: str, figures: Figures) -> None:
    print(name)
    for each in fields(figures):
        value = getattr(figures, each.name)
        words = (
            f"{value:,.1f}"
            if isinstance(value, float)
            else value or "none"
            if each.name == "problems"
            else value
        )
        print(f"  {each.name.replace('_', ' '):18} {words}")


if __name__ == "__main__":
    sys.exit(main())
