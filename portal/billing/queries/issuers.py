"""The issuer and the tax treatments that hold on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, func, select

from portal.billing.enums import FeeProduct
from portal.billing.models import IssuerProfile, TaxTreatment
from portal.core.db import db
from portal.domain.tax import RoundingMode, TaxCategory

UNDECIDED = TaxCategory.STANDARD_10  # of a fee about which nobody has decided


def issuer_on(day: date) -> IssuerProfile | None:
    """The issuer's data valid on a day; None before the first is entered."""
    valid = select(IssuerProfile).where(IssuerProfile.valid_from <= day)
    return db.session.scalars(
        valid.order_by(IssuerProfile.valid_from.desc(), IssuerProfile.id.desc()).limit(1)
    ).first()


def rounding_on(day: date) -> RoundingMode | None:
    """How the issuer rounds tax on a day; None before the first issuer is entered."""
    return db.session.connection().scalar(_ROUNDING, {"day": day})


_issuers = IssuerProfile.__table__.c
_ROUNDING = (
    select(_issuers.rounding)
    .where(_issuers.valid_from <= bindparam("day", type_=_issuers.valid_from.type))
    .order_by(_issuers.valid_from.desc(), _issuers.id.desc())
    .limit(1)
)


def issuer_history() -> Sequence[IssuerProfile]:
    """All versions, the newest first."""
    statement = select(IssuerProfile).order_by(IssuerProfile.valid_from.desc(), IssuerProfile.id.desc())
    return db.session.scalars(statement.limit(100)).all()


def treatment_on(product: FeeProduct, day: date) -> TaxTreatment | None:
    """How a product is taxed on a day; None when nobody has decided."""
    valid = select(TaxTreatment).where(TaxTreatment.product == product, TaxTreatment.valid_from <= day)
    return db.session.scalars(
        valid.order_by(TaxTreatment.valid_from.desc(), TaxTreatment.id.desc()).limit(1)
    ).first()


def category_on(product: FeeProduct, day: date) -> TaxCategory:
    """The tax category that holds for a product on a day: the one place that knows it."""
    found: TaxCategory | None = db.session.connection().scalar(_CATEGORY, {"product": product, "day": day})
    return found or UNDECIDED


_treatments = TaxTreatment.__table__.c
_CATEGORY = (
    select(_treatments.category)
    .where(
        _treatments.product == bindparam("product", type_=_treatments.product.type),
        _treatments.valid_from <= bindparam("day", type_=_treatments.valid_from.type),
    )
    .order_by(_treatments.valid_from.desc(), _treatments.id.desc())
    .limit(1)
)


def treatments_on(day: date) -> dict[FeeProduct, TaxTreatment]:
    """The treatment of every product for which one was decided."""
    valid = select(TaxTreatment).where(TaxTreatment.valid_from <= day)
    ordered = valid.order_by(TaxTreatment.valid_from, TaxTreatment.id)
    return {treatment.product: treatment for treatment in db.session.scalars(ordered)}


def later_day(kind: type[IssuerProfile] | type[TaxTreatment], day: date, **same: object) -> date | None:
    """The first day after `day` from which another version holds; `same` narrows, as to one product."""
    following = select(func.min(kind.valid_from)).where(kind.valid_from > day)
    return db.session.scalar(following.filter_by(**same))
