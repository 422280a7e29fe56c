"""One member's renewal in the office: its page, and what is done by hand."""

from portal.membership.staff.renewals import acts, member

__all__ = ["acts", "member"]
