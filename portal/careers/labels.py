"""The trail's verbs of careers in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "profile.disclosed": _l("Items of the profile opened or closed to companies"),
        "profile.file_added": _l("Document of the profile handed in"),
        "profile.file_removed": _l("Document of the profile deleted"),
        "profile.file_opened": _l("Document of the profile opened by the office"),
        "career_note.written": _l("Note on a career written"),
        "consultation.booked": _l("Consultation booked"),
        "consultation.cancelled": _l("Consultation cancelled"),
        "slot.offered": _l("Times for consultations offered"),
        "slot.cancelled": _l("Time for a consultation taken back"),
        "supervision.named": _l("Supervisor named"),
        "supervision.corrected": _l("Supervisor's name corrected"),
    }
)
