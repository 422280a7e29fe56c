"""The office's lists are read in the order of an index: nothing long is read through or sorted whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from portal.accounts.enums import Role
from portal.core.db import db
from portal.core.transaction import rollback
from portal.domain.application_flow import ApplicationState
from portal.membership.enums import OPEN_STATES
from tests.support.people import browser_of, staff

pytestmark = pytest.mark.sqlite
OFFICE = (Role.SECRETARIAT, Role.ADMINISTRATOR)
LISTS = {
    "/staff/organisations": "ix_organisations_name",
    "/staff/people": "ix_people_name",
    "/staff/membership/applications": "ix_applications_open",
    "/staff/membership/members": "ix_organisations_name",
    "/staff/billing/invoices": "SCAN invoices",  # by its key
    "/staff/billing/invoices?show=unpaid": "ix_receivables_owed",
    "/staff/billing/invoices?show=overdue": "ix_receivables_owed",
}
HOME = (
    "ix_applications_queue",
    "ix_receivables_owed",
    "ix_contract_terms_paid",
    "ix_applications_open",
    "ix_jobs_failed",
    "ix_payer_balances_held",
)
SMALL = (
    "SCAN tiers",
    "SCAN application_windows",
    "SCAN renewal_campaigns",
    "SCAN internship_rounds",
    "SCAN CONSTANT ROW",
    "SCAN anon_",
)


def plans(app: Flask, address: str) -> Iterator[str]:
    """How the database does each statement of a page but the one that finds out who asks."""
    browser, asked = browser_of(app, staff(*OFFICE)), []
    browser.get(address)

    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    rollback()
    raw = db.session.connection().connection.cursor()
    for statement, values in asked:
        if "user_sessions" not in statement:
            yield "\n".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values))


@pytest.mark.parametrize("address", LISTS)
def test_a_list_comes_in_the_order_of_its_index(app: Flask, address: str) -> None:
    found = [plan for plan in plans(app, address) if LISTS[address] in plan]
    assert len(found) == 1
    assert "USE TEMP B-TREE FOR ORDER BY" not in found[0], found[0]


def test_the_offices_home_counts_along_indexes(app: Flask) -> None:
    found = list(plans(app, "/staff"))
    assert [name for name in HOME if not any(name in plan for plan in found)] == []
    read_through = [
        line
        for plan in found
        for line in plan.splitlines()
        if line.startswith("SCAN") and "INDEX" not in line and not line.startswith(SMALL)
    ]
    assert read_through == []


def test_places_that_are_held_are_counted_along_an_index(app: Flask) -> None:
    found = [line for plan in plans(app, "/staff") for line in plan.splitlines() if "renewals" in line]
    assert [
        line for line in found if "ix_renewals_held (fiscal_year=? AND state=? AND deadline_on>?)" in line
    ]


def test_what_the_index_leaves_out_are_all_states_but_the_open_ones(app: Flask) -> None:
    made = db.session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'ix_applications_open'"))
    named = {state for state in ApplicationState if f"'{state.value}'" in made}
    assert named == set(ApplicationState) - set(OPEN_STATES)
