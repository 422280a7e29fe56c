"""What a company and the office do in the story, by the features' own services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from portal.accounts.enums import STAFF_ROLES
from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.services import affiliate
from portal.accounts.services.invitations import invite_person
from portal.accounts.session import mandate
from portal.billing.models import Invoice
from portal.billing.services.payments import record_bank_payment
from portal.cli.demo.answers import answers_of, as_typed
from portal.cli.demo.firms import Firm
from portal.cli.demo.house import welcome
from portal.cli.demo.people import ADMINISTRATOR, CHECKER, COMMITTEE, SECOND
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.domain.documents import PartySnapshot
from portal.membership.enums import Decision
from portal.membership.models import Application, ContractTerm
from portal.membership.queries import current_rules, tier_for
from portal.membership.services import (
    check_application,
    decide_application,
    finish_page,
    price_now,
    quote_tier,
    return_application,
    save_draft,
    start_application,
    submit_application,
)
from portal.membership.services.invoices import SOURCE

CHECKLIST = ("corporate_number", "tier", "people", "plan", "pledge")


@dataclass
class Cast:
    """Who and what there is by now."""

    office: dict[str, Person] = field(default_factory=dict)
    applications: dict[tuple[int, int], int] = field(
        default_factory=dict
    )  # (firm's serial, fiscal year) -> id

    def application(self, firm: Firm, year: int) -> Application:
        return db.session.get_one(Application, self.applications[firm.serial, year])


def acting(person: Person) -> Actor:
    """The person as services know those who act."""
    rows = db.session.execute(
        select(Affiliation.organisation_id, Organisation.name_ja, Affiliation.role)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Affiliation.person_id == person.id, Affiliation.ended_at.is_(None))
    )
    mandates = tuple(mandate(row[0], row[1], row[2]) for row in rows)
    return Actor(
        id=person.id, name=person.name, email=person.email, language=person.language, session_id=0, token="",
        mandates=mandates, staff_roles=frozenset(m.role for m in mandates) & STAFF_ROLES,
    )  # fmt: skip


def begin(cast: Cast, firm: Firm, year: int, *, pages: int | None = None) -> None:
    """Begin an application and fill in its first `pages` pages (all when None)."""
    person = welcome(firm.people[0], firm.domain)
    standing = organisation_of(firm)
    application = start_application(
        fiscal_year=year, once=f"demo-{firm.serial}-{year}", by=acting(person),
        organisation_id=standing.id if standing else None,
    )  # fmt: skip
    cast.applications[firm.serial, year] = application.id
    for place, (name, values) in enumerate(answers_of(firm).items()):
        if pages is not None and place >= pages:
            break
        by = acting(person)
        seen = application.page_version(name)
        save_draft(
            application=application,
            page=name,
            typed=as_typed(values),
            editor="demo",
            seen=seen,
            by=by,
            overwrite=True,
        )
        finish_page(application=application, page=name, values=values, by=by)
    if standing is None and (pages is None or pages > 0):
        bring_colleagues(firm)


def bring_colleagues(firm: Firm) -> None:
    """Everybody else of the company takes up their roles."""
    organisation = organisation_of(firm)
    if organisation is None:
        return
    for human in firm.people[1:]:
        person = welcome(human, firm.domain)
        for role in human.roles:
            affiliate(person, organisation, role, department=human.department, title=human.title)


def send_in(cast: Cast, firm: Firm, year: int) -> None:
    """Send the application in, or in again."""
    application = cast.application(firm, year)
    submit_application(
        application=application,
        answers=answers_of(firm),
        accepted=[version.id for version in current_rules().values()],
        once=f"demo-{firm.serial}-{year}-{application.revision}",
        by=acting(welcome(firm.people[0], firm.domain)),
    )


def check(cast: Cast, firm: Firm, year: int) -> None:
    """The secretariat finds everything in order."""
    application = cast.application(firm, year)
    check_application(
        application=application,
        by=acting(cast.office[CHECKER.box]),
        checklist=dict.fromkeys(CHECKLIST, True),
        agreed_seats=firm.learners if application.is_by_arrangement else None,
    )


def send_back(cast: Cast, firm: Firm, year: int) -> None:
    """The secretariat asks for corrections at two fields."""
    return_application(
        application=cast.application(firm, year),
        comments={
            "plan.summary": "利用するデータの種類と、提供元のご予定をお書き添えください。",
            "profile.capital_yen": "登記事項証明書の資本金の額と異なるようです。ご確認をお願いいたします。",
        },
        note="お手数をおかけいたしますが、2か所のご確認をお願いいたします。",
        by=acting(cast.office[SECOND.box]),
    )


def approve(cast: Cast, firm: Firm, year: int) -> None:
    """The committee approves: the contract and its invoice come about."""
    _decide(cast, firm, year, Decision.APPROVE, "")


def decline(cast: Cast, firm: Firm, year: int) -> None:
    """The committee declines, and says why."""
    note = "ご計画が医療データの解析または人工知能の活用にあたらないため、今回は見送らせていただきます。"
    _decide(cast, firm, year, Decision.DECLINE, note)


def _decide(cast: Cast, firm: Firm, year: int, decision: Decision, note: str) -> None:
    today = clock.today()
    decide_application(
        application=cast.application(firm, year),
        decision=decision,
        decided_on=today,
        minute_reference=f"第{today.month}回運営委員会 議事録{today:%Y%m%d}",
        by=acting(cast.office[COMMITTEE.box]),
        note=note,
    )


def invoice_of(cast: Cast, firm: Firm, year: int) -> Invoice:
    """The invoice of the membership that the company applied for."""
    term = db.session.scalars(
        select(ContractTerm).where(ContractTerm.application_id == cast.applications[firm.serial, year])
    ).one()
    return db.session.scalars(select(Invoice).where(Invoice.source_key == f"{SOURCE}{term.id}")).one()


def pay(cast: Cast, firm: Firm, year: int, *, yen: int | None = None) -> None:
    """Money for the year's invoice stands on the bank's statement; the secretariat records it."""
    invoice = invoice_of(cast, firm, year)
    record_bank_payment(
        invoice=invoice,
        amount_yen=yen or invoice.total_yen,
        received_on=clock.today() - timedelta(days=1),
        payer_name=firm.kana,
        by=acting(cast.office[CHECKER.box]),
        once=f"demo-{firm.serial}-{year}",
    )


def ask_for_quote(cast: Cast, firm: Firm, year: int) -> None:
    """A quote before applying."""
    tier = tier_for(firm.tier, year)
    assert tier is not None
    person = welcome(firm.people[0], firm.domain)
    quote_tier(
        tier=tier, fiscal_year=year, price=price_now(tier, year).as_document(),
        buyer=PartySnapshot(name=firm.name_ja, department=firm.people[0].department, person=person.name),
        organisation=organisation_of(firm), language=person.language, once=f"demo-{firm.serial}-{year}", by=acting(person),
    )  # fmt: skip


def invite(firm: Firm, box: str, name: str, *roles: str) -> None:
    """The company's administrator invites somebody who has not answered yet."""
    organisation = organisation_of(firm)
    assert organisation is not None
    by = acting(welcome(firm.people[0], firm.domain))
    invite_person(organisation=organisation, email=f"{box}@{firm.domain}", name=name, roles=roles, by=by)


def administrator(cast: Cast) -> Actor:
    """The portal's administrator."""
    return acting(cast.office[ADMINISTRATOR.box])


def organisation_of(firm: Firm) -> Organisation | None:
    """The company in the database; None before it has come."""
    number = Organisation.corporate_number == firm.corporate_number
    return db.session.scalars(select(Organisation).where(number)).one_or_none()
