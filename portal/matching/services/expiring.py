"""Offers that nobody has answered end by the clock; the company is told that the place is free again."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.conditional import rows_changed
from portal.core.db import db
from portal.core.transaction import transaction
from portal.matching import offer_mail
from portal.matching.enums import OfferState
from portal.matching.models import RollingOffer


def end_expired() -> None:
    """Each in a transaction of its own; begun again, nobody is told twice."""
    for offer_id in _expired():
        with transaction():
            end_where(RollingOffer.id == offer_id)


def end_where(*which: ColumnElement[bool]) -> None:
    """Those of them that have run out, inside a transaction of the caller."""
    for offer_id in _expired(*which):
        stands = (RollingOffer.id == offer_id, RollingOffer.state == OfferState.OPEN)
        if rows_changed(update(RollingOffer).where(*stands).values(state=OfferState.EXPIRED)):
            offer = db.session.get_one(RollingOffer, offer_id, populate_existing=True)
            record(
                verb="rolling_offer.expired", subject=offer, organisation_id=offer.organisation_id, by=None, audience=Audience.PARTY,
                changes={"person": offer.student_id},
            )  # fmt: skip
            offer_mail.tell_company(offer)


def _expired(*which: ColumnElement[bool]) -> list[int]:
    over = (RollingOffer.state == OfferState.OPEN, RollingOffer.expires_at <= clock.now())
    return list(
        db.session.scalars(select(RollingOffer.id).where(*over, *which).order_by(RollingOffer.id)).all()
    )
