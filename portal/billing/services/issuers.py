"""Keep the issuer's data and the tax treatment of fees; each change is a new row, so past documents stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.audit.services import record
from portal.billing.enums import FeeProduct
from portal.billing.models import IssuerProfile, TaxTreatment
from portal.billing.queries.issuers import issuer_on
from portal.billing.services.bills import person_id
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.due_dates import DueRule
from portal.domain.organisation_numbers import check_registration_number
from portal.domain.tax import RoundingMode, TaxCategory

_KEPT = ("id", "valid_from", "created_at", "created_by_id")


def set_issuer_profile(*, valid_from: date, by: Actor | int | None, **values: Any) -> IssuerProfile:
    """Enter the issuer's data from a day on (columns of IssuerProfile); raises Refused at the field that is wrong."""
    before = issuer_on(valid_from)
    profile = IssuerProfile(
        valid_from=valid_from,
        created_at=clock.now(),
        created_by_id=person_id(by),
        **checked_issuer(values),
    )
    db.session.add(profile)
    db.session.flush()
    record(verb="issuer.changed", subject=profile, by=by, changes=_changes(before, profile))
    return profile


def checked_issuer(values: Mapping[str, Any]) -> dict[str, Any]:
    """The data as they are kept; raises Refused at the field that is wrong."""
    _check_due_rule(values.get("due_rule", "end_of_next_month"))
    return {
        **values,
        "registration_number": _registration_number(str(values.get("registration_number") or "")),
        "rounding": RoundingMode(values.get("rounding", RoundingMode.FLOOR)),
    }


def set_tax_treatment(
    *,
    product: FeeProduct,
    valid_from: date,
    category: TaxCategory,
    by: Actor | int | None,
    notice_ja: str = "",
    notice_en: str = "",
) -> TaxTreatment:
    """Decide how a product is taxed from a day on, and what members are told about it."""
    treatment = TaxTreatment(
        product=product,
        valid_from=valid_from,
        category=category,
        notice_ja=notice_ja,
        notice_en=notice_en,
        created_at=clock.now(),
        created_by_id=person_id(by),
    )
    db.session.add(treatment)
    db.session.flush()
    record(
        verb="tax.decided",
        subject=treatment,
        by=by,
        changes={"product": product, "category": category, "valid_from": valid_from},
    )
    return treatment


def _registration_number(typed: str) -> str:
    if not typed.strip():
        return ""
    checked = check_registration_number(typed)
    if not checked.is_valid:
        raise Refused(
            _l(
                "This is no registration number: T and 13 digits with a right check digit. Leave it empty when not registered."
            ),
            field="registration_number",
        )
    return checked.number


def _check_due_rule(text: str) -> None:
    try:
        DueRule.parse(text)
    except ValueError:
        raise Refused(_l("Please choose when invoices are due."), field="due_rule") from None


def _changes(before: IssuerProfile | None, after: IssuerProfile) -> dict[str, Any]:
    names = [column.name for column in IssuerProfile.__table__.columns if column.name not in _KEPT]
    changed = {name: [getattr(before, name, None), getattr(after, name)] for name in names}
    return {name: pair for name, pair in changed.items() if pair[0] != pair[1]} | {
        "valid_from": after.valid_from
    }
