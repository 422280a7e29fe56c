"""News for the floors above; sent inside the transaction that makes it true.

`person_left.connect(receiver)`, `def receiver(person: Person, organisation: Organisation, by: Actor) -> None`.
"""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

person_left = _news.signal("person-left")  # holds no role of the organisation any more
