"""Mails that ask for an answer: each reader gets a link of their own."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import Organisation
from portal.core.db import db
from portal.membership import renewal_mail
from portal.membership.models import Renewal
from portal.membership.services.renewals.links import issue_answer_link


def ask(renewal: Renewal, event: str, *, step: str = "", **context: Any) -> None:
    """Mail everybody who acts for the company; `step` makes the message unique where the version alone does not."""
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    for person in renewal_mail.readers_of(organisation):
        secret = issue_answer_link(renewal, person)
        renewal_mail.ask(renewal, event, person, organisation, secret, step=step, **context)
