"""Begin an application, save what is typed, leave a page."""

from portal.membership.services.drafts.finishing import finish_page
from portal.membership.services.drafts.rules import live_application, lock_application, require_open
from portal.membership.services.drafts.saving import NewerVersion, save_draft
from portal.membership.services.drafts.starting import start_application

__all__ = [
    "NewerVersion",
    "finish_page",
    "live_application",
    "lock_application",
    "require_open",
    "save_draft",
    "start_application",
]
