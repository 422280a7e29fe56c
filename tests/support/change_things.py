"""A company's wish for another tier and the seats proposed to it, as addresses name them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.seats import SeatState
from portal.domain.tax import TaxCategory
from portal.domain.tier_change_flow import ChangeKind, ChangeState
from portal.membership.models import ContractTerm, SeatArrangement, Tier, TierChange
from tests.support.marks import Side, Thing


def change_things(side: Side) -> dict[str, Thing]:
    """An open wish that the office has to look at, and seats that wait for the company, for its contract."""
    with transaction() as session:
        term = session.scalars(
            select(ContractTerm).where(ContractTerm.organisation_id == side.organisation_id)
        ).one()
        highest = select(Tier).order_by(Tier.annual_fee_yen.desc(), Tier.id.desc())
        tier = session.scalars(highest).first()
        assert tier is not None
        change = TierChange(
            organisation_id=side.organisation_id, term_id=term.id, kind=ChangeKind.UPGRADE, state=ChangeState.ASKED,
            tier_id=tier.id, once_key=f"world:{side.mark.latin}",
            terms={"to_pay_yen": side.mark.fee_yen, "asked_yen": side.mark.fee_yen, "given_back_yen": 0},
            before={"tier_id": term.tier_id, "tier": dict(term.tier_snapshot), "price": dict(term.price)}, evidence={},
            answer_by=clock.today() + timedelta(days=30), asked_by_id=side.people["company_admin"].id, asked_at=clock.now(),
            reason=f"{side.mark.word}より電話",
        )  # fmt: skip
        db.session.add(change)
        seats = SeatArrangement(
            organisation_id=side.organisation_id, term_id=term.id, state=SeatState.PROPOSED, seats=2,
            price_yen=side.mark.fee_yen, category=TaxCategory.STANDARD_10, once_key=f"world:{side.mark.latin}",
            answer_by=clock.today() + timedelta(days=30), note=f"{side.mark.word}の受講者枠", proposed_at=clock.now(),
        )  # fmt: skip
        db.session.add(seats)
    return {"term_id": term.id, "change_id": change.id, "seats_id": seats.id}
