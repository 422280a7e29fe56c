"""Send an application in: once, whole, with the wording accepted and the price fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.billing.services.numbers import next_number
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import _l
from portal.domain.application_flow import ApplicationState, Mover
from portal.domain.eligibility import evidence_of
from portal.domain.numbering import DocumentKind
from portal.membership import mail
from portal.membership.enums import RulesKind
from portal.membership.models import Acceptance, Application, ApplicationRevision, Tier
from portal.membership.prices import Price
from portal.membership.queries import attachments_of, current_rules, tier_for, was_member_before, window_of
from portal.membership.services.drafts import lock_application, require_open
from portal.membership.services.eligibility import judge
from portal.membership.services.moves import move
from portal.membership.services.tiers import prices_now

Answers = Mapping[str, Mapping[str, Any]]


def submit_application(
    *, application: Application, answers: Answers, accepted: Sequence[int], once: str, by: Actor
) -> Application:
    """Send in clean `answers` by page; `accepted` are the numbers of the wordings whose boxes were ticked.

    The same `once` key again gives the application as it stands. The first time is possible only while the window is
    open; a returned one may come back later. Raises Refused at `tier` (not eligible), at a kind of rules (not accepted
    or a newer wording), `company` (not settled), and OutOfDate when another was faster.
    """
    lock_application(application)
    standing = db.session.scalars(
        select(ApplicationRevision).where(ApplicationRevision.once_key == once)
    ).one_or_none()
    if standing is not None:
        if standing.application_id != application.id:
            raise NotFound
        return application
    if application.organisation_id is None:
        raise Refused(_l("Please complete the page on your company first."), field="company")
    if application.state is ApplicationState.DRAFT:
        require_open(application.fiscal_year)
    versions = accepted_versions(accepted)
    tier, evidence = _chosen(application, answers)
    frozen = frozen_price(tier, application.fiscal_year)
    order = str(answers.get("payment", {}).get("purchase_order_number") or "")[:60]
    _move(application, tier, evidence, frozen, order)
    revision = _freeze(application, answers, tier, evidence, frozen, once, by)
    for version_id in versions:
        db.session.add(
            Acceptance(
                application_id=application.id,
                revision=revision.number,
                rules_version_id=version_id,
                person_id=by.id,
                accepted_at=revision.submitted_at,
            )
        )
    db.session.flush()
    again = revision.number > 1
    record(
        verb="application.resubmitted" if again else "application.submitted",
        subject=application, organisation_id=application.organisation_id, by=by, audience=Audience.PARTY,
        changes={"receipt_number": application.receipt_number, "tier": tier.code, "revision": revision.number},
    )  # fmt: skip
    mail.tell_received(application)
    mail.tell_office(application)
    return application


def price_now(tier: Tier, fiscal_year: int) -> Price:
    """The price as `prices_now` has it."""
    return prices_now([tier], fiscal_year)[0]


def frozen_price(tier: Tier, fiscal_year: int) -> dict[str, Any]:
    """The price and the tier as they are now, JSON-ready, to be kept with an application or an offer."""
    return price_now(tier, fiscal_year).as_document() | {"tier": tier.snapshot().as_document()}


def _move(
    application: Application, tier: Tier, evidence: dict[str, Any], price: dict[str, Any], order: str
) -> None:
    first = application.receipt_number is None
    number = (
        str(next_number(DocumentKind.APPLICATION, clock.today())) if first else application.receipt_number
    )
    move(
        application,
        ApplicationState.SUBMITTED,
        Mover.APPLICANT,
        revision=application.revision,
        receipt_number=number,
        submitted_at=application.submitted_at or clock.now(),
        tier_id=tier.id,
        eligibility=evidence,
        price=price,
        purchase_order=order,
        is_by_arrangement=evidence["by_arrangement"],
        is_priority=application.is_priority or _is_priority(application),
        checked_by_id=None,
        checked_at=None,
        checklist=None,
    )


def _freeze(
    application: Application,
    answers: Answers,
    tier: Tier,
    evidence: dict[str, Any],
    price: dict[str, Any],
    once: str,
    by: Actor,
) -> ApplicationRevision:
    application.revision += 1
    revision = ApplicationRevision(
        application_id=application.id,
        number=application.revision,
        once_key=once,
        content=plain_answers(answers),
        files=[
            {"id": a.id, "name": a.file.name, "kind": a.kind.value, "sha256": a.file.sha256}
            for a in attachments_of(application)
        ],
        tier_code=tier.code,
        eligibility=evidence,
        price=price,
        submitted_by_id=by.id,
        submitted_at=clock.now(),
    )
    db.session.add(revision)
    db.session.flush()
    return revision


def _chosen(application: Application, answers: Answers) -> tuple[Tier, dict[str, Any]]:
    """The chosen tier with what was found of every tier that day, ready to be kept."""
    code = str(answers.get("tier", {}).get("tier") or "")
    if tier_for(code, application.fiscal_year) is None:
        raise Refused(_l("Please choose a tier."), field="tier")
    judged = judge(answers, application.fiscal_year)
    tier, verdict = next(pair for pair in judged if pair[0].code == code)
    if not verdict.is_eligible:
        raise Refused(
            _l("Your company does not meet the conditions of this tier today. Please choose another."),
            field="tier",
        )
    return tier, evidence_of(verdict, [each for _tier, each in judged])


def accepted_versions(accepted: Sequence[int]) -> list[int]:
    """Numbers of the wordings in force; raises Refused at the first kind of which another wording, or none, was accepted."""
    current = current_rules()
    for kind in RulesKind:
        version = current.get(kind)
        if version is None:
            raise Refused(
                _l("This text has not been published yet. Please ask the secretariat."), field=kind.value
            )
        if version.id not in accepted:
            raise Refused(_l("Please read the present wording and tick the box."), field=kind.value)
    return [version.id for version in current.values()]


def _is_priority(application: Application) -> bool:
    window = window_of(application.fiscal_year)
    in_time = window is not None and (window.priority_until is None or clock.now() <= window.priority_until)
    return in_time and was_member_before(application.organisation_id or 0, application.fiscal_year)


def plain_answers(answers: Answers) -> dict[str, dict[str, Any]]:
    """Answers as they are kept: days as text."""
    return {
        page: {
            name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
        }
        for page, values in answers.items()
    }
