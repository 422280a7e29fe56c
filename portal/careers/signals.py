"""News for the floors above; sent inside the transaction that makes it true, so a receiver that fails undoes it."""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

# Sent with the new Supervision; more: `former` (the one that ended, or None).
supervisor_named = _news.signal("supervisor-named")
