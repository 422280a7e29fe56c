"""Roles that nobody in a company holds, and invitations without an answer. Pure: rows in, tasks out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.accounts.enums import Role
from portal.core.i18n import _, ngettext
from portal.home.duties import Task
from portal.home.queries.companies import Colleague


def people_tasks(
    colleagues: Sequence[Colleague],
    invitations: tuple[int, date] | None,
    organisation_id: int,
    *,
    manages: bool,
) -> list[Task]:
    """Roles that nobody holds, and invitations nobody has answered: for those who look after the people."""
    if not manages:
        return []
    values = {"organisation_id": organisation_id}
    found = []
    if not any(Role.BILLING in colleague.roles for colleague in colleagues):
        found.append(
            Task(
                _("Name a billing contact"),
                _("Choose"),
                "accounts.list_organisation_people",
                values,
                detail=_("Invoices and receipts go to this person."),
            )  # fmt: skip
        )
    if invitations:
        count, until = invitations
        title = ngettext("%(num)d invitation is unanswered", "%(num)d invitations are unanswered", count)
        found.append(
            Task(
                title,
                _("See"),
                "accounts.list_organisation_people",
                values,
                detail=_("You can send it again or withdraw it."),
                due=until,
            )  # fmt: skip
        )
    return found
