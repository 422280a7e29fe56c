"""A test browser whose every request stands alone, even while the test itself holds an application context."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """Flask reuses an application context that is already there, and with it the person and language of the last
    request; a real server never does."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        for name, value in answer.headers:
            if not value.isascii():  # a real server refuses it, and the whole answer with it
                raise AssertionError(f"the header {name} cannot be sent: {value!r}")
        return answer
