"""A year of internships in which every step goes through the services: nobody is lost, and what is issued holds.

The bench plays the same year with 300 students and 60 companies (`python -m bench.bench_internship_year`).
"""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.matching import parse_market
from portal.domain.matching.verifying import verify
from portal.domain.placements.placement_flow import PlacementState
from portal.jobs.models import Job
from portal.matching.models import MatchAttempt, MatchOutcome
from portal.placements.models import PlacementCertificate
from portal.placements.queries.certificates import certificate_problems
from tests.support.internship_year import Year, house

pytestmark = pytest.mark.database


def test_a_year_from_postings_to_certificates(app: Flask) -> None:
    house(4)
    year = Year(students=12, companies=4)
    year.play()
    run = db.session.scalars(select(MatchAttempt)).one()
    assert verify(parse_market((run.market or "").encode()), (run.result or "").encode()).holds
    placed = json.loads(run.result or "{}")["matching"]
    assert 4 <= len(placed) <= 12
    assert db.session.scalar(select(func.count()).select_from(MatchOutcome)) == 12
    rollback()
    assert len(year.numbers()) == len(year.numbers(PlacementState.EVALUATED)) == len(placed)
    assert db.session.scalar(select(func.count()).select_from(PlacementCertificate)) == 2 * len(placed)
    assert certificate_problems() == []
    assert db.session.scalars(select(Job.last_error).where(Job.last_error.is_not(None))).all() == []
