"""Pages of careers for students and supervisors, one module a page family."""

from portal.careers.routes import consultations, papers, profile, supervisor
from portal.careers.routes.blueprint import blueprint

__all__ = ["blueprint", "consultations", "papers", "profile", "supervisor"]
