"""`python -m portal.gateways.stripe_standin --port 8420 --state FILE --webhook-url URL --webhook-secret SECRET`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from portal.gateways.stripe_standin.server import StandIn


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments().parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with StandIn(
        state=given.state,
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        host=given.host,
        port=given.port,
        public_url=given.public_url,
    ) as stand_in:
        sys.stdout.write(f"Stand-in for Stripe (no real money): {stand_in.url}\n")
        sys.stdout.flush()
        stopped.wait()
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stripe_standin", description="A stand-in for Stripe: no real money."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 chooses a free one")
    parser.add_argument("--state", default=":memory:", help="SQLite file that outlives the process")
    parser.add_argument(
        "--public-url", default="", help="address under which browsers reach the checkout page"
    )
    parser.add_argument("--webhook-url", help="where events are sent; kept in the state file")
    parser.add_argument(
        "--webhook-secret",
        default=os.environ.get("STRIPE_WEBHOOK_SECRET"),
        help="signs events (or STRIPE_WEBHOOK_SECRET); kept in the state file",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
