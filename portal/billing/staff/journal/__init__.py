"""The office's journal export."""

from portal.billing.staff.journal import mapping, runs

__all__ = ["mapping", "runs"]
