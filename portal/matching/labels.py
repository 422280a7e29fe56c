"""The trail's verbs of matching in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "preferences.saved": _l("List of postings saved"),
        "ranking.saved": _l("Ranking of applicants saved"),
        "list.saved": _l("List of postings saved"),
        "ranking.saved": _l("Ranking of applicants saved"),
        "attempt.started": _l("Run of the match started"),
        "attempt.done": _l("Run of the match done"),
        "attempt.failed": _l("Run of the match failed"),
    }
)
