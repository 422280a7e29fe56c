"""People, as the office sees them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.cookies import renew_session
from portal.accounts.enums import STAFF_ROLES, Role
from portal.accounts.forms.staff import ReasonForm, StaffRolesForm
from portal.accounts.policy import may_govern
from portal.accounts.queries import directory, find_person
from portal.accounts.services import staff as services
from portal.accounts.services.office import set_staff_roles
from portal.accounts.staff.blueprint import blueprint
from portal.audit.labels import verb_label
from portal.audit.queries import timeline
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import cursor_argument, page

office = access.roles(Role.SECRETARIAT, Role.ADMINISTRATOR)
administrators = access.roles(Role.ADMINISTRATOR)


@blueprint.get("/people")
@office
def list_people() -> Response:
    """All people by kana; search by name or address."""
    text = request.args.get("q", "").strip()[:200].replace("\x00", "")
    found = directory.list_people(text=text, cursor=cursor_argument())
    roles = directory.roles_in_words([row[0] for row in found.items], current_language())
    own = (m.organisation_id for m in actor().mandates if m.role == Role.ADMINISTRATOR)
    return page(
        "staff/accounts/list_people.html", found=found, roles=roles, text=text, office_id=next(own, None)
    )


@blueprint.get("/people/<id:person_id>")
@office
def show_person(person_id: int) -> Response:
    """One person: address, roles, how they sign in, trail."""
    return _show(person_id)


@blueprint.post("/people/<id:person_id>/disable")
@administrators
def disable_person(person_id: int) -> Response:
    """Close the account, with a reason."""
    return _with_reason(
        person_id, services.disable_person, _("The account is closed and signed out everywhere.")
    )


@blueprint.post("/people/<id:person_id>/enable")
@administrators
def enable_person(person_id: int) -> Response:
    """Open it again."""
    services.enable_person(person=find_person(person_id), by=actor())
    flash(_("The account is open again."), "success")
    return redirect(url_for("accounts_staff.show_person", person_id=person_id))


@blueprint.post("/people/<id:person_id>/reset-factors")
@administrators
def reset_factors(person_id: int) -> Response:
    """Remove the second factors of somebody who has lost them."""
    return _with_reason(person_id, services.reset_factors, _("The second factors are removed."))


@blueprint.route("/people/<id:person_id>/roles", methods=["GET", "POST"])
@administrators
def edit_staff_roles(person_id: int) -> Response:
    """Give and take roles of the consortium's own office."""
    by, person = actor(), find_person(person_id)
    held = [
        held.role for held in directory.roles_of([person_id]).get(person_id, []) if held.role in STAFF_ROLES
    ]
    form = StaffRolesForm(data={"roles": [role.value for role in held]})
    if form.validate_on_submit():
        try:
            set_staff_roles(person=person, roles=form.roles.data, by=by)
            if person_id == by.id:
                renew_session(by)
            flash(_("The roles of %(name)s are saved.", name=person.name), "success")
            return redirect(url_for("accounts_staff.show_person", person_id=person_id))
        except Refused as refused:
            refuse(form, refused)
    return page("staff/accounts/edit_staff_roles.html", form=form, person=person)


def _with_reason(person_id: int, verb: object, done: str) -> Response:
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            verb(person=find_person(person_id), reason=form.reason.data, by=actor())  # type: ignore[operator]
            flash(done, "success")
            return redirect(url_for("accounts_staff.show_person", person_id=person_id))
        except Refused as refused:
            refuse(form, refused)
    return _show(person_id, form)


def _show(person_id: int, form: ReasonForm | None = None) -> Response:
    person, by = find_person(person_id), actor()
    entries = [
        {"at": e.at, "what": verb_label(e.verb), "note": e.note} for e in timeline(person, for_staff=True)
    ]
    return page(
        "staff/accounts/show_person.html",
        person=person,
        roles=directory.roles_of([person_id]).get(person_id, []),
        facts=directory.sign_in_facts(person_id),
        look_alikes=directory.look_alikes_of(person),
        entries=entries[::-1][:30],
        may_govern=may_govern(by),
        is_self=by.id == person_id,
        form=form or ReasonForm(),
    )
