"""Tables of careers, one module a noun."""

from portal.careers.models.profiles import StudentProfile
from portal.careers.models.supervision import Supervision

__all__ = ["StudentProfile", "Supervision"]
