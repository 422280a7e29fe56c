"""The journal export: set it up, look at what would go out, take it out."""

from portal.billing.services.journal.exporting import export_journal, open_run
from portal.billing.services.journal.planning import Asked, Plan, plan_journal
from portal.billing.services.journal.setting import set_layout

__all__ = ["Asked", "Plan", "export_journal", "open_run", "plan_journal", "set_layout"]
