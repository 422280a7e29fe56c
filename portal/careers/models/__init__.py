"""Tables of careers, one module a noun."""

from portal.careers.models.consultations import Consultation, ConsultationSlot
from portal.careers.models.notes import CareerNote
from portal.careers.models.profiles import StudentProfile
from portal.careers.models.supervision import Supervision

__all__ = ["CareerNote", "Consultation", "ConsultationSlot", "StudentProfile", "Supervision"]
