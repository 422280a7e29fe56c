"""Agreements of the demo: rounds go on as they are, and one company lacks one for the newest."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from portal.cli.demo import firms
from portal.cli.demo.internships.seasons import RANKING, WRITING, round_of
from portal.core import clock
from portal.core.db import db
from portal.domain.internships.agreements import AgreementKind, AgreementState
from portal.internships.models import InternshipAgreement
from portal.internships.queries.needed import all_lacks
from portal.matching.enums import LeftReason
from portal.matching.services.gates import Left, gate_of
from tests.support.demo import body_of


def test_one_company_lacks_one_for_the_newest_round(demo: Flask) -> None:
    company = body_of(firms.MEDICAL_IT).id
    lacks = [(lack.round_id, lack.organisation_id, lack.kinds) for lack in all_lacks("ja")]
    assert lacks == [(round_of(WRITING).id, company, (AgreementKind.NDA,))]
    assert gate_of(round_of(RANKING)).lacking == {}
    assert gate_of(round_of(WRITING)).left == (Left(f"c{company}", LeftReason.AGREEMENT_MISSING),)
    kept = db.session.scalars(select(InternshipAgreement)).all()
    states = [each.holding.state_on(clock.today()) for each in kept]
    assert (states.count(AgreementState.ENDED), states.count(AgreementState.IN_FORCE)) == (1, 9)
