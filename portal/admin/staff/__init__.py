"""The administrator's pages, one module a noun."""

from portal.admin.staff import failures, rules, settings, tiers, trail, windows
from portal.admin.staff.blueprint import blueprint

__all__ = ["blueprint", "failures", "rules", "settings", "tiers", "trail", "windows"]
