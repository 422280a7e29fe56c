"""The trail's verbs of internships in words."""

from __future__ import annotations

from portal.audit.labels import name_verbs
from portal.core.i18n import _l

name_verbs(
    {
        "round.planned": _l("Round planned"),
        "round.moved": _l("Timetable changed"),
        "round.agreements_changed": _l("Agreements needed in the round changed"),
        "agreement.registered": _l("Agreement registered"),
        "agreement.ended": _l("Agreement ended early"),
        "agreement.document_opened": _l("Office opened the document of an agreement"),
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
        "approval.veto_lifted": _l("Office lifted a veto"),
        "approval.vetoed": _l("Supervisor did not approve"),
        "interview.slots_offered": _l("Times for interviews offered"),
        "interview.slot_changed": _l("Time of an interview changed"),
        "interview.slot_cancelled": _l("Time of an interview taken back"),
        "interview.invited": _l("Student invited to an interview"),
        "interview.moved_up": _l("Student moved up from the waiting list"),
        "interview.agreed": _l("Time of an interview agreed"),
        "interview.unfit": _l("No time of an interview fits the student"),
        "interview.declined": _l("Interview declined by the student"),
        "interview.expired": _l("Invitation to an interview not answered in time"),
        "interview.cancelled": _l("Interview called off"),
        "interview.noted": _l("Interview noted as held or missed"),
        "question.asked": _l("Question handed to the career-support office"),
        "question.returned": _l("Question sent back for other words"),
        "question.forwarded": _l("Question forwarded"),
        "question.answered": _l("Answer handed to the career-support office"),
        "question.answer_returned": _l("Answer sent back for other words"),
        "question.delivered": _l("Answer forwarded"),
        "question.lapsed": _l("Question closed, as the lists locked"),
        "host.places_changed": _l("Number of places of the company changed"),
    }
)
