"""What one company has gone through: joined this year, applied for the next, drafting the one after; and all its papers.

Everything a company owns carries its mark, a word that stands nowhere else: found on a page of the other company, it is a
leak.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person, UserSession
from portal.accounts.session import token_hash
from portal.billing.models import Invoice
from portal.billing.services.payments import record_bank_payment
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import transaction
from portal.membership import services as membership
from portal.membership.enums import AttachmentKind, Decision, RulesKind
from portal.membership.models import Application, ApplicationCollaborator, Attachment, RulesVersion
from tests.support.change_things import change_things
from tests.support.company_things import canaries_of, offers_of, papers_of
from tests.support.marks import YEAR, Mark, Side, Thing, secret_of
from tests.support.people import actor_of, company, person
from tests.support.uploads import png


def open_windows(by: Person) -> None:
    """Three fiscal years take applications, and there is wording to accept."""
    who = actor_of(by)
    with transaction():
        for year in range(YEAR, YEAR + 3):
            membership.save_window(
                fiscal_year=year,
                opens_at=clock.now() - timedelta(days=60),
                closes_at=clock.now() + timedelta(days=60),
                places=40,
                by=who,
            )
        for kind in RulesKind:
            membership.publish_rules(
                kind=kind,
                version="1",
                text_ja=f"{kind}の本文",
                text_en=f"Text of {kind}",
                effective_on=date(2026, 4, 1),
                by=who,
            )


def tell(mark: Mark, checker: Person, decider: Person, *, roles: dict[str, Role]) -> Side:
    """The whole story of one company; everything is in the database afterwards."""
    body = company(
        f"{mark.word}製薬株式会社", name_kana=f"{mark.kana}セイヤク", name_en=f"{mark.latin.title()} Pharma K.K.",
        address=f"見本県{mark.word}市1-2-3", postal_code="000-0001",
    )  # fmt: skip
    people = {
        name: person(at=body, roles=(role,), name=f"{mark.word} {name}", email=f"{name}@{mark.latin}.example")
        for name, role in roles.items()
    }
    side = Side(mark, body.id, people, [who.id for who in people.values()])
    admin = actor_of(people["company_admin"])
    joined = _join(side, admin, actor_of(checker), actor_of(decider))
    _apply(side, admin, YEAR + 1)
    draft = _draft(side, admin)
    side.things |= {
        "organisation_id": body.id,
        "person_id": people["participant"].id,
        "application_id": draft.id,
        "membership_staff:application_id": _application(side, YEAR + 1).id,
    }
    side.things |= _shared(draft, side, admin) | papers_of(body, side, joined) | offers_of(body, side, admin)
    side.things |= change_things(side)
    side.canaries = canaries_of(side)
    return side


def _answers(side: Side) -> dict[str, dict[str, Any]]:
    mark, body = side.mark, db.session.get_one(Organisation, side.organisation_id)
    someone = {
        "name": f"{mark.word} 花子", "name_kana": f"{mark.kana} ハナコ", "email": f"office@{mark.latin}.example",
        "telephone": "00-0000-0001", "department": f"{mark.word}部", "title": "部長",
    }  # fmt: skip
    return {
        "company": {
            "corporate_number": body.corporate_number, "name_ja": body.name_ja, "name_kana": body.name_kana,
            "name_en": body.name_en, "postal_code": "000-0001", "address": body.address,
        },
        "profile": {
            "head_title": "代表取締役", "head_name": f"{mark.word} 一郎", "founded_on": date(1990, 4, 1), "capital_yen": 100_000_000,
            "employees": 1200, "industry": "pharma", "website": f"https://www.{mark.latin}.example/",
        },
        "tier": {"tier": mark.tier, "learners_wanted": 0},
        "representative": someone,
        "contact": someone,
        "billing": someone,
        "plan": {"plan": f"{mark.word}の計画"},
        "interests": {"priority_areas": [], "working_groups": []},
        "payment": {"payment_way": "bank_transfer", "purchase_order_number": f"PO-{mark.latin}"},
    }  # fmt: skip


def _apply(side: Side, by: Actor, year: int) -> Application:
    with transaction():
        made = membership.start_application(
            fiscal_year=year, once=f"{side.mark.latin}-{year}", by=by, organisation_id=side.organisation_id
        )
        kept = _attach(made, side, by)
        versions = [row.id for row in db.session.scalars(select(RulesVersion))]
        membership.submit_application(
            application=made,
            answers=_answers(side),
            accepted=versions,
            once=f"{side.mark.latin}-{year}-sent",
            by=by,
        )
        side.things["membership_staff:attachment_id"] = kept.id
    return made


def _join(side: Side, by: Actor, checker: Actor, decider: Actor) -> Invoice:
    """Apply, be checked, approved and billed; the invoice of the fee is paid, so there is a receipt."""
    made = _apply(side, by, YEAR)
    with transaction():
        membership.check_application(application=made, by=checker, checklist={})
        term = membership.decide_application(
            application=made,
            decision=Decision.APPROVE,
            decided_on=clock.today(),
            minute_reference="議事録1",
            by=decider,
        )
        assert term is not None
        side.things["term_id"] = term.id
    invoice = db.session.scalars(
        select(Invoice).where(Invoice.organisation_id == side.organisation_id).order_by(Invoice.id)
    ).one()
    with transaction():
        record_bank_payment(
            invoice=invoice, amount_yen=invoice.total_yen, received_on=clock.today(), payer_name=f"ｶ){side.mark.kana}",
            by=checker, once=f"{side.mark.latin}-paid",
        )  # fmt: skip
    return invoice


def _draft(side: Side, by: Actor) -> Application:
    with transaction():
        made = membership.start_application(
            fiscal_year=YEAR + 2, once=f"{side.mark.latin}-draft", by=by, organisation_id=side.organisation_id
        )
        membership.save_draft(
            application=made,
            page="plan",
            typed={"plan": f"{side.mark.word}の秘密の計画"},
            editor="first",
            seen=0,
            by=by,
        )
    with transaction():
        attachment = _attach(made, side, by)
        side.things |= {"attachment_id": attachment.id, "file_id": attachment.file_id}
    return made


def _attach(application: Application, side: Side, by: Actor) -> Attachment:
    drawing = FileStorage(io.BytesIO(png()), f"{side.mark.word}の計画.png")
    return membership.add_attachment(
        application=application, storage=drawing, kind=AttachmentKind.PLAN, by=by
    )


def _application(side: Side, year: int) -> Application:
    mine = (Application.organisation_id == side.organisation_id, Application.fiscal_year == year)
    return db.session.scalars(select(Application).where(*mine)).one()


def _shared(draft: Application, side: Side, by: Actor) -> dict[str, Thing]:
    """A colleague outside was asked to help with the draft."""
    with transaction() as session:
        asked = membership.share_application(
            application=draft, email=f"helper@{side.mark.latin}.example", by=by
        )
        asked.token_hash = token_hash(secret := secret_of(side.mark, "share"))
        session.flush()
        assert isinstance(asked, ApplicationCollaborator)
        return {"collaborator_id": asked.id, "token": secret}


def sessions_of(person_id: int) -> list[int]:
    """Numbers of somebody's sessions, oldest first."""
    return list(
        db.session.scalars(
            select(UserSession.id).where(UserSession.person_id == person_id).order_by(UserSession.id)
        )
    )
