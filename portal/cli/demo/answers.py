"""What an invented company answers on each page of its application."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.accounts.enums import Role
from portal.cli.demo.firms import Firm
from portal.cli.demo.people import Human
from portal.core import clock
from portal.membership.enums import PaymentWay

SUMMARY = (
    "提携医療機関の匿名加工情報を用いて、診療経過の特徴を機械学習により抽出します。初年度は公開データで手法を確かめ、"
    "次年度に実データで検証する計画です。結果は競争前段階の知見として研究会で共有します。"
)
SUMMARY_EN = (
    "We extract features of the course of treatment by machine learning from anonymised hospital data. In the first year we "
    "test the method on public data, in the second on real data; what we learn is shared in the study groups."
)


def answers_of(firm: Firm) -> dict[str, dict[str, Any]]:
    """Clean answers by page, in the order of the pages."""
    representative = _person(firm, firm.people[0])
    paying = next((human for human in firm.people if Role.BILLING in human.roles), firm.people[0])
    found = {
        "company": _company(firm),
        "profile": _profile(firm),
        "tier": {"learners_wanted": firm.learners, "tier": firm.tier},
        "representative": representative,
        "contact": {"same_as_representative": True} | representative,
        "billing": {"same_as_representative": paying is firm.people[0], "postal_code": "", "address": ""}
        | _person(firm, paying),
    }
    if firm.learners:
        found["learners"] = _learners(firm)
    english = firm.people[0].language == "en"
    return found | {
        "plan": {
            "theme": firm.theme,
            "purposes": ["medicine", "drug_discovery"],
            "methods": ["big_data", "ai"],
            "summary": SUMMARY_EN if english else SUMMARY,
        },
        "interests": {"areas": [], "groups": [], "topics": ""},
        "payment": {
            "way": PaymentWay.BANK_TRANSFER.value,
            "needs_purchase_order": bool(firm.purchase_order),
            "purchase_order_number": firm.purchase_order,
            "wishes": "",
        },
    }


def as_typed(values: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """The same as a browser would have sent it."""
    typed: dict[str, str | list[str]] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            typed |= {name: "y"} if value else {}
        elif isinstance(value, list):
            typed[name] = [str(part) for part in value]
        else:
            typed[name] = value.isoformat() if isinstance(value, date) else str(value)
    return typed


def founded_on(firm: Firm) -> date:
    """The day of founding, so many years before today; the first of a month."""
    return (clock.today() - timedelta(days=round(firm.years_old * 365.25))).replace(day=1)


def _company(firm: Firm) -> dict[str, Any]:
    return {
        "corporate_number": firm.corporate_number,
        "name_ja": firm.name_ja,
        "name_kana": firm.kana,
        "name_en": firm.name_en,
        "postal_code": "000-0000",
        "address": f"見本県架空市試行町{firm.serial}番地",
    }


def _profile(firm: Firm) -> dict[str, Any]:
    return {
        "head_title": "代表取締役社長",
        "head_name": firm.people[0].name,
        "founded_on": founded_on(firm),
        "employees": firm.employees,
        "capital_yen": firm.capital_yen,
        "industry": firm.industry.value,
        "website": f"https://www.{firm.domain}/",
    }


def _person(firm: Firm, human: Human) -> dict[str, Any]:
    return {
        "name": human.name,
        "kana": human.kana,
        "department": human.department,
        "title": human.title,
        "telephone": "00-0000-0000",
        "email": human.address(firm.domain),
    }


def _learners(firm: Firm) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for n in range(1, firm.learners + 1):
        found |= {f"name_{n}": "", f"kana_{n}": "", f"department_{n}": "データ科学部", f"email_{n}": ""}
    return found
