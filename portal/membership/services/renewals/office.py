"""What the secretariat does by hand, each with its reason: more time, and taking somebody back in."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _, _l
from portal.domain.renewal_flow import Act, Party, RenewalState
from portal.domain.terms import FiscalYear
from portal.membership import renewal_mail
from portal.membership.models import ContractTerm, Renewal
from portal.membership.policy import may_keep_renewals
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.services.renewals.answers import decline
from portal.membership.services.renewals.asking import ask
from portal.membership.services.renewals.contracts import claim_to_stand_on, give_term_time, restore_term
from portal.membership.services.renewals.links import prolong_answer_links
from portal.membership.services.renewals.moves import NO_ANSWER, campaign_of, require_seen, take
from portal.membership.services.renewals.notices import plan_notices
from portal.membership.services.renewals.offers import refresh_offer
from portal.membership.services.terms import activate_term, hold_places

NOT_YOURS = _l("You cannot act on this renewal: it is closed to your role, or you belong to the company.")
SAY_WHY = _l("Please say why; it stands in the timeline.")
NO_MEMBER = _l(
    "The contract of the year before has ended, so there is no membership to renew. The company can apply."
)


def extend(
    *,
    renewal: Renewal,
    until: date,
    reason: str,
    by: Actor,
    seen: int | None = None,
    beyond_places: bool = False,
) -> None:
    """More time for the answer, or for the money once it has renewed. In grace without an answer it needs a place as a new one does.

    Raises Refused at `until`, `reason`, `beyond_places`, and while the claim is written off; OutOfDate.
    """
    require_seen(renewal, seen)
    _refuse_unfit(renewal, until, reason, by)
    is_payment = renewal.is_agreed
    if is_payment and renewal.term_id:
        claim_to_stand_on(renewal.term_id)
    if until <= renewal.standing.awaited_on:
        raise Refused(_l("The new day has to lie after the present one."), field="until")
    old = renewal.standing.awaited_on
    moved: dict[str, Any] = {"pay_by": until} if is_payment else {"deadline_on": until}
    if renewal.state is RenewalState.GRACE and not is_payment:
        moved["beyond_places"] = _take_place(renewal, beyond_places or renewal.beyond_places)
    take(
        renewal, Act.EXTEND, Party.OFFICE, by=by, seen=seen, note=reason.strip(),
        changes={"pay_by" if is_payment else "deadline_on": [old, until]}, **moved,
    )  # fmt: skip
    if is_payment and renewal.term_id:
        give_term_time(renewal.term_id, until, by)
    _open_again(renewal, is_payment)
    _tell(renewal, "renewal_extended", until, is_payment)


def reinstate(
    *,
    renewal: Renewal,
    until: date,
    reason: str,
    by: Actor,
    seen: int | None = None,
    beyond_places: bool = False,
) -> None:
    """Take a suspended, lapsed or declined renewal up again.

    Where its invoice is still open, contract and invoice stand again and `until` is the day for the money; where the money
    has come in the meantime, it is a member; else it gets a new offer, to be answered by `until`. Raises Refused at
    `until`, `reason`, `beyond_places` where others have every place, while the claim is written off, and where seats alone are left of
    the invoice; OutOfDate.
    """
    _refuse_unfit(renewal, until, reason, by)
    goes_beyond = not renewal.is_agreed and _take_place(renewal, beyond_places)
    owed = claim_to_stand_on(renewal.term_id) if renewal.term_id else None
    stands = owed is not None and (owed[1].state.is_owed or owed[1].debt.is_paid)
    if renewal.term_id and stands and not renewal.is_agreed:
        restore_term(renewal.term_id, by, beyond_places=goes_beyond)
    if stands and owed is not None:
        until = max(until, owed[1].due_on)
    values: dict[str, Any] = {"pay_by": until}
    if not stands:
        values = NO_ANSWER | {
            "deadline_on": until,
            "term_id": None,
            "pay_by": None,
            "beyond_places": goes_beyond,
        }
        values["from_term_id"] = _followed_contract(renewal)
    take(
        renewal, Act.REINSTATE, Party.OFFICE, by=by, seen=seen, note=reason.strip(), agreed=stands, is_agreed=stands,
        changes={"pay_by" if stands else "deadline_on": until}, **values,
    )  # fmt: skip
    if not stands:
        refresh_offer(renewal)
    _open_again(renewal, stands)
    if stands and renewal.term_id:
        give_term_time(renewal.term_id, until, by)
    if owed is not None and owed[1].debt.is_paid and renewal.term_id:
        activate_term(term_id=renewal.term_id, paid_on=owed[1].settled_on or clock.today())
        take(renewal, Act.PAY, Party.BOOKS, by=None)
        return
    _tell(renewal, "renewal_reinstated", until, stands)


def decline_by_telephone(
    *, renewal: Renewal, reason: DeclineReason, note: str, by: Actor, seen: int | None = None
) -> None:
    """The company told the secretariat that it does not renew; `note` says who told whom. Raises Refused at `note`; OutOfDate."""
    if not may_keep_renewals(by, renewal.organisation_id):
        raise Refused(NOT_YOURS)
    if not note.strip():
        raise Refused(_l("Please say who told you, and when."), field="note")
    decline(renewal=renewal, reason=reason, note=note.strip(), by=by, way=AnswerWay.TELEPHONE, seen=seen)


def _take_place(renewal: Renewal, beyond_places: bool) -> bool:
    """Whether it goes beyond the places from now on: by the tick, where others have them all. Raises Refused without it."""
    places = hold_places(renewal.fiscal_year)
    is_full = places is not None and places.is_full
    if places is not None and is_full and not beyond_places:
        raise Refused(
            _("All %(places)s places of this fiscal year are taken. Tick the box to go beyond them.", places=places.places),
            field="beyond_places",
        )  # fmt: skip
    return is_full


def _followed_contract(renewal: Renewal) -> int:
    """The contract of this year whose member is asked: its own, or where that was cancelled the one made since. Raises Refused."""
    mine = select(ContractTerm.id).where(
        ContractTerm.organisation_id == renewal.organisation_id,
        ContractTerm.fiscal_year == renewal.fiscal_year - 1,
        ContractTerm.cancelled_on.is_(None),
    )
    standing = db.session.scalar(mine)
    if standing is None:
        raise Refused(NO_MEMBER)
    return standing


def _tell(renewal: Renewal, event: str, until: date, is_payment: bool) -> None:
    if is_payment:
        renewal_mail.tell_more_time(renewal, event, until)
    else:
        ask(renewal, event, until=until, is_payment=False)


def _open_again(renewal: Renewal, is_payment: bool) -> None:
    if not is_payment:
        plan_notices(renewal, campaign_of(renewal).ladder)
        prolong_answer_links(renewal)


def _refuse_unfit(renewal: Renewal, until: date, reason: str, by: Actor) -> None:
    if not may_keep_renewals(by, renewal.organisation_id):
        raise Refused(NOT_YOURS)
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    if until <= clock.today():
        raise Refused(_l("Please choose a day after today."), field="until")
    last = FiscalYear(renewal.fiscal_year).ends_on
    if until > last:
        raise Refused(
            _("The fiscal year that is renewed for ends on %(day)s.", day=last.isoformat()), field="until"
        )


def is_reinstatable(renewal: Renewal) -> bool:
    """Whether it can be taken up again."""
    return renewal.state in (RenewalState.SUSPENDED, RenewalState.LAPSED, RenewalState.DECLINED)
