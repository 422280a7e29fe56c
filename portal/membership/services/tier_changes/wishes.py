"""Move down: noted now, offered with the renewal of the next fiscal year, withdrawable until that is decided."""

from __future__ import annotations

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.eligibility import Verdict, evidence_of
from portal.domain.tier_change_flow import ChangeKind, ChangeState, last_day
from portal.membership import tier_mail
from portal.membership.models import ContractTerm, Tier, TierChange
from portal.membership.queries.renewals import renewal_in
from portal.membership.queries.tier_changes import is_changeable
from portal.membership.renewing import UNANSWERED
from portal.membership.services.renewals.choice import NOT_OPEN, judged_tiers
from portal.membership.services.renewals.offers import offer_anew
from portal.membership.services.tier_changes.moves import locked_term, note, refuse_second, take
from portal.membership.services.tier_changes.planning import NO_TERM

DECIDED = _l("The renewal for the next fiscal year is decided already. Please ask the secretariat.")


def lower_tiers(term: ContractTerm, organisation: Organisation) -> list[tuple[Tier, Verdict]]:
    """Tiers of the next fiscal year below the present one, each with its verdict on today's data."""
    fee = term.snapshot.annual_fee_yen
    judged = judged_tiers(organisation, term.fiscal_year + 1)
    return [pair for pair in judged if pair[0].annual_fee_yen < fee and not pair[0].is_monitor]


def is_undecided(term: ContractTerm) -> bool:
    """Whether the company's renewal for the next fiscal year can still go at another tier."""
    renewal = renewal_in(term.organisation_id, term.fiscal_year + 1)
    return renewal is None or (renewal.state in UNANSWERED and not renewal.is_agreed)


def plan_downgrade(*, term_id: int, code: str, once: str, by: Actor) -> TierChange:
    """Note a lower tier for the next fiscal year; the same `once` gives the first result. Raises Refused at `tier`."""
    term = locked_term(term_id)
    standing = db.session.scalars(select(TierChange).where(TierChange.once_key == once)).one_or_none()
    if standing is not None:
        return standing
    refuse_second(term)
    if not is_changeable(term):
        raise Refused(NO_TERM)
    if not is_undecided(term):
        raise Refused(DECIDED)
    organisation = db.session.get_one(Organisation, term.organisation_id)
    judged = lower_tiers(term, organisation)
    found = next((pair for pair in judged if pair[0].code == code), None)
    if found is None:
        raise Refused(_l("Please choose a tier."), field="tier")
    if not found[1].is_eligible:
        raise Refused(NOT_OPEN, field="tier")
    change = _write(term, found[0], evidence_of(found[1], [each for _t, each in judged]), once, by)
    note(change, by=by, changes={"tier": [term.tier_code, code]})
    offer_anew(term)
    tier_mail.tell_planned(change)
    return change


def withdraw_change(*, change: TierChange, by: Actor) -> None:
    """The company takes its wish back while it is open. Raises Refused once the renewal is decided; OutOfDate."""
    term = locked_term(change.term_id)
    if change.kind is ChangeKind.DOWNGRADE and not is_undecided(term):
        raise Refused(DECIDED)
    take(change, ChangeState.WITHDRAWN, by=by)
    if change.kind is ChangeKind.DOWNGRADE:
        offer_anew(term)
    tier_mail.tell_withdrawn(change)


def _write(term: ContractTerm, tier: Tier, evidence: dict[str, object], once: str, by: Actor) -> TierChange:
    change = TierChange(
        organisation_id=term.organisation_id,
        term_id=term.id,
        kind=ChangeKind.DOWNGRADE,
        state=ChangeState.PLANNED,
        tier_id=tier.id,
        once_key=once,
        before={"tier_id": term.tier_id, "tier": dict(term.tier_snapshot), "price": dict(term.price)},
        evidence=evidence,
        answer_by=last_day(ChangeKind.DOWNGRADE, clock.today(), term.ends_on),
        asked_by_id=by.id,
        asked_at=clock.now(),
    )
    db.session.add(change)
    db.session.flush()
    return change
