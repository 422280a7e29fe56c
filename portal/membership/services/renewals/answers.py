"""What a member answers: renew, at the offered tier or another, or decline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.accounts.models import Organisation
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.renewal_flow import Act, Party, RenewalState, pay_by
from portal.membership import renewal_mail
from portal.membership.models import ContractTerm, Renewal, RenewalAcceptance, Tier
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.services.invoices import invoice_to
from portal.membership.services.renewals.buyers import renewal_buyer
from portal.membership.services.renewals.choice import NOTHING_NEW, Choice, Facts, choose, keep_facts
from portal.membership.services.renewals.links import forget_answer_links
from portal.membership.services.renewals.moves import take
from portal.membership.services.renewals.notices import stop_notices
from portal.membership.services.seat_lines import carry_over, going_on, renewal_lines, seats_of_next
from portal.membership.services.submission import accepted_versions, frozen_price
from portal.membership.services.terms import add_term, hold_places

NO_PLACE = _l("All places of this fiscal year are taken. Please ask the secretariat; it keeps a list.")
NO_TIER = _l("Please choose a tier: the one of this year is not open to your company next year.")


def renew(
    *,
    renewal: Renewal,
    accepted: Sequence[int],
    by: Actor | int,
    way: AnswerWay = AnswerWay.PORTAL,
    tier_code: str = "",
    facts: Facts = NOTHING_NEW,
    purchase_order: str = "",
    seen: int | None = None,
) -> ContractTerm:
    """Renew at the offered tier, or at `tier_code`: the contract for the next year and its invoice come about at once.

    `accepted` are the numbers of the wordings that were accepted, `seen` the version that the page showed. Raises
    Refused at `tier`, `employees`, `founded_on` or a kind of rules; OutOfDate when it was answered before.
    """
    organisation = db.session.get_one(Organisation, renewal.organisation_id)
    offered = db.session.get(Tier, renewal.tier_id) if renewal.tier_id else None
    code = tier_code or (offered.code if offered else "")
    if not code:
        raise Refused(NO_TIER, field="tier")
    places = hold_places(renewal.fiscal_year)
    versions = accepted_versions(accepted)
    choice = choose(organisation, renewal.fiscal_year, code, facts)
    take(
        renewal, Act.RENEW, Party.MEMBER, by=by, seen=seen, is_agreed=True, evidence=choice.evidence,
        answered_at=clock.now(), answered_by_id=_id(by), answer_way=way,
        changes={"tier": code, "answer_way": way},
    )  # fmt: skip
    is_held, is_let = _held(renewal), renewal.beyond_places
    if places is not None and not is_let and not places.has_room(is_held=is_held):
        raise Refused(NO_PLACE, field="tier")
    goes_beyond = places is not None and is_let and places.are_others(is_held=is_held)
    told_on = keep_facts(organisation, facts, by)
    term = _agree(renewal, organisation, choice, offered, purchase_order, by, told_on, goes_beyond)
    _accept(renewal, versions, by)
    stop_notices(renewal)
    forget_answer_links(renewal)
    return term


def decline(
    *,
    renewal: Renewal,
    reason: DeclineReason,
    by: Actor | int,
    note: str = "",
    way: AnswerWay = AnswerWay.PORTAL,
    seen: int | None = None,
) -> None:
    """The member does not renew. The membership of this year goes on to its end. Raises OutOfDate."""
    party = Party.OFFICE if way is AnswerWay.TELEPHONE else Party.MEMBER
    take(
        renewal, Act.DECLINE, party, by=by, seen=seen, note=note, answered_at=clock.now(), answered_by_id=_id(by),
        answer_way=way, decline_reason=reason, decline_note=note, changes={"decline_reason": reason, "answer_way": way},
    )  # fmt: skip
    stop_notices(renewal)
    forget_answer_links(renewal)
    renewal_mail.decline(renewal)


def _held(renewal: Renewal) -> bool:
    """Whether a place was held for it: it answers in time."""
    return clock.today() <= renewal.deadline_on


def _agree(
    renewal: Renewal,
    organisation: Organisation,
    choice: Choice,
    offered: Tier | None,
    purchase_order: str,
    by: Actor | int,
    told_on: date | None,
    goes_beyond: bool,
) -> ContractTerm:
    before = db.session.get_one(ContractTerm, renewal.from_term_id)
    is_offered = offered is not None and offered.code == choice.tier.code
    price = renewal.price if is_offered and renewal.price else frozen_price(choice.tier, renewal.fiscal_year)
    going = going_on(before)
    term = add_term(
        organisation=organisation, tier=choice.tier, price=price, fiscal_year=renewal.fiscal_year,
        first_day=clock.today(), by=by, agreed_seats=seats_of_next(before, choice.tier, going), beyond_places=goes_beyond,
    )  # fmt: skip
    buyer, language = renewal_buyer(organisation, before)
    invoice = invoice_to(
        term=term,
        buyer=buyer,
        organisation=organisation,
        language=language,
        by=by,
        purchase_order=purchase_order,
        more=renewal_lines(going, renewal.fiscal_year),
        not_before=renewal.deadline_on,
    )
    carry_over(going, term, invoice, by)
    take(
        renewal, Act.INVOICE, Party.MEMBER, by=by, term_id=term.id, pay_by=pay_by(renewal.deadline_on, invoice.due_on),
        changes={"number": invoice.number}, facts_told_on=told_on,
    )  # fmt: skip
    renewal_mail.confirm(renewal, term, invoice)
    return term


def _accept(renewal: Renewal, versions: Sequence[int], by: Actor | int) -> None:
    now = clock.now()
    for version_id in versions:
        db.session.add(
            RenewalAcceptance(
                renewal_id=renewal.id, version=renewal.version, rules_version_id=version_id, person_id=_id(by),
                accepted_at=now,
            )
        )  # fmt: skip
    db.session.flush()


def _id(by: Actor | int) -> int:
    return by.id if isinstance(by, Actor) else by


def is_answerable(renewal: Renewal) -> bool:
    """Whether the member may renew or decline now."""
    return not renewal.is_agreed and renewal.state in (RenewalState.OFFERED, RenewalState.GRACE)
