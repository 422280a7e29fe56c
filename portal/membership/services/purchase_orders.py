"""The purchase order number of an application that was sent in: it may come later, until the invoice is issued."""

from __future__ import annotations

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate
from portal.core.i18n import _l
from portal.membership.models import Application
from portal.membership.policy import may_change_order
from portal.membership.services.drafts import lock_application

ISSUED = _l(
    "The invoice has been issued; what stands on it can no longer be changed. Please ask the secretariat."
)


def set_purchase_order(*, application: Application, number: str, by: Actor) -> Application:
    """Keep `number` (may be empty) for the invoice. Raises OutOfDate once nothing will be invoiced, or has been.

    The draft is changed with it, so that an application that comes back for correction says the same.
    """
    locked = lock_application(application)
    if not may_change_order(locked):
        raise OutOfDate(ISSUED)
    old = locked.purchase_order
    if number == old:
        return locked
    locked.purchase_order = number
    locked.draft = {
        **locked.draft,
        "payment": {**locked.drafted("payment"), "purchase_order_number": number},
    }
    db.session.flush()
    record(
        verb="application.order_number_set", subject=locked, organisation_id=locked.organisation_id, by=by,
        audience=Audience.PARTY, changes={"purchase_order": [old, number]},
    )  # fmt: skip
    return locked
