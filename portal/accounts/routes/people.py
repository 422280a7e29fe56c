"""People and roles of an organisation."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import renew_session
from portal.accounts.enums import EXPIRED_LABEL, Role, manager_role
from portal.accounts.forms.people import RolesForm
from portal.accounts.models import Organisation, Person
from portal.accounts.policy import may_manage_people
from portal.accounts.queries import managers_of, organisation_for
from portal.accounts.queries.members import Member, invitations_of, member_of, members_of
from portal.accounts.routes.blueprint import blueprint
from portal.accounts.services import roles as services
from portal.accounts.services.offers import is_expired
from portal.core import access
from portal.core.access import Actor, actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page


@blueprint.get("/people")
@access.signed_in
def list_people() -> Response:
    """The people of the organisation, or of the first of several."""
    person = actor()
    if person.organisation_ids:
        return redirect(
            url_for("accounts.list_organisation_people", organisation_id=person.organisation_ids[0])
        )
    return page("accounts/list_people.html")


@blueprint.get("/organisations/<id:organisation_id>/people")
@access.signed_in
def list_organisation_people(organisation_id: int) -> Response:
    """Everybody with their roles, and the invitations; those without the right see whom to ask."""
    person = actor()
    organisation = organisation_for(person, organisation_id)
    shown: dict[str, Any] = {
        "organisation": organisation,
        "others": _tabs(person, organisation_id),
        "person": person,
    }
    if not may_manage_people(person, organisation_id):
        own = [mandate.role for mandate in person.mandates if mandate.organisation_id == organisation_id]
        managers = managers_of(organisation_id)
        return page(
            "accounts/show_own_roles.html", roles=[Role(role) for role in own], managers=managers, **shown
        )
    return page(
        "accounts/list_organisation_people.html",
        members=members_of(organisation_id),
        invitations=invitations_of(organisation_id),
        is_expired=is_expired,
        expired_label=EXPIRED_LABEL,
        **shown,
    )


@blueprint.route("/organisations/<id:organisation_id>/people/<id:person_id>", methods=["GET", "POST"])
@access.signed_in
def edit_person_roles(organisation_id: int, person_id: int) -> Response:
    """Give and take a colleague's roles."""
    by = actor()
    organisation = organisation_for(by, organisation_id)
    services.require_manager(by, organisation)
    member = member_of(organisation_id, person_id)
    form = _roles_form(organisation, member)
    if form.validate_on_submit():
        try:
            former = services.set_roles(
                person=member.person, organisation=organisation, roles=form.roles.data, by=by
            )
            if person_id == by.id:
                renew_session(by)
            flash(_saved(member.person, former), "success")
            return redirect(url_for("accounts.list_organisation_people", organisation_id=organisation_id))
        except Refused as refused:
            refuse(form, refused)
    return _show_roles(organisation, member, form)


@blueprint.post("/organisations/<id:organisation_id>/people/<id:person_id>/remove")
@access.signed_in
def remove_person(organisation_id: int, person_id: int) -> Response:
    """A person leaves the organisation, by an administrator's hand or by their own."""
    by = actor()
    organisation = organisation_for(by, organisation_id)
    if person_id != by.id:
        services.require_manager(by, organisation)
    member = member_of(organisation_id, person_id)
    try:
        services.remove_person(person=member.person, organisation=organisation, by=by)
    except Refused as refused:
        if not may_manage_people(by, organisation_id):
            raise
        form = _roles_form(organisation, member, formdata=None)
        refuse(form, refused)
        return _show_roles(organisation, member, form)
    flash(_("%(name)s no longer belongs to the organisation.", name=member.person.name), "success")
    return redirect(url_for("accounts.list_people"))


def _roles_form(organisation: Organisation, member: Member, **more: None) -> RolesForm:
    form = RolesForm(**more, data={"roles": [role.value for role in member.roles]})
    form.offer(organisation.kind)
    return form


def _show_roles(organisation: Organisation, member: Member, form: RolesForm) -> Response:
    return page(
        "accounts/edit_person_roles.html",
        form=form,
        organisation=organisation,
        member=member,
        manager=manager_role(organisation.kind),
    )


def _saved(person: Person, former: Person | None) -> str:
    if former is None:
        return _("The roles of %(name)s are saved.", name=person.name)
    return _(
        "%(new)s is now the representative, in place of %(former)s. We have mailed both.",
        new=person.name,
        former=former.name,
    )


def _tabs(person: Actor, here: int) -> list[dict[str, object]]:
    """The person's organisations, when there are several."""
    names = {mandate.organisation_id: mandate.organisation_name for mandate in person.mandates}
    if len(names) < 2:
        return []
    return [
        {
            "label": name,
            "url": url_for("accounts.list_organisation_people", organisation_id=number),
            "active": number == here,
        }
        for number, name in names.items()
    ]
