"""Everything the stand-in remembers, in one SQLite file.

Objects, events, deliveries, idempotency keys and settings; one connection under one lock. A request is one
transaction, so what is answered is also kept.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import stripe

from portal.gateways.stripe_standin.refusals import missing
from portal.gateways.stripe_standin.skeletons import skeleton
from portal.gateways.stripe_standin.spec import API_VERSION

Body = dict[str, Any]
_ALPHABET = string.ascii_letters + string.digits
_KINDS = {
    "cus": "customer",
    "cs": "checkout.session",
    "pi": "payment_intent",
    "ch": "charge",
    "re": "refund",
    "dp": "dispute",
    "txn": "balance_transaction",
    "evt": "event",
    "ccsbtxn": "customer_cash_balance_transaction",
}
_FOREVER = 2**62
_BACKWARD = "SELECT body FROM objects WHERE kind = ? AND seq > ? AND seq < ? ORDER BY seq DESC"
_FORWARD = "SELECT body FROM objects WHERE kind = ? AND seq > ? AND seq < ? ORDER BY seq"
_TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (
    name TEXT PRIMARY KEY, asked TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, due_at REAL NOT NULL, status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, answer INTEGER, problem TEXT, sent_at REAL);
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (status, due_at);
"""


class State:
    """Objects by their names, and the events that tell of their changes."""

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.executescript(_TABLES)
        self.request: Mapping[str, str | None] = {"id": None, "idempotency_key": None}
        self.on_event: Callable[[str], None] = lambda event_id: None

    def close(self) -> None:
        """Close the file; nothing may follow."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, one at a time; inner ones join the outer one."""
        with self._lock:
            self._depth += 1
            if self._depth == 1:
                self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def now(self) -> int:
        """The stand-in's clock in seconds: the real one plus what tests have added."""
        return int(time.time() + self.setting("clock_offset", 0))

    def setting(self, name: str, default: Any = None) -> Any:
        """A remembered value."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return json.loads(found[0][0]) if found else default

    def remember(self, name: str, value: Any) -> None:
        """Keep a value across restarts."""
        self.rows("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def new_id(self, prefix: str, length: int = 24) -> str:
        """`pi_…`; unguessable as the provider's are."""
        return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))

    def find(self, name: str, *kinds: str, param: str = "id") -> Body:
        """One object; raises Refusal 404, also when it is of another kind."""
        found = self.rows("SELECT kind, body FROM objects WHERE id = ?", name)
        if not found or (kinds and found[0][0] not in kinds):
            raise missing(kinds[0] if kinds else self.kind_of(name), name, param=param)
        body: Body = json.loads(found[0][1])
        return body

    def kind_of(self, name: str) -> str:
        """The kind that a name's prefix stands for."""
        return _KINDS.get(name.partition("_")[0], "object")

    def save(self, body: Body) -> Body:
        """Insert or replace an object by its id."""
        self.rows(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            body["id"],
            body["object"],
            body["created"],
            json.dumps(body, ensure_ascii=False),
        )
        return body

    def scan(self, kind: str, *, older_than: str = "", newer_than: str = "", **where: Any) -> Iterator[Body]:
        """Objects of a kind, newest first (after `newer_than` oldest first), read inside a transaction."""
        first = self._place(newer_than) if newer_than else 0
        last = self._place(older_than) if older_than else _FOREVER
        for (body,) in self._connection.execute(_FORWARD if newer_than else _BACKWARD, (kind, first, last)):
            found: Body = json.loads(body)
            if all(found.get(name) == value for name, value in where.items()):
                yield found

    def _place(self, name: str) -> int:
        found = self.rows("SELECT seq FROM objects WHERE id = ?", name)
        if not found:
            raise missing(self.kind_of(name), name)
        return int(found[0][0])

    def emit(self, kind: str, about: Body) -> Body:
        """Write an event with the object as it is at this moment, and have it delivered."""
        event = skeleton(
            stripe.Event,
            id=self.new_id("evt"),
            api_version=API_VERSION,
            created=self.now(),
            type=kind,
            data={"object": about},
            request=dict(self.request),
            pending_webhooks=1 if (self.setting("webhook") or {}).get("url") else 0,
        )
        self.save(event)
        self.on_event(event["id"])
        return event
