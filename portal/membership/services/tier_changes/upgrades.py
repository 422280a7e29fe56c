"""Move up in the middle of a term: the company agrees, or the office writes down that it did; a venture is looked at first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.eligibility import evidence_of
from portal.domain.tier_change_flow import ChangeKind, ChangeState, last_day
from portal.membership import tier_mail
from portal.membership.models import ContractTerm, TierChange
from portal.membership.policy import may_keep_renewals
from portal.membership.services.renewals.choice import (
    NOT_OPEN,
    NOTHING_NEW,
    Facts,
    choose,
    judged_tiers,
    keep_facts,
)
from portal.membership.services.tier_changes.moves import CHANGED, locked_term, note, refuse_second, take
from portal.membership.services.tier_changes.papers import carry_out
from portal.membership.services.tier_changes.planning import ChangePlan, plan_upgrade

NOT_YOURS = _l("You cannot decide on this change: it is closed to your role, or you belong to the company.")
SAY_WHO = _l("Please say who agreed for the company, and when.")
DEARER = _l(
    "The change would cost more today than the company agreed to. Please decline it and ask the company again."
)


def change_tier(
    *,
    term_id: int,
    code: str,
    seen: str,
    once: str,
    by: Actor,
    facts: Facts = NOTHING_NEW,
    purchase_order: str = "",
    note_of_consent: str | None = None,
) -> TierChange:
    """The company agrees to the change whose `seen` fingerprint its page showed; the same `once` gives the first result.

    Where the rule of the tier asks for judgement, the office looks at it first. `note_of_consent` is given by the office,
    which writes down that the company agreed. Raises Refused at `tier`, `employees`, `founded_on`, `note`; OutOfDate.
    """
    term = locked_term(term_id)
    standing = db.session.scalars(select(TierChange).where(TierChange.once_key == once)).one_or_none()
    if standing is not None:
        return standing
    refuse_second(term)
    organisation = db.session.get_one(Organisation, term.organisation_id)
    _refuse_unfit(organisation, note_of_consent, by)
    choice = choose(organisation, term.fiscal_year, code, facts)
    plan = plan_upgrade(term, choice.tier)
    if plan.fingerprint != seen:
        raise OutOfDate(CHANGED)
    keep_facts(organisation, facts, by)
    change = _write(term, plan, choice.evidence, once, by, note_of_consent or "", purchase_order)
    if plan.is_reviewed and note_of_consent is None:
        note(change, by=by, changes={"tier": [term.tier_code, code]})
        tier_mail.tell_asked(change)
    else:
        carry_out(change, term, plan, by=by, purchase_order=purchase_order)
    return change


def approve_change(*, change: TierChange, seen: str, by: Actor) -> None:
    """The office finds the company fit: the change is made as of today, never dearer than agreed. Raises Refused, OutOfDate."""
    _require_office(change, by)
    term = locked_term(change.term_id)
    organisation = db.session.get_one(Organisation, term.organisation_id)
    found = [pair for pair in judged_tiers(organisation, term.fiscal_year) if pair[0].id == change.tier_id]
    if not found or not found[0][1].is_eligible:
        raise Refused(NOT_OPEN)
    plan = plan_upgrade(term, found[0][0])
    agreed = change.terms or {}
    if plan.cost.asked_yen - plan.cost.given_back_yen > agreed["asked_yen"] - agreed["given_back_yen"]:
        raise Refused(DEARER)
    if plan.fingerprint != seen:
        raise OutOfDate(CHANGED)
    change.evidence = evidence_of(found[0][1], [])
    carry_out(change, term, plan, by=by, purchase_order=str(agreed.get("purchase_order") or ""))


def decline_change(*, change: TierChange, reason: str, by: Actor) -> None:
    """The office says no, and why. Raises Refused at `reason`; OutOfDate."""
    _require_office(change, by)
    if not reason.strip():
        raise Refused(_l("Please say why; the company reads it."), field="reason")
    take(change, ChangeState.DECLINED, by=by, reason=reason.strip())
    tier_mail.tell_closed(change)


def _require_office(change: TierChange, by: Actor) -> None:
    if not may_keep_renewals(by, change.organisation_id):
        raise Refused(NOT_YOURS)
    if change.state is not ChangeState.ASKED:
        raise OutOfDate(CHANGED)


def _refuse_unfit(organisation: Organisation, note_of_consent: str | None, by: Actor) -> None:
    if note_of_consent is None:
        return
    if not may_keep_renewals(by, organisation.id):
        raise Refused(NOT_YOURS)
    if not note_of_consent.strip():
        raise Refused(SAY_WHO, field="note")


def _write(
    term: ContractTerm,
    plan: ChangePlan,
    evidence: dict[str, Any],
    once: str,
    by: Actor,
    reason: str,
    purchase_order: str,
) -> TierChange:
    change = TierChange(
        organisation_id=term.organisation_id,
        term_id=term.id,
        kind=ChangeKind.UPGRADE,
        state=ChangeState.ASKED,
        tier_id=plan.tier.id,
        once_key=once,
        terms=plan.as_terms() | {"purchase_order": purchase_order},
        before={"tier_id": term.tier_id, "tier": dict(term.tier_snapshot), "price": dict(term.price)},
        evidence=evidence,
        answer_by=last_day(ChangeKind.UPGRADE, clock.today(), term.ends_on),
        asked_by_id=by.id,
        asked_at=clock.now(),
        reason=reason.strip(),
    )
    db.session.add(change)
    db.session.flush()
    return change
