"""Errors in the shape in which the payment provider reports them."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An answer other than 200. `kind` and `code` are what the SDK turns into its exception classes."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"type": kind, "message": message}}
        given = {"code": code, "param": param, **more}
        self.body["error"].update({key: value for key, value in given.items() if value is not None})


def missing(kind: str, name: str, *, param: str = "id") -> Refusal:
    """No such object."""
    return Refusal(f"No such {kind}: '{name}'", status=404, code="resource_missing", param=param)


def declined(message: str, *, charge: str, intent: dict[str, Any]) -> Refusal:
    """The card was not accepted; what happened until then stays."""
    return Refusal(
        message,
        status=402,
        kind="card_error",
        code="card_declined",
        decline_code="generic_decline",
        charge=charge,
        payment_intent=intent,
    )
