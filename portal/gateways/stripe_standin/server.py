"""The stand-in as a WSGI application, and as a server on a port of its own."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from portal.gateways.stripe_standin.api import Api
from portal.gateways.stripe_standin.assets import asset
from portal.gateways.stripe_standin.control import Control
from portal.gateways.stripe_standin.pages import Pages
from portal.gateways.stripe_standin.state import Body, State
from portal.gateways.stripe_standin.webhooks import Deliveries, Post, change_settings, http_post, settings_of

LARGEST_REQUEST = 1_000_000
IDLE_SECONDS = 30


class StandIn:
    """The stand-in, whole. As a context manager it listens on a free loopback port and leaves no thread behind.

    `state` is a file that outlives it (default: memory). `post` replaces how webhooks are sent
    (url, body, headers → status), for an application that is not listening anywhere.
    """

    def __init__(
        self,
        *,
        state: str | Path = ":memory:",
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        public_url: str = "",
        post: Post = http_post,
    ) -> None:
        self._state = State(str(state))
        given = {"url": webhook_url, "secret": webhook_secret}
        change_settings(self._state, **{name: value for name, value in given.items() if value is not None})
        self.deliveries = Deliveries(self._state, post)
        self.control = Control(self._state, self.deliveries)
        self._api = Api(self._state)
        self._pages = Pages(self._state)
        self._server = _Server((host, port), _Handler)
        self._server.set_app(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="stripe-standin"
        )
        self.url = f"http://{host}:{self._server.server_port}"
        self._stopped = False
        self._public_url = public_url.rstrip("/") or self.url

    def start(self) -> None:
        """Listen, and deliver webhooks."""
        self._thread.start()
        self.deliveries.start()

    def stop(self) -> None:
        """Finish what is under way and close everything; the file keeps the rest. Twice is once."""
        if self._stopped:
            return
        self._stopped = True
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
        self.deliveries.stop()
        self._state.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LARGEST_REQUEST
        try:
            response = self._respond(request)
        except HTTPException as refused:
            response = Response(refused.name, refused.code or 400, mimetype="text/plain")
        return response(environ, start_response)

    def choose(self, session_id: str, outcome: str) -> Body:
        """What the payer does on the page: card, declined, bank_transfer or expired; the session afterwards."""
        return self.control.choose(session_id, outcome)

    def transfer(self, customer_id: str, amount_yen: int) -> Body:
        """Money arrives on the customer's virtual account; the movement."""
        return self.control.transfer(customer_id, amount_yen)

    def webhooks(self, **changes: Any) -> None:
        """Change url, secret, duplicates, shuffle (seconds), hold, drop or seed."""
        change_settings(self._state, **changes)

    def flush(self) -> int:
        """Send every waiting webhook now, in this thread; how many were accepted."""
        return self.deliveries.flush()

    @property
    def webhook_secret(self) -> str:
        """What webhooks are signed with."""
        return settings_of(self._state).secret

    def _respond(self, request: Request) -> Response:
        path = request.path
        if path.startswith("/v1/"):
            if failure := self.control.next_failure():
                return Response('{"error": {"type": "api_error"}}', failure, mimetype="application/json")
            return self._api.answer(request, self._public_url)
        if path.startswith("/_standin/"):
            return self.control.answer(request)
        if path == "/favicon.ico":
            return Response(status=204)
        if path.startswith("/pay/") and request.method in ("GET", "HEAD", "POST"):
            name = path.removeprefix("/pay/")
            return asset(name) or self._pages.answer(request, name)
        return Response("not found", 404, mimetype="text/plain")


class _Handler(WSGIRequestHandler):
    timeout = IDLE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the deliveries and events tell more than an access log."""


class _Server(ThreadingMixIn, WSGIServer):
    """One thread a connection; closing ends connections that browsers hold open without asking anything."""

    request_queue_size = 128
    daemon_threads = False
    block_on_close = True

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def server_bind(self) -> None:
        """Without the look-up of the host's name; at once again where another has just been stopped."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError, ValueError)):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """End idle connections first, so that joining their threads does not wait."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue
        super().server_close()
