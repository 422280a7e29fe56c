"""Applications that companies have sent in, for the office's pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership import services as membership
from portal.membership.enums import Decision, RulesKind
from portal.membership.models import Application, ContractTerm, RulesVersion
from tests.support import billing
from tests.support.people import actor_of, company, person

YEAR = 2026
_serial = iter(range(1, 10_000_000))


def open_house(places: int = 40, year: int = YEAR) -> None:
    """An issuer, the published tiers, a window that takes applications, and wording to accept."""
    billing.issuer()
    with transaction():
        membership.load_tiers_from_facts()
        membership.save_window(
            fiscal_year=year, opens_at=clock.now() - timedelta(days=30), closes_at=clock.now() + timedelta(days=30),
            places=places, by=None,
        )  # fmt: skip
        for kind in RulesKind:
            membership.publish_rules(
                kind=kind, version="1", text_ja=f"{kind}の本文", text_en=f"Text of {kind}",
                effective_on=date(2020, 4, 1), by=None,
            )  # fmt: skip


def answers_of(
    firm: Organisation, changes: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """A whole application of a company, with some answers changed by page."""
    someone = {
        "name": "見本 花子", "kana": "ミホン ハナコ", "department": "研究企画部", "title": "部長",
        "telephone": "00-0000-0001", "email": "hanako@mihon.example",
    }  # fmt: skip
    whole: dict[str, dict[str, Any]] = {
        "company": {
            "corporate_number": firm.corporate_number, "name_ja": firm.name_ja, "name_kana": firm.name_kana,
            "name_en": firm.name_en, "postal_code": "000-0001", "address": "見本県見本市中央1-2-3",
        },
        "profile": {
            "head_title": "代表取締役社長", "head_name": "見本 一郎", "founded_on": date(1990, 4, 1), "employees": 1200,
            "capital_yen": 100_000_000, "industry": "pharma", "website": "https://www.mihon.example/",
        },
        "tier": {"learners_wanted": 1, "tier": "A"},
        "representative": someone,
        "contact": {"same_as_representative": True} | someone,
        "billing": {"same_as_representative": False, "postal_code": "", "address": ""} | someone,
        "learners": {"name_1": "見本 次郎", "kana_1": "ミホン ジロウ", "department_1": "", "email_1": "jiro@mihon.example"},
        "plan": {
            "theme": "電子カルテからの副作用の早期発見", "purposes": ["medicine"], "methods": ["ai"],
            "summary": "匿名加工した診療データを用いて予測モデルをつくり、2年で検証します。",
        },
        "interests": {"areas": [], "groups": [], "topics": ""},
        "payment": {"way": "bank_transfer", "needs_purchase_order": True, "purchase_order_number": "PO-1", "wishes": ""},
    }  # fmt: skip
    for page, values in (changes or {}).items():
        whole[page] = whole[page] | values
    return whole


@dataclass
class SentIn:
    """An application and the people around it."""

    application: Application
    firm: Organisation
    applicant: Person

    @property
    def id(self) -> int:
        return self.application.id

    @property
    def url(self) -> str:
        return f"/staff/membership/applications/{self.application.id}"

    def fresh(self) -> Application:
        """As it stands now."""
        rollback()
        return db.session.get_one(Application, self.id, populate_existing=True)


def send_in(
    name: str = "", *, year: int = YEAR, changes: Mapping[str, Mapping[str, Any]] | None = None, **values: Any
) -> SentIn:
    """A company's application, sent in now. `changes` go to the answers, `values` to the company."""
    firm = company(name, **values)
    applicant = person(at=firm, roles=(Role.COMPANY_ADMIN,))
    by = actor_of(applicant)
    with transaction():
        made = membership.start_application(
            fiscal_year=year, once=f"start-{next(_serial)}", by=by, organisation_id=firm.id
        )
    found = SentIn(made, firm, applicant)
    submit(found, changes)
    return found


def submit(sent: SentIn, changes: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """Send it in (again)."""
    by = actor_of(sent.applicant)
    with transaction():
        versions = [row.id for row in db.session.scalars(select(RulesVersion))]
        membership.submit_application(
            application=db.session.get_one(Application, sent.id),
            answers=answers_of(sent.firm, changes), accepted=versions, once=f"send-{next(_serial)}", by=by,
        )  # fmt: skip


def check(sent: SentIn, checker: Person, **values: Any) -> None:
    """The secretariat's check."""
    by = actor_of(checker)
    with transaction():
        membership.check_application(
            application=db.session.get_one(Application, sent.id), by=by, checklist={"plan": True}, **values
        )


def approve(sent: SentIn, decider: Person) -> ContractTerm:
    """The committee's approval, dated today."""
    by = actor_of(decider)
    with transaction():
        term = membership.decide_application(
            application=db.session.get_one(Application, sent.id), decision=Decision.APPROVE,
            decided_on=clock.today(), minute_reference="議事録1", by=by,
        )  # fmt: skip
    assert term is not None
    return term
