"""Who uses the portal during a drill, and what they were told: acknowledged is what was answered by 200 to 399."""

from __future__ import annotations

import io
import json
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import requests

from bench.drill_house import SECRET, House
from portal.gateways.stripe_standin.webhooks import sign
from tests.support import uploads

TRACE = re.compile(r"Traceback \(most recent|File &#34;/|File \"/|sqlalchemy|psycopg|OperationalError")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Told:
    """What everybody heard."""

    payments: list[int] = field(default_factory=list)  # amounts that were acknowledged
    events: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    traces: list[str] = field(default_factory=list)
    faceless: list[str] = field(default_factory=list)  # a failure without a page in the reader's language
    forgetful: int = 0  # a failure that did not keep what was typed
    good_at: dict[str, float] = field(default_factory=dict)  # when each visitor was last served well


class Visitors:
    """Threads that go on until they are stopped, each repeating a thing until it is acknowledged."""

    def __init__(self, house: House, *, uploads: bool = False) -> None:
        self.house, self.told = house, Told()
        self._stop = threading.Event()
        self._amounts = iter(range(1, 1_000_000))
        self._lock = threading.Lock()
        works: list[tuple[str, Callable[[str], bool]]] = [
            ("clerk ja", self._thing(self.pay, "ja")),
            ("clerk en", self._thing(self.pay, "en")),
            ("provider", self._thing(self.deliver, "")),
            ("reader ja", self._thing(self.read, "ja")),
            ("reader en", self._thing(self.read, "en")),
        ]
        if uploads:
            works.append(("sender", self._thing(self.upload, "ja")))
        self.names = [name for name, _ in works]
        self._tokens = {language: self._token(cookie) for language, cookie in house.cookies.items()}
        self._threads = [threading.Thread(target=self._go, args=work) for work in works]

    def __enter__(self) -> Visitors:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)

    def _thing(self, do: Callable[[str, object], bool], language: str) -> Callable[[str], bool]:
        return lambda name: self._until_done(name, do, language)

    def _go(self, name: str, do: Callable[[str], bool]) -> None:
        while not self._stop.is_set():
            do(name)
            time.sleep(0.15)

    def _until_done(self, name: str, do: Callable[[str, object], bool], language: str) -> bool:
        with self._lock:
            what: object = (next(self._amounts), uuid.uuid4().hex)
        while True:
            try:
                if do(language, what):
                    self.told.good_at[name] = time.monotonic()
                    return True
            except requests.RequestException:
                pass  # nobody there: nothing was acknowledged
            if self._stop.is_set():
                return False
            time.sleep(0.3)

    def _token(self, cookie: str) -> tuple[str, str]:
        """The form token of a visit, and its cookie afterwards."""
        page = requests.get(
            f"{self.house.url}/staff/billing/invoices/{self.house.invoice_id}",
            headers={"Cookie": cookie},
            timeout=30,
        )
        found = TOKEN.search(page.text)
        assert found, page.text[:500]
        renewed = "; ".join(f"{c.name}={c.value}" for c in page.cookies)
        return found[1], renewed or cookie

    def pay(self, language: str, what: object) -> bool:
        amount, once = what  # type: ignore[misc]
        token, cookie = self._tokens[language]
        typed = {"csrf_token": token, "once": once, "amount_yen": str(amount), "received_on": time.strftime("%Y-%m-%d"), "payer_name": f"カナ{amount}"}  # fmt: skip
        address = f"{self.house.url}/staff/billing/invoices/{self.house.invoice_id}/payments"
        answer = requests.post(address, typed, headers={"Cookie": cookie}, timeout=40, allow_redirects=False)
        self._look(answer, language)
        if answer.status_code < 400:
            self.told.payments.append(amount)
            return True
        if answer.status_code == 503 and f"カナ{amount}" not in answer.text:
            self.told.forgetful += 1
        return False

    def deliver(self, _language: str, what: object) -> bool:
        number, once = what  # type: ignore[misc]
        name = f"evt_{number}_{once}"
        body = json.dumps({"id": name, "object": "event", "type": "product.created", "created": int(time.time()), "data": {"object": {"id": "prod_1", "object": "product"}}})  # fmt: skip
        headers = {
            "Stripe-Signature": sign(body, SECRET, int(time.time())),
            "Content-Type": "application/json",
        }
        answer = requests.post(f"{self.house.url}/billing/webhooks/stripe", body, headers=headers, timeout=40)
        self._look(answer, "")
        if answer.status_code < 400:
            self.told.events.append(name)
        return answer.status_code < 400

    def read(self, language: str, what: object) -> bool:
        path = ("/", "/faq", "/staff/billing/invoices")[what[0] % 3]  # type: ignore[index]
        answer = requests.get(
            self.house.url + path, headers={"Cookie": self._tokens[language][1]}, timeout=40
        )
        self._look(answer, language)
        return answer.status_code == 200

    def upload(self, language: str, what: object) -> bool:
        """A bank's statement of two megabytes that is none: it is refused at its field once it could be read."""
        token, cookie = self._tokens[language]
        content = uploads.png() + b"\0" * 2_000_000
        answer = requests.post(
            f"{self.house.url}/staff/billing/bank-files/import", {"csrf_token": token}, files={"file": ("x.png", io.BytesIO(content))},
            headers={"Cookie": cookie}, timeout=40, allow_redirects=False,
        )  # fmt: skip
        self._look(answer, language)
        return answer.status_code < 500

    def _look(self, answer: requests.Response, language: str) -> None:
        self.told.statuses[answer.status_code] += 1
        if TRACE.search(answer.text):
            self.told.traces.append(answer.text[:2000])
        if (
            answer.status_code >= 500
            and language
            and not (f'lang="{language}"' in answer.text[:300] and "<h1" in answer.text)
        ):
            self.told.faceless.append(f"{answer.status_code} {answer.text[:200]}")
