"""What a supervisor reads behind a link that opens nothing."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.core.pages import page
from portal.core.transaction import rollback
from portal.internships.queries.approvals import was_link


def dead_link_page(secret: str) -> Response:
    """410 for a link whose time is over: nothing is left to do. 404 for one that was never sent, since a mail program may have
    cut it off while the decision waits."""
    rollback()
    return page(
        "internships/approvals_over.html", 410 if was_link(secret) else 404, was_sent=was_link(secret)
    )
