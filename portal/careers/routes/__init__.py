"""Pages of careers for students and supervisors, one module a page family."""

from portal.careers.routes import papers, profile, supervisor
from portal.careers.routes.blueprint import blueprint

__all__ = ["blueprint", "papers", "profile", "supervisor"]
