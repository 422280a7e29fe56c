"""A member's renewal: the offer, one click to renew, another tier, declining; with a session, or with the link of a mail."""

from portal.membership.routes.renewals import answer, link, offer, tier

__all__ = ["answer", "link", "offer", "tier"]
