"""The checkout page that a payer sees: plain forms, no script, its own style sheet, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from portal.gateways.stripe_standin import aftermath, sessions, transfers
from portal.gateways.stripe_standin.assets import style_sheets
from portal.gateways.stripe_standin.refusals import Refusal
from portal.gateways.stripe_standin.state import Body, State
from portal.gateways.stripe_standin.words import words, yen

_HERE = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["yen"] = yen


class Pages:
    """`/pay/<session>` and what can be chosen on it."""

    def __init__(self, state: State) -> None:
        self._state = state

    def answer(self, request: Request, name: str) -> Response:
        """Show the page, or do what was chosen on it."""
        with self._state.transaction():
            sessions.expire_due(self._state)
            session = self._find(name)
            if session is None:
                return self._render(request, None, status=404, message="missing")
            if request.method == "POST":
                return self._choose(request, session)
            return self._show(request, session)

    def _find(self, name: str) -> Body | None:
        try:
            found = self._state.find(name, "checkout.session", "payment_intent")
        except Refusal:
            return None
        if found["object"] == "payment_intent":
            owner = self._state.setting(f"session_of:{name}")
            return self._state.find(owner) if owner else None
        return found

    def _choose(self, request: Request, session: Body) -> Response:
        choice = request.form.get("choice", "")
        try:
            if choice == "card_accept":
                sessions.pay_by_card(self._state, session)
                return redirect(sessions.success_url(session), 303)
            if choice == "card_decline":
                sessions.decline_card(self._state, session)
                return self._show(request, session, problem="declined", status=402)
            if choice == "transfer":
                session = sessions.choose_transfer(self._state, session)
                return redirect(f"/pay/{session['id']}?lang={_language(request, session)}", 303)
            if choice in aftermath.CHOICES:
                aftermath.choose(self._state, self._intent(session), choice)
                return redirect(f"/pay/{session['id']}?lang={_language(request, session)}", 303)
            return self._transfer(request, session, choice)
        except Refusal:  # paid or closed in another window meanwhile
            return self._show(request, self._state.find(session["id"]), status=409)

    def _transfer(self, request: Request, session: Body, choice: str) -> Response:
        intent = self._intent(session)
        if choice not in ("full", "part") or not intent or not transfers.remaining(intent):
            raise Refusal("nothing to transfer")
        amount = transfers.remaining(intent) if choice == "full" else _whole(request.form.get("amount", ""))
        if not amount:
            return self._show(request, session, problem="bad_amount", status=422)
        transfers.receive(self._state, session["customer"], amount, session["client_reference_id"])
        after = self._intent(session)
        if after and after["status"] == "succeeded":
            return redirect(sessions.success_url(session), 303)
        return redirect(f"/pay/{session['id']}?lang={_language(request, session)}&arrived={amount}", 303)

    def _intent(self, session: Body) -> Body | None:
        name = session["payment_intent"]
        return self._state.find(name, "payment_intent") if name else None

    def _show(self, request: Request, session: Body, *, problem: str = "", status: int = 200) -> Response:
        intent = self._intent(session)
        waits = bool(intent and transfers.remaining(intent))
        if session["status"] == "expired":
            return self._render(request, session, status=status, message="expired")
        if session["status"] == "complete" and not waits:
            message = "paid" if session["payment_status"] == "paid" else "canceled"
            after = aftermath.shown(self._state, intent)
            return self._render(request, session, status=status, message=message, after=after)
        return self._render(
            request,
            session,
            status=status,
            problem=problem,
            arrived=_whole(request.args.get("arrived", "")),
            typed=request.form.get("amount", ""),
            remaining=transfers.remaining(intent) if intent else 0,
            account=transfers.account_of(self._state, session["customer"])["zengin"] if waits else None,
        )

    def _render(self, request: Request, session: Body | None, *, status: int, **shown: Any) -> Response:
        language = _language(request, session)
        customer = self._state.find(session["customer"]) if session and session["customer"] else {}
        context: dict[str, Any] = {
            "t": words(language),
            "style_sheets": style_sheets(),
            "language": language,
            "other": "en" if language == "ja" else "ja",
            "session": session,
            "lines": self._state.setting(f"lines:{session['id']}", []) if session else [],
            "email": customer.get("email"),
            "success_url": sessions.success_url(session) if session else None,
            "message": "",
            "problem": "",
            "after": None,
            **shown,
        }
        html = _TEMPLATES.get_template("checkout.html").render(context)
        response = Response(html, status, mimetype="text/html")
        response.headers["Content-Security-Policy"] = _policy(session)
        response.headers["Content-Language"] = language
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _policy(session: Body | None) -> str:
    """Browsers judge the redirect after a form by form-action, so the way back must be named."""
    urls = [session["success_url"], session["cancel_url"]] if session else []
    origins = {"{0.scheme}://{0.netloc}".format(urlsplit(url)) for url in urls if url}
    actions = " ".join(["'self'", *sorted(origins)])
    return f"default-src 'none'; style-src 'self'; font-src 'self'; form-action {actions}; frame-ancestors 'none'; base-uri 'none'"


def _language(request: Request, session: Body | None) -> str:
    asked = request.args.get("lang") or (session or {}).get("locale")
    if asked in ("ja", "en"):
        return asked
    return request.accept_languages.best_match(["ja", "en"], default="ja") or "ja"


def _whole(text: str) -> int:
    """Yen as typed (full-width digits and commas too), or 0."""
    digits = text.strip().replace(",", "").replace("，", "").removeprefix("¥")
    return int(digits) if digits.isdecimal() and len(digits) <= 9 else 0
