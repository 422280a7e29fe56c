"""Delivers events: signed, at least once, again until answered; repeated, shuffled, held or lost on demand."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

import requests
import stripe

from portal.gateways.stripe_standin.state import Body, State

TIMEOUT_SECONDS = 10
GIVE_UP_AFTER = 3 * 24 * 60 * 60
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 300.0
_NO_END = 1e12

Post = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where events go and how badly. `duplicates`: extra copies of each; `shuffle`: seconds within which
    they arrive in any order; `hold`: keep them; `drop`: lose them, as after too long an outage."""

    url: str = ""
    secret: str = ""
    duplicates: int = 0
    shuffle: float = 0.0
    hold: bool = False
    drop: bool = False
    seed: int = 1


def settings_of(state: State) -> Settings:
    """The settings in force."""
    return Settings(**(state.setting("webhook") or {}))


def change_settings(state: State, **changes: Any) -> Settings:
    """Change some; raises ValueError for names and types that are not ours."""
    kinds = {field.name: type(field.default) for field in fields(Settings)}
    for name, value in changes.items():
        wanted = (int, float) if kinds.get(name) is float else kinds.get(name, ())
        if not isinstance(value, wanted) or (isinstance(value, bool) and kinds[name] is not bool):
            raise ValueError(f"not a webhook setting: {name}={value!r}")
    changed = Settings(**{**asdict(settings_of(state)), **changes})
    with state.transaction():
        state.remember("webhook", asdict(changed))
    return changed


def http_post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send one delivery; redirects are not followed and no proxy is used."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data=body, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        return answer.status_code


class Deliveries:
    """The queue of deliveries and the thread that works it off."""

    def __init__(self, state: State, post: Post = http_post) -> None:
        self._state = state
        self._post = post
        self._random = random.Random(settings_of(state).seed)  # noqa: S311 - shuffling, no secret
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        state.on_event = self.enqueue
        state.rows("UPDATE deliveries SET status = 'waiting' WHERE status = 'sending'")

    def start(self) -> None:
        """Deliver in the background."""
        self._thread = threading.Thread(target=self._work, name="stripe-standin-webhooks")
        self._thread.start()

    def stop(self) -> None:
        """Stop after the delivery that is under way; the rest waits for the next start."""
        self._stopping.set()
        self._woken.set()
        if self._thread:
            self._thread.join()

    def enqueue(self, event_id: str) -> None:
        """Called inside the transaction that writes the event."""
        settings = settings_of(self._state)
        if not settings.url:
            return
        for _ in range(1 + settings.duplicates):
            due_at = time.time() + self._random.uniform(0, settings.shuffle)
            status = "dropped" if settings.drop else "waiting"
            self._state.rows(
                "INSERT INTO deliveries (event_id, due_at, status) VALUES (?, ?, ?)", event_id, due_at, status
            )
        self._woken.set()

    def resend(self, event_id: str) -> None:
        """Deliver an old event once more."""
        self._state.find(event_id, "event")
        with self._state.transaction():
            self._state.rows(
                "INSERT INTO deliveries (event_id, due_at, status) VALUES (?, ?, 'waiting')",
                event_id,
                time.time(),
            )
        self._woken.set()

    def flush(self) -> int:
        """Send everything that waits, now and in its order, also when held; how many were accepted."""
        accepted, begun, highest = 0, time.time(), self._highest()
        while claimed := self._claim(until=_NO_END, highest=highest, not_sent_since=begun):
            accepted += self._send(*claimed)
        return accepted

    def listed(self) -> list[Body]:
        """Every delivery, oldest first."""
        names = ("id", "event", "type", "due_at", "status", "attempts", "answer", "problem", "sent_at")
        found = self._state.rows(
            "SELECT d.id, d.event_id, json_extract(o.body, '$.type'), due_at, status, attempts, answer, problem, "
            "sent_at FROM deliveries d JOIN objects o ON o.id = d.event_id ORDER BY d.id"
        )
        return [dict(zip(names, row, strict=True)) for row in found]

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            held = settings_of(self._state).hold
            if not held and (claimed := self._claim(until=time.time())):
                self._send(*claimed)
                continue
            self._woken.wait(0.5 if held else self._pause())

    def _pause(self) -> float:
        found = self._state.rows("SELECT min(due_at) FROM deliveries WHERE status = 'waiting'")
        due_at = found[0][0]
        return 0.5 if due_at is None else min(max(due_at - time.time(), 0.01), 0.5)

    def _highest(self) -> int:
        return int(self._state.rows("SELECT coalesce(max(id), 0) FROM deliveries")[0][0])

    def _claim(
        self, *, until: float, highest: int = 2**62, not_sent_since: float = _NO_END
    ) -> tuple[int, str, int] | None:
        """Take one delivery that is due, in order; nobody else gets it."""
        with self._state.transaction():
            found = self._state.rows(
                "SELECT id, event_id, attempts FROM deliveries WHERE status = 'waiting' AND due_at <= ? AND id <= ? "
                "AND coalesce(sent_at, 0) < ? ORDER BY due_at, id LIMIT 1",
                *(until, highest, not_sent_since),
            )
            if not found:
                return None
            self._state.rows("UPDATE deliveries SET status = 'sending' WHERE id = ?", found[0][0])
            return int(found[0][0]), str(found[0][1]), int(found[0][2])

    def _send(self, delivery: int, event_id: str, attempts: int) -> bool:
        """One attempt: anything but 2xx is tried again, later each time, for three days."""
        event = self._state.find(event_id, "event")
        answer, problem = self._attempt(settings_of(self._state).url, event_id)
        accepted = answer is not None and 200 <= answer < 300
        too_old = self._state.now() - event["created"] > GIVE_UP_AFTER
        status = "delivered" if accepted else "failed" if too_old else "waiting"
        pause = min(_FIRST_PAUSE * 2 ** min(attempts, 20), _LONGEST_PAUSE)
        with self._state.transaction():
            self._state.rows(
                "UPDATE deliveries SET status = ?, attempts = attempts + 1, answer = ?, problem = ?, sent_at = ?, "
                "due_at = ? WHERE id = ?",
                *(status, answer, problem, time.time(), time.time() + pause, delivery),
            )
        return accepted

    def signed(self, event_id: str) -> tuple[bytes, dict[str, str]]:
        """A delivery's body and headers, signed now, for tests that send it themselves."""
        body = json.dumps(self._state.find(event_id, "event"), ensure_ascii=False, indent=2)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (stand-in)",
            "Stripe-Signature": sign(body, settings_of(self._state).secret, self._state.now()),
        }
        return body.encode(), headers

    def _attempt(self, url: str, event_id: str) -> tuple[int | None, str | None]:
        try:
            return self._post(url, *self.signed(event_id)), None
        except Exception as error:  # whatever happens to the receiver, the delivery is tried again
            return None, type(error).__name__


def sign(body: str, secret: str, timestamp: int) -> str:
    """The header by the SDK's own signer."""
    header: str = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp)
    return header
