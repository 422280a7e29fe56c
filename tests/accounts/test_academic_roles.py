"""Students and supervisors are at a university for themselves: its own matters stay closed to them."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.enums import OrganisationKind, Role, roles_for
from tests.support.people import actor_of, browser_of, company, person


@pytest.mark.parametrize("role", [Role.STUDENT, Role.SUPERVISOR])
def test_neither_shares_in_the_matters_of_the_university(app: Flask, role: Role) -> None:
    """The people of the university, its papers and applications go by this list."""
    with app.app_context():
        university = company("試験大学", kind=OrganisationKind.UNIVERSITY)
        colleague = person(at=university, roles=(Role.COMPANY_ADMIN,), name="管理 花子")
        them = person(at=university, roles=(role,))
        who = actor_of(them)
        assert (who.organisation_ids, who.roles) == ((), frozenset({role}))
        assert who.organisations_with(role) == (university.id,)
        address = f"/organisations/{university.id}/people"
        assert browser_of(app, colleague).get(address).status_code == 200
        assert browser_of(app, them).get(address).status_code == 404
        assert browser_of(app, them).get("/home").status_code == 200


def test_who_is_also_of_the_staff_keeps_that(app: Flask) -> None:
    with app.app_context():
        university = company("試験大学", kind=OrganisationKind.UNIVERSITY)
        both = person(at=university, roles=(Role.SUPERVISOR, Role.REPRESENTATIVE))
        assert actor_of(both).organisation_ids == (university.id,)


def test_roles_by_kind() -> None:
    academic = {Role.STUDENT, Role.SUPERVISOR}
    assert academic.isdisjoint(roles_for(OrganisationKind.COMPANY))
    assert academic <= set(roles_for(OrganisationKind.UNIVERSITY))
    assert academic <= set(roles_for(OrganisationKind.INSTITUTE))
    assert academic.isdisjoint(roles_for(OrganisationKind.CONSORTIUM))
