"""The trail's verbs of placements in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "placement.made": _l("Placement made"),
        "placement.dates_proposed": _l("Period proposed"),
        "placement.dates_agreed": _l("Period agreed upon"),
        "placement.item_done": _l("Item of the checklist done"),
        "placement.item_undone": _l("Item of the checklist opened again"),
        "placement.item_waived": _l("Item of the checklist waived"),
        "placement.item_required": _l("Item of the checklist asked for"),
        "placement.item_moved": _l("Day of an item of the checklist changed"),
        "placement.paper_added": _l("Document handed in"),
        "placement.paper_removed": _l("Document taken back"),
        "placement.paper_opened": _l("Document opened"),
        "placement.started": _l("Internship started"),
        "placement.ended": _l("Internship ended"),
        "placement.evaluated": _l("Internship evaluated"),
        "placement.closed": _l("Closed without evaluation"),
        "placement.cancelled": _l("Placement called off"),
        "placement.ending_asked": _l("Early ending asked for"),
        "placement.ending_declined": _l("The internship goes on"),
        "placement.hours_saved": _l("Hours entered"),
        "placement.hours_confirmed": _l("Hours confirmed"),
        "placement.hours_returned": _l("Hours returned for correction"),
        "placement.hours_corrected": _l("Confirmed hours corrected"),
        "placement.check_answered": _l("Half-time check answered"),
        "placement.concern_followed": _l("Concern followed up"),
        "placement.evaluation_sent": _l("Evaluation sent"),
        "placement.evaluation_reopened": _l("Correction of the evaluation asked for"),
        "placement.paper_issued": _l("Evaluation document issued"),
        "placement.paper_voided": _l("Evaluation document declared void"),
    }
)
