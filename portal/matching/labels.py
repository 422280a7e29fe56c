"""The trail's verbs of matching in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "preferences.saved": _l("List of postings saved"),
        "ranking.saved": _l("Ranking of applicants saved"),
        "attempt.started": _l("Run of the match started"),
        "attempt.done": _l("Run of the match done"),
        "round.result_chosen": _l("Result chosen for publication"),
        "round.choice_taken_back": _l("Choice of a result taken back"),
        "round.results_published": _l("Results published"),
        "attempt.failed": _l("Run of the match failed"),
        "list.saved": _l("List of postings saved"),
        "ranking.saved": _l("Ranking of applicants saved"),
    }
)
