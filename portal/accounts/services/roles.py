"""Give and take roles, keeping what must hold: one representative, and somebody who looks after the people.

Changes in one organisation queue behind its row (FOR UPDATE; SQLite has one writer anyhow), so that two administrators
who take each other's role at once cannot both succeed. A partial unique index keeps the representative single.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.accounts.enums import EndReason, OrganisationKind, Role, manager_role, roles_for
from portal.accounts.mail import mail_new_representative
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.policy import may_manage_people
from portal.accounts.queries import names_of_managers
from portal.accounts.services.holding import (
    add_row,
    end_rows,
    held_roles,
    lock,
    open_row,
    others_with,
    representative_of,
)
from portal.accounts.services.sessions import end_sessions, own_session
from portal.accounts.signals import person_left
from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _, _l


class NotTheManager(Refused):
    """Says why, and whom to ask."""

    status = 403


def affiliate(
    person: Person,
    organisation: Organisation,
    role: Role,
    *,
    by: Actor | int | None = None,
    department: str = "",
    title: str = "",
) -> Affiliation:
    """The person holds `role` for the organisation from today on; the same again changes nothing.

    A new representative takes the place of the present one, who stays as a participant. Sessions of whoever gains or
    loses a role end (`by`, the one who asks or the id of one, keeps the own). Raises Refused for a role that such an organisation does not know.
    """
    lock(organisation)
    if role not in roles_for(organisation.kind):
        raise Refused(_l("This role does not exist for this organisation."), field="roles")
    standing = open_row(person.id, organisation.id, role)
    if standing is not None:
        return standing
    if role is Role.REPRESENTATIVE:
        _step_down(organisation, in_favour_of=person, by=by)
    made = add_row(person, organisation, role, department=department, title=title)
    _tell(person, organisation, by=by, old=None, new=role)
    return made


def give_role(*, person: Person, organisation: Organisation, role: Role, by: Actor) -> Affiliation:
    """Give a colleague one more role. Raises NotTheManager, or Refused for somebody outside the organisation."""
    require_manager(by, organisation)
    if not held_roles(person.id, organisation.id):
        raise Refused(_l("This person does not belong to the organisation. Please send an invitation first."))
    return affiliate(person, organisation, role, by=by)


def take_role(*, person: Person, organisation: Organisation, role: Role, by: Actor) -> None:
    """Take a role away. Raises Refused when nobody would be left to hold it, or the person would hold none."""
    require_manager(by, organisation)
    lock(organisation)
    if held_roles(person.id, organisation.id) == {role}:
        raise Refused(
            _l("A person needs at least one role. To take the last one, remove the person."), field="roles"
        )
    _refuse_if_indispensable(person, organisation, {role})
    if end_rows(person.id, organisation.id, role):
        _tell(person, organisation, by=by, old=role, new=None)


def set_roles(
    *, person: Person, organisation: Organisation, roles: Sequence[str], by: Actor
) -> Person | None:
    """Give and take so that the person holds exactly `roles`. Raises as giving and taking do.

    Returns who was the representative until now, when this person has become it in their place.
    """
    require_manager(by, organisation)
    lock(organisation)
    held, wanted = held_roles(person.id, organisation.id), {Role(role) for role in roles}
    if not held:
        raise NotFound
    if not wanted:
        raise Refused(
            _l("A person needs at least one role. To take the last one, remove the person."), field="roles"
        )
    _refuse_if_indispensable(person, organisation, held - wanted)
    former = representative_of(organisation) if Role.REPRESENTATIVE in wanted - held else None
    for role in sorted(wanted - held):
        affiliate(person, organisation, role, by=by)
    for role in sorted(held - wanted):
        if end_rows(person.id, organisation.id, role):
            _tell(person, organisation, by=by, old=role, new=None)
    return former


def remove_person(*, person: Person, organisation: Organisation, by: Actor) -> None:
    """The person leaves the organisation: all roles end, and with them the sessions."""
    if by.id != person.id:
        require_manager(by, organisation)
    lock(organisation)
    held = held_roles(person.id, organisation.id)
    if not held:
        raise NotFound
    _refuse_if_indispensable(person, organisation, held)
    for role in sorted(held):
        end_rows(person.id, organisation.id, role)
    end_sessions(person_id=person.id, reason=EndReason.ROLES_CHANGED, keep=own_session(person.id, by))
    _record("organisation.person_removed", person, organisation, by, {"roles": [sorted(held), []]})
    person_left.send(person, organisation=organisation, by=by)


def require_manager(by: Actor, organisation: Organisation) -> None:
    """Raises NotTheManager, naming those who could."""
    if may_manage_people(by, organisation.id):
        return
    names = names_of_managers(organisation.id)
    if not names:
        raise NotTheManager(
            _("Nobody looks after the people of this organisation at present. Please ask the secretariat.")
        )
    raise NotTheManager(
        _("Only the administrators of this organisation can do this. Please ask: %(names)s", names=names)
    )


def _step_down(organisation: Organisation, *, in_favour_of: Person, by: Actor | int | None) -> None:
    present = representative_of(organisation)
    if present is None:
        return
    if held_roles(present.id, organisation.id) == {Role.REPRESENTATIVE}:
        add_row(present, organisation, Role.PARTICIPANT)
    end_rows(present.id, organisation.id, Role.REPRESENTATIVE)
    _tell(present, organisation, by=by, old=Role.REPRESENTATIVE, new=None, note=in_favour_of.name)
    for reader in (present, in_favour_of):
        mail_new_representative(reader, organisation, former=present, new=in_favour_of)


def _refuse_if_indispensable(person: Person, organisation: Organisation, leaving: set[Role]) -> None:
    managing = manager_role(organisation.kind)
    if (
        managing in leaving
        and open_row(person.id, organisation.id, managing)
        and not others_with(managing, person, organisation)
    ):
        raise Refused(_sole_manager(organisation.kind), field="roles")
    if Role.REPRESENTATIVE in leaving and open_row(person.id, organisation.id, Role.REPRESENTATIVE):
        raise Refused(
            _l(
                "An organisation has exactly one representative. Give this role to a colleague: it then passes on."
            ),
            field="roles",
        )


def _sole_manager(kind: OrganisationKind) -> object:
    if kind is OrganisationKind.CONSORTIUM:
        return _l("At least one administrator is needed. Please give this role to somebody else first.")
    return _l("At least one company administrator is needed. Please give this role to a colleague first.")


def _tell(
    person: Person,
    organisation: Organisation,
    *,
    by: Actor | int | None,
    old: Role | None,
    new: Role | None,
    note: str = "",
) -> None:
    end_sessions(person_id=person.id, reason=EndReason.ROLES_CHANGED, keep=own_session(person.id, by))
    verb = "organisation.role_given" if new else "organisation.role_taken"
    _record(verb, person, organisation, by, {"role": [old, new]}, note)


def _record(
    verb: str,
    person: Person,
    organisation: Organisation,
    by: Actor | int | None,
    changes: dict[str, object],
    note: str = "",
) -> None:
    record(
        verb=verb,
        subject=organisation,
        organisation_id=organisation.id,
        by=by,
        changes={"person": person.name, "person_id": person.id, **changes},
        note=note,
        audience=Audience.PARTY,
    )
