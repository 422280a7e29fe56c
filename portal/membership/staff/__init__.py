"""The office's pages of membership, one module a page family."""

from portal.membership.staff import application, members, queue, review
from portal.membership.staff.blueprint import blueprint

__all__ = ["application", "blueprint", "members", "queue", "review"]
