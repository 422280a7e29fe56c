"""A company that applies: tiers, windows, wordings, and answers that make sense."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from portal.accounts.enums import Role
from portal.accounts.models import Organisation, Person
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.membership import queries
from portal.membership import services as membership
from portal.membership.enums import Decision, RulesKind
from portal.membership.models import Application, ContractTerm
from tests.support import billing
from tests.support.people import actor_of, corporate_number, person, staff

NUMBER = corporate_number(812_345_678_901)
_serial = iter(range(1, 1_000_000))


def year() -> int:
    """The fiscal year after today's."""
    return queries.this_year() + 1


def season(*, places: int = 40, fiscal_year: int | None = None, **values: Any) -> int:
    """Tiers, wordings, an issuer and an open window; returns its fiscal year."""
    chosen = fiscal_year or year()
    with transaction():
        membership.load_tiers_from_facts()
        opened = {"opens_at": clock.now() - timedelta(days=10), "closes_at": clock.now() + timedelta(days=30)}
        membership.save_window(fiscal_year=chosen, places=places, by=None, **(opened | values))
        if not queries.current_rules():
            for kind in RulesKind:
                membership.publish_rules(
                    kind=kind,
                    version="1",
                    text_ja=f"{kind.value}の文",
                    text_en=f"Text of {kind.value}",
                    effective_on=date(2020, 4, 1),
                    by=None,
                )
    billing.issuer()
    return chosen


def typed(**pages: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a company types, page by page; `pages` replaces fields of a page."""
    someone = {
        "name": "見本 花子",
        "kana": "ミホン ハナコ",
        "department": "研究企画部",
        "title": "部長",
        "telephone": "03-0000-1234",
        "email": "hanako@mihon.example",
    }
    whole: dict[str, dict[str, Any]] = {
        "company": {
            "corporate_number": NUMBER,
            "name_ja": "株式会社見本",
            "name_kana": "ミホン",
            "name_en": "Mihon Co., Ltd.",
            "postal_code": "100-0001",
            "address": "東京都千代田区見本1-2-3",
        },
        "profile": {
            "head_title": "代表取締役社長",
            "head_name": "見本 一郎",
            "founded_on": "1990-04-01",
            "employees": "1,200",
            "capital_yen": "100000000",
            "industry": "pharma",
            "website": "https://mihon.example/",
        },
        "tier": {"learners_wanted": "1", "tier": "A"},
        "representative": someone,
        "contact": {"same_as_representative": "y"},
        "billing": {"same_as_representative": "", "name": "見本 次郎", "kana": "ミホン ジロウ", "title": "課長",
                    "telephone": "03-0000-5678", "email": "keiri@mihon.example", "department": "経理部",
                    "postal_code": "", "address": ""},
        "learners": {"name_1": "見本 三郎", "kana_1": "ミホン サブロウ", "department_1": "", "email_1": ""},
        "plan": {"theme": "実世界データの解析", "purposes": ["medicine"], "methods": ["ai", "big_data"],
                 "summary": "診療データから副作用の兆しを早くとらえる。"},
        "interests": {"areas": ["DRUG"], "groups": ["AID"], "topics": ""},
        "payment": {"way": "bank_transfer", "purchase_order_number": "PO-77", "wishes": ""},
    }  # fmt: skip
    return {page: values | pages.get(page, {}) for page, values in whole.items()}


def clean(**pages: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The same as clean answers, as services take them."""
    answers = typed(**pages)
    answers["profile"] |= {"founded_on": date.fromisoformat(str(answers["profile"]["founded_on"]))}
    for page, field in (("profile", "employees"), ("profile", "capital_yen"), ("tier", "learners_wanted")):
        answers[page] |= {field: int(str(answers[page][field]).replace(",", ""))}
    for page in ("contact", "billing"):
        answers[page] |= {"same_as_representative": bool(answers[page].get("same_as_representative"))}
    return answers


def applicant(**values: Any) -> Person:
    """Somebody who applies."""
    return person(**values)


def draft(by: Person | Actor, *, fiscal_year: int | None = None, number: str = NUMBER) -> Application:
    """A draft whose company is registered."""
    who = by if isinstance(by, Actor) else actor_of(by)
    with transaction():
        made = membership.start_application(
            fiscal_year=fiscal_year or year(), once=f"start-{next(_serial)}", by=who
        )
        values = clean()["company"] | {"corporate_number": number}
        membership.save_draft(application=made, page="company", typed=values, editor="first", seen=0, by=who)
        membership.finish_page(application=made, page="company", values=values, by=who)
    return made


def accepted() -> list[int]:
    """Numbers of the wordings in force."""
    return [version.id for version in queries.current_rules().values()]


def submit(
    application: Application, by: Person | Actor, *, once: str = "", **pages: dict[str, Any]
) -> Application:
    """Send a draft in."""
    who = by if isinstance(by, Actor) else actor_of(by)
    with transaction():
        membership.submit_application(
            application=application,
            answers=clean(**pages),
            accepted=accepted(),
            once=once or f"sent-{next(_serial)}",
            by=who,
        )
    return application


def submitted(by: Person | Actor, **values: Any) -> Application:
    """An application that waits to be checked."""
    pages = {page: values.pop(page) for page in list(values) if page in typed()}
    return submit(draft(by, **values), by, **pages)


def checked(application: Application, by: Person, **values: Any) -> Application:
    """Found in order by the secretariat."""
    who = actor_of(by)
    with transaction():
        membership.check_application(application=application, by=who, **values)
    return application


def company_of(application: Application) -> Organisation:
    """The company that applies."""
    found = db.session.get_one(Organisation, application.organisation_id)
    rollback()
    return found


def approve(application: Application, **values: Any) -> ContractTerm:
    """Approved by the committee today."""
    by = actor_of(staff(Role.STEERING_COMMITTEE))
    said = {"decided_on": clock.today(), "minute_reference": "議事録3", "by": by} | values
    with transaction():
        term = membership.decide_application(application=application, decision=Decision.APPROVE, **said)
    assert term is not None
    return term
