"""The career-support office's pages, one module a page family."""

from portal.careers.staff import consultations, invitations, notes, students, training
from portal.careers.staff.blueprint import blueprint

__all__ = ["blueprint", "consultations", "invitations", "notes", "students", "training"]
