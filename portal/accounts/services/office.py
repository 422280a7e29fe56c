"""The consortium's own office: made with the first administrator, before anybody can sign in; who holds its roles."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.enums import STAFF_ROLES, OrganisationKind, Role
from portal.accounts.models import Organisation, Person
from portal.accounts.services.doors import request_link
from portal.accounts.services.holding import held_roles
from portal.accounts.services.people import add_person
from portal.accounts.services.roles import affiliate, remove_person, require_manager, set_roles
from portal.core import clock
from portal.core.access import Actor
from portal.core.context import current_settings
from portal.core.db import db


def own_office() -> Organisation:
    """The consortium's own organisation; made from its configured name where there is none yet."""
    office = (
        select(Organisation).where(Organisation.kind == OrganisationKind.CONSORTIUM).order_by(Organisation.id)
    )
    standing = db.session.scalars(office).first()
    if standing is not None:
        return standing
    settings = current_settings()
    made = Organisation(
        kind=OrganisationKind.CONSORTIUM,
        name_ja=settings.consortium_name("ja"),
        name_en=settings.consortium_name("en"),
        created_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def create_first_administrator(*, email: str, name: str) -> Person:
    """Somebody who may do everything in the office, with a sign-in link on its way. Raises Refused at `email`."""
    person = add_person(email=email, name=name, language="ja")
    office = own_office()
    for role in (Role.ADMINISTRATOR, Role.SECRETARIAT):
        affiliate(person, office, role)
    request_link(email=email)
    return person


def set_staff_roles(*, person: Person, roles: Sequence[str], by: Actor) -> None:
    """Somebody holds exactly these roles of the office from today on; none at all means leaving it.

    Raises NotTheManager, or Refused when the last administrator would go.
    """
    office = own_office()
    require_manager(by, office)
    wanted, held = {Role(role) for role in roles} & STAFF_ROLES, held_roles(person.id, office.id)
    if not held:
        for role in sorted(wanted):
            affiliate(person, office, role, by=by)
    elif wanted:
        set_roles(person=person, organisation=office, roles=sorted(wanted), by=by)
    else:
        remove_person(person=person, organisation=office, by=by)
