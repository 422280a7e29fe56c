"""What the office asked to be corrected, and which of it the applicant has changed since."""

from __future__ import annotations

from portal.domain.application_flow import changed_fields
from portal.membership import queries
from portal.membership.forms import read_answers
from portal.membership.models import Application
from portal.membership.services.submission import plain_answers
from portal.membership.summary import ATTACHMENTS


def comments_by_path(application: Application) -> dict[str, list[str]]:
    """What the reviewer asks for, while the application is with the applicant."""
    if not application.revision or not application.state.is_editable:
        return {}
    found: dict[str, list[str]] = {}
    for comment in queries.comments_on(application):
        found.setdefault(comment.path, []).append(comment.text)
    return found


def settled_paths(application: Application) -> frozenset[str]:
    """Of the answers with a remark, those that read differently now from what was sent in."""
    asked = comments_by_path(application).keys() - {""}
    if not asked:
        return frozenset()
    sent = queries.latest_revision(application)
    tiers = [tier.code for tier in queries.tiers_for(application.fiscal_year)]
    now, _unfinished = read_answers(application, tiers)
    changed = {change.path for change in changed_fields(sent.content, plain_answers(now))}
    if {file["id"] for file in sent.files} != {each.id for each in queries.attachments_of(application)}:
        changed.add(ATTACHMENTS)
    return frozenset(asked & changed)


def pages_to_correct(application: Application) -> frozenset[str]:
    """Names of the pages that still hold an answer to correct."""
    waiting = comments_by_path(application).keys() - settled_paths(application)
    return frozenset(path.partition(".")[0] for path in waiting if path)
