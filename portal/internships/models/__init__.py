"""Tables of internships, one module a noun."""

from portal.internships.models.agreements import InternshipAgreement
from portal.internships.models.interests import Approval, ApprovalLink, Interest
from portal.internships.models.interviews import Interview, InterviewSlot
from portal.internships.models.postings import InternshipPosting
from portal.internships.models.questions import Question
from portal.internships.models.rounds import InternshipHost, InternshipRound

__all__ = [
    "Approval",
    "ApprovalLink",
    "Interest",
    "Interview",
    "InterviewSlot",
    "Question",
    "InternshipAgreement",
    "InternshipHost",
    "InternshipPosting",
    "InternshipRound",
]
