"""Mails of careers, one function a message. Each goes out once however often it is asked for."""

from __future__ import annotations

from dataclasses import replace

from portal.accounts.models import Person
from portal.accounts.queries import recipient_for
from portal.careers.models import Supervision
from portal.core.i18n import _l
from portal.core.links import absolute_url
from portal.notifications.services import Recipient, send_mail


def tell_supervisor(named: Supervision, student: Person, account: Person | None) -> None:
    """To who was named as supervisor: what it means, and what to do if it is wrong."""
    reader = recipient_for(account) if account else Recipient(email=named.email, name=named.name)
    send_mail(
        event="careers/supervisor_named",
        to=replace(reader, email=named.email),
        context={"student": student},
        button=(_l("See my students"), absolute_url("careers.list_students")) if account else None,
        key=f"supervision:{named.id}",
    )
