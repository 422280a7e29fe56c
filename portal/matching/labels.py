"""The trail's verbs of matching in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "preferences.saved": _l("List of postings saved"),
        "ranking.saved": _l("Ranking of applicants saved"),
        "exclusion.added": _l("Student and company kept apart"),
        "exclusion.lifted": _l("Exclusion lifted"),
        "demand.published": _l("Demand for postings told"),
        "demand.hidden": _l("Demand for postings hidden"),
        "demand.shown_again": _l("Demand for postings shown again"),
        "cap.set": _l("Limit set"),
        "cap.removed": _l("Limit removed"),
        "hold.placed": _l("Company held back"),
        "hold.lifted": _l("Company no longer held back"),
        "prearrangement.proposed": _l("Placement beforehand proposed"),
        "prearrangement.agreed": _l("Placement beforehand agreed to"),
        "prearrangement.fixed": _l("Placement beforehand agreed by all"),
        "prearrangement.ended": _l("Placement beforehand ended"),
        "attempt.started": _l("Run of the match started"),
        "attempt.done": _l("Run of the match done"),
        "round.result_chosen": _l("Result chosen for publication"),
        "round.choice_taken_back": _l("Choice of a result taken back"),
        "round.result_held_back": _l("Chosen result held back"),
        "round.choice_confirmed": _l("Chosen result kept after it was held back"),
        "round.results_published": _l("Results published"),
        "attempt.failed": _l("Run of the match failed"),
        "attempt.waived": _l("Waiver recorded"),
        "attempt.record_read": _l("Record of a run downloaded"),
        "attempt.moves_read": _l("Names of who moves read"),
        "attempt.places_read": _l("Names of who is placed where read"),
        "attempt.tried": _l("Trial about single lists"),
        "attempt.studied": _l("Study of a run asked for"),
        "preferences.read": _l("List read by the office"),
        "ranking.read": _l("Ranking read by the office"),
        "round.follow_up_planned": _l("Follow-up round planned"),
        "rolling_offer.made": _l("Open place offered"),
        "rolling_offer.taken": _l("Offered place taken"),
        "rolling_offer.declined": _l("Offered place declined"),
        "rolling_offer.expired": _l("Offer of a place expired"),
        "rolling_offer.withdrawn": _l("Offer of a place taken back"),
    }
)
