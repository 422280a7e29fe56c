"""Changes of tier in the story: one waits for the office's judgement."""

from __future__ import annotations

from sqlalchemy import select

from portal.cli.demo.answers import founded_on
from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.firms import Firm
from portal.cli.demo.house import welcome
from portal.core.db import db
from portal.membership.models import ContractTerm
from portal.membership.queries import tier_for
from portal.membership.services.renewals.choice import Facts
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.upgrades import change_tier


def ask_for_tier(cast: Cast, firm: Firm, year: int, *, code: str) -> None:
    """The company agrees to what a higher tier costs today, and tells its size anew."""
    mine = ContractTerm.application_id == cast.applications[firm.serial, year]
    term = db.session.scalars(select(ContractTerm).where(mine)).one()
    tier = tier_for(code, year)
    assert tier is not None
    change_tier(
        term_id=term.id, code=code, seen=plan_upgrade(term, tier).fingerprint, once=f"demo-tier-{firm.serial}",
        by=acting(welcome(firm.people[0], firm.domain)), facts=Facts(firm.employees, founded_on(firm)),
    )  # fmt: skip
