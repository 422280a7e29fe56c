"""Renewal campaigns: their days, the preview before one begins, the board with its list."""

from portal.membership.staff.campaigns import board, days, rows

__all__ = ["board", "days", "rows"]
