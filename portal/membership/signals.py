"""News of membership for its own receivers and the floors above; sent inside the transaction that makes it true."""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

term_agreed = _news.signal("term-agreed")  # an application became a contract; more: `by`
