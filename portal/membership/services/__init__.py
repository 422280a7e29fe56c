"""The verbs of membership. Other features and pages use these; the modules hold the rest."""

from portal.membership import labels as labels
from portal.membership.services.attachments import add_attachment, remove_attachment
from portal.membership.services.drafts import NewerVersion, finish_page, save_draft, start_application
from portal.membership.services.eligibility import judge
from portal.membership.services.invoices import quote_tier
from portal.membership.services.purchase_orders import set_purchase_order
from portal.membership.services.review import check_application, decide_application, return_application
from portal.membership.services.sharing import join_application, share_application, shared_link, stop_sharing
from portal.membership.services.submission import price_now, submit_application
from portal.membership.services.terms import activate_term, cancel_term, deactivate_term
from portal.membership.services.tiers import (
    load_tiers_from_facts,
    prices_now,
    publish_rules,
    save_tier,
    save_window,
)
from portal.membership.services.withdrawal import withdraw_application

__all__ = [
    "NewerVersion",
    "activate_term",
    "add_attachment",
    "cancel_term",
    "check_application",
    "deactivate_term",
    "decide_application",
    "finish_page",
    "join_application",
    "judge",
    "load_tiers_from_facts",
    "price_now",
    "prices_now",
    "publish_rules",
    "quote_tier",
    "remove_attachment",
    "return_application",
    "save_draft",
    "save_tier",
    "save_window",
    "set_purchase_order",
    "share_application",
    "shared_link",
    "start_application",
    "stop_sharing",
    "submit_application",
    "withdraw_application",
]
