"""Leave a page that was found complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import Organisation
from portal.accounts.services import register_company, update_organisation
from portal.accounts.services.organisations import checked_number
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.membership.models import Application
from portal.membership.policy import ACTING_ROLES
from portal.membership.services.collaborators import keep_starter
from portal.membership.services.drafts.rules import live_application, refuse_contract

COMPANY_FIELDS = ("name_ja", "name_kana", "name_en", "postal_code", "address")


PROFILE_FIELDS = ("founded_on", "capital_yen", "employees", "industry", "website")


def finish_page(*, application: Application, page: str, values: Mapping[str, Any], by: Actor) -> None:
    """Leave a page that was found complete. The company's page registers the company, or finds it.

    Raises Refused at `corporate_number` when the company is registered and the person does not belong to it, or when an
    application of it is under way.
    """
    if page == "company":
        _settle_company(application, values, by)
    elif page == "profile" and application.organisation_id is not None:
        organisation = db.session.get_one(Organisation, application.organisation_id)
        if _may_write(by, application):
            update_organisation(organisation=organisation, by=by, **_changes(values, PROFILE_FIELDS))
    mark = dict(application.marks.get(page, {})) | {"finished": True}
    application.marks = {**application.marks, page: mark}
    db.session.flush()


def _settle_company(application: Application, values: Mapping[str, Any], by: Actor) -> None:
    number = checked_number(values["corporate_number"])
    if application.organisation_id is not None:
        present = db.session.get_one(Organisation, application.organisation_id)
        if present.corporate_number != number:
            raise Refused(
                _l(
                    "The company of this application is settled. For another company, please begin another application."
                ),
                field="corporate_number",
            )
        if _may_write(by, application):
            update_organisation(organisation=present, by=by, **_changes(values, COMPANY_FIELDS))
        return
    data: dict[str, Any] = {name: values.get(name) or "" for name in COMPANY_FIELDS}
    organisation = register_company(corporate_number=number, by=by, **data)
    other = live_application(organisation.id, application.fiscal_year)
    if other is not None and other.id != application.id:
        raise Refused(
            _("Your company has an application for this fiscal year already; please go on with that one."),
            field="corporate_number",
        )
    refuse_contract(organisation.id, application.fiscal_year)
    application.organisation_id = organisation.id
    db.session.flush()
    keep_starter(application, by)


def _may_write(by: Actor, application: Application) -> bool:
    """Whether the person keeps the company's data."""
    return application.organisation_id in by.organisations_with(*ACTING_ROLES)


def _changes(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names if values.get(name) not in (None, "")}
