"""Hubs and institutions come from the published facts, each once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.db import db
from portal.core.transaction import transaction
from portal.hubs.enums import InstitutionRole
from portal.hubs.queries import hubs_with_institutions
from portal.hubs.services import load_hubs_from_facts

pytestmark = pytest.mark.database


def test_hubs_are_loaded_once(app: Flask) -> None:
    with transaction():
        first = load_hubs_from_facts()
    with transaction():
        second = load_hubs_from_facts()
    assert (first, second) == (5, 0)


def test_tohoku_has_its_thirteen_universities_an_institute_and_eleven_companies(app: Flask) -> None:
    with transaction():
        load_hubs_from_facts()
    tohoku = next(hub for hub in hubs_with_institutions() if hub.code == "AI-TOHOKU")
    count = {role: sum(i.role is role for i in tohoku.institutions) for role in InstitutionRole}
    assert count[InstitutionRole.LEAD] == 1
    assert count[InstitutionRole.PARTNER_UNIVERSITY] == 2
    assert count[InstitutionRole.COOPERATING_UNIVERSITY] == 10
    assert count[InstitutionRole.RESEARCH_INSTITUTE] == 1
    assert count[InstitutionRole.COMPANY] == 11


def test_companies_of_the_facts_do_not_become_organisations(app: Flask) -> None:
    with transaction():
        load_hubs_from_facts()
    companies = select(func.count()).where(Organisation.kind == OrganisationKind.COMPANY)
    assert db.session.scalar(companies) == 0
