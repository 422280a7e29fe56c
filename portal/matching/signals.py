"""News of matching; sent inside the transaction that makes it true, so a receiver that fails undoes it."""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

# Everybody may know the result. Sent with the round (`InternshipRound`); rows of `MatchOutcome` stand.
result_published = _news.signal("result-published")

# A student has taken a place that was offered after the match. Sent with the offer (`RollingOffer`).
offer_taken = _news.signal("offer-taken")
