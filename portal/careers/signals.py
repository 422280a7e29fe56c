"""News for the floors above; sent inside the transaction that makes it true, so a receiver that fails undoes it."""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

# Sent with the new Supervision; more: `former` (the one that ended, or None).
supervisor_named = _news.signal("supervisor-named")

# Asked with a student's number: each receiver gives a list of (start, end) when it has the student taken; more: `but`, the number of
# an interview that does not count.
calendar_asked = _news.signal("calendar-asked")
