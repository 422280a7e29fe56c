"""Answers API requests the way the provider does: key, version, parameters, idempotency, expansion."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from portal.gateways.stripe_standin import sessions, spec
from portal.gateways.stripe_standin.listing import expanded
from portal.gateways.stripe_standin.operations import OPERATIONS, Call, check_notes
from portal.gateways.stripe_standin.params import decode
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.state import State

KEY_LIFETIME = 24 * 60 * 60
_LONGEST_KEY = 255
_KEPT = (200, 402)


class Api:
    """`/v1/…` over a State."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._spec = spec.load()

    def answer(self, request: Request, base_url: str) -> Response:
        """One request; every error has the provider's JSON form."""
        request_id = self._state.new_id("req", 14)
        replayed = False
        try:
            _authenticate(request)
            call = self._checked(request, base_url)
            with self._state.transaction():
                status, body, replayed = self._once(request, call, request_id)
        except Refusal as refusal:
            status, body = refusal.status, json.dumps(refusal.body, ensure_ascii=False)
        response = Response(body, status, mimetype="application/json")
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = spec.API_VERSION
        response.headers["Stripe-Should-Retry"] = "false"
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _checked(self, request: Request, base_url: str) -> tuple[Call, str, str]:
        """The call, the route it was made by, and its parameters as they came."""
        method = request.method.lower()
        encoded = request.query_string.decode() if method != "post" else request.get_data(as_text=True)
        route, names = self._spec.match(method, request.path)
        params = route.checked(decode(encoded))
        check_notes(params)
        if (method, route.template) not in OPERATIONS:
            raise Refusal(
                f"The stand-in does not play {method.upper()} {route.template}.", status=501, kind="api_error"
            )
        return Call(self._state, request.path, names, params, base_url), route.template, encoded

    def _once(self, request: Request, asked: tuple[Call, str, str], request_id: str) -> tuple[int, str, bool]:
        """The same key with the same parameters gives the same answer; with others it is refused."""
        call, template, encoded = asked
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        fingerprint = hashlib.sha256(f"{request.path}?{encoded}".encode()).hexdigest()
        if key and (kept := self._kept(key, fingerprint)):
            return kept[0], kept[1], True
        self._state.request = {"id": request_id, "idempotency_key": key}
        sessions.expire_due(self._state)
        status, body = self._run(OPERATIONS[request.method.lower(), template], call)
        if key and status in _KEPT:
            self._state.rows(
                "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?)",
                *(key, fingerprint, status, body, request_id, self._state.now()),
            )
        return status, body, False

    def _run(self, operation: Any, call: Call) -> tuple[int, str]:
        try:
            body: Mapping[str, Any] = expanded(call.state, operation(call), call.params.get("expand", []))
            return 200, json.dumps(body, ensure_ascii=False)
        except Refusal as refusal:
            if refusal.status != 402:  # a declined card has happened; any other refusal leaves no trace
                raise
            return 402, json.dumps(refusal.body, ensure_ascii=False)

    def _kept(self, key: str, fingerprint: str) -> tuple[int, str] | None:
        if len(key) > _LONGEST_KEY:
            raise Refusal("Idempotency keys can have up to 255 characters.", kind="idempotency_error")
        self._state.rows("DELETE FROM keys WHERE created < ?", self._state.now() - KEY_LIFETIME)
        found = self._state.rows("SELECT asked, status, body FROM keys WHERE name = ?", key)
        if not found:
            return None
        if found[0][0] != fingerprint:
            raise Refusal(
                f"Keys for idempotent requests can only be used with the parameters of the first time: {key}",
                kind="idempotency_error",
            )
        return int(found[0][1]), str(found[0][2])


def _authenticate(request: Request) -> None:
    """A test key, and the API version that the SDK pins."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key:
        raise Refusal("You did not provide an API key.", status=401)
    if not key.startswith("sk_test_"):
        raise Refusal("Invalid API Key provided: the stand-in takes test keys alone.", status=401)
    version = request.headers.get("Stripe-Version")
    if version != spec.API_VERSION:
        raise Refusal(f"Invalid Stripe API version: {version}. This is {spec.API_VERSION}.")
    if request.method == "POST" and request.mimetype not in ("", "application/x-www-form-urlencoded"):
        raise Refusal("Invalid request: send form-encoded parameters.")
