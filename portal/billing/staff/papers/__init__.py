"""The office's search of papers (電子帳簿保存法), and archives of what it found."""

from portal.billing.staff.papers import archives, search

__all__ = ["archives", "search"]
