"""News of rounds for the floors above; sent inside the transaction that makes it true, so a receiver that fails undoes it."""

from __future__ import annotations

from blinker import Namespace

_news = Namespace()

# A student is no applicant any more. Sent with the `Interest`; more: `by`, the person's number.
interest_withdrawn = _news.signal("interest-withdrawn")

# A supervisor has ruled a pair out. Sent with the `Interest`; more: `by`, a number or None (the link of the mail).
pair_vetoed = _news.signal("pair-vetoed")

# A round is about to be called off: what it has given goes back. Sent with the `InternshipRound`; more: `by`, the actor.
calling_off = _news.signal("calling-off")

# Moments of a round were moved. Sent with the `InternshipRound`.
timetable_moved = _news.signal("timetable-moved")

# What students could see is no longer offered. Sent with the `InternshipPosting`; more: `by`, the person's number.
posting_withdrawn = _news.signal("posting-withdrawn")
