"""The trail's verbs of internships in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "round.planned": _l("Round planned"),
        "round.moved": _l("Timetable changed"),
        "round.cancelled": _l("Round called off"),
        "posting.started": _l("Posting begun"),
        "posting.submitted": _l("Posting sent to the career-support office"),
        "posting.taken_back": _l("Posting taken back to be changed"),
        "posting.returned": _l("Correction asked for by the career-support office"),
        "posting.published": _l("Posting opened to students"),
        "posting.withdrawn": _l("Posting withdrawn"),
        "posting.lapsed": _l("Closed, as it was not published in time"),
        "posting.places_changed": _l("Number of places changed"),
        "interest.shown": _l("Student showed interest"),
        "interest.file_opened": _l("Company opened a document of an applicant"),
        "interest.withdrawn": _l("Student withdrew their interest"),
        "approval.given": _l("Supervisor approved"),
        "approval.vetoed": _l("Supervisor did not approve"),
        "host.places_changed": _l("Number of places of the company changed"),
    }
)
