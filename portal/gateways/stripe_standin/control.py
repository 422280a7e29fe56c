"""The control surface `/_standin/…`: what tests and the demo do instead of the payer, the bank and the weather."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Request, Response

from portal.gateways.stripe_standin import balance, disputes, refunds, sessions, transfers
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.state import Body, State
from portal.gateways.stripe_standin.webhooks import Deliveries, change_settings, settings_of

OUTCOMES = {
    "card": sessions.pay_by_card,
    "declined": sessions.decline_card,
    "bank_transfer": sessions.choose_transfer,
    "expired": sessions.expire_session,
}


class Control:
    """Every answer is JSON; wrong requests are 400."""

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries

    def answer(self, request: Request) -> Response:
        """Route by the words of the path."""
        words = request.path.strip("/").split("/")[1:]
        try:
            given = json.loads(request.get_data() or b"{}") if request.method == "POST" else {}
            status, body = 200, self._act(request.method, words, given)
        except Refusal as refusal:
            status, body = refusal.status, refusal.body
        except (ValueError, TypeError, KeyError) as error:
            status, body = 400, {"error": {"message": f"{type(error).__name__}: {error}"}}
        return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")

    def choose(self, session_id: str, outcome: str) -> Body:
        """What the payer does on the page: card, declined, bank_transfer or expired."""
        with self._state.transaction():
            session = self._state.find(session_id, "checkout.session")
            OUTCOMES[outcome](self._state, session)
            return self._state.find(session_id)

    def transfer(self, customer_id: str, amount: int, reference: str | None = None) -> Body:
        """Money arrives on a customer's virtual account."""
        with self._state.transaction():
            self._state.find(customer_id, "customer")
            return transfers.receive(self._state, customer_id, amount, reference)

    def dispute(self, intent_id: str, **how: Any) -> Body:
        """The card's holder contests a payment; see `disputes.open_dispute`."""
        with self._state.transaction():
            return disputes.open_dispute(self._state, self._state.find(intent_id, "payment_intent"), **how)

    def decide_dispute(self, dispute_id: str, status: str) -> Body:
        """needs_response, under_review, won, lost or warning_closed."""
        with self._state.transaction():
            return disputes.decide(self._state, self._state.find(dispute_id, "dispute"), status)

    def begin_refunds_as(self, status: str) -> None:
        """succeeded, pending, requires_action or failed, from here on."""
        with self._state.transaction():
            refunds.set_next(self._state, status)

    def decide_refund(self, refund_id: str, status: str) -> Body:
        """succeeded, failed, requires_action, pending or canceled."""
        with self._state.transaction():
            return refunds.decide(self._state, self._state.find(refund_id, "refund"), status)

    def move_balance(self, amount: int, kind: str = "adjustment") -> Body:
        """Our balance moves for no payment, refund or dispute."""
        with self._state.transaction():
            return balance.move(self._state, kind, amount, None)

    def move_clock(self, *, advance: float | None = None, at: float | None = None) -> int:
        """Add seconds, or set the moment; it goes on ticking. Pages whose time is over close."""
        with self._state.transaction():
            offset = self._state.setting("clock_offset", 0) + (advance or 0)
            self._state.remember("clock_offset", offset if at is None else at - time.time())
            self._state.remember("next_expiry", 0)
            sessions.expire_due(self._state)
        return self._state.now()

    def fail_next(self, count: int, status: int = 503) -> None:
        """The next API calls fail with this status before anything happens."""
        with self._state.transaction():
            self._state.remember("failures", {"count": int(count), "status": int(status)})

    def next_failure(self) -> int | None:
        """The status with which the call at hand must fail."""
        failures = self._state.setting("failures")
        if not failures or failures["count"] < 1:
            return None
        self.fail_next(failures["count"] - 1, failures["status"])
        return int(failures["status"])

    def _act(self, method: str, words: list[str], given: dict[str, Any]) -> Any:
        match method, words:
            case "GET", ["health"]:
                return {"stand_in": True, "now": self._state.now()}
            case "POST", ["sessions", name, "outcome"]:
                return self.choose(name, given["outcome"])
            case "POST", ["customers", name, "transfer"]:
                return self.transfer(name, int(given["amount"]), given.get("reference"))
            case "POST", ["clock"]:
                return {"now": self.move_clock(advance=given.get("advance"), at=given.get("at"))}
            case "POST", ["failures"]:
                self.fail_next(**given)
                return {}
        return self._aftermath(words, given) if method == "POST" else self._webhooks(method, words, given)

    def _aftermath(self, words: list[str], given: dict[str, Any]) -> Any:
        """What comes after a payment."""
        match words:
            case ["intents", name, "dispute"]:
                return self.dispute(name, **given)
            case ["disputes", name, "outcome"]:
                return self.decide_dispute(name, given["outcome"])
            case ["refunds"]:
                return self.begin_refunds_as(given["begin_as"])
            case ["refunds", name, "outcome"]:
                return self.decide_refund(name, given["outcome"])
            case ["movements"]:
                return self.move_balance(int(given["amount"]), given.get("kind", "adjustment"))
        return self._webhooks("POST", words, given)

    def _webhooks(self, method: str, words: list[str], given: dict[str, Any]) -> Any:
        match method, words:
            case "GET", ["webhooks"]:
                return _shown(self._state)
            case "POST", ["webhooks"]:
                change_settings(self._state, **given)
                return _shown(self._state)
            case "GET", ["deliveries"]:
                return {"data": self._deliveries.listed()}
            case "POST", ["deliveries", "flush"]:
                return {"accepted": self._deliveries.flush()}
            case "POST", ["events", name, "resend"]:
                self._deliveries.resend(name)
                return {}
        raise Refusal("No such control.", status=404)


def _shown(state: State) -> dict[str, Any]:
    settings = asdict(settings_of(state))
    return {**settings, "secret": bool(settings["secret"])}
