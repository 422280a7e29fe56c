"""Whom a visitor of the demo should be first."""

from __future__ import annotations

from portal.cli.demo import firms
from portal.cli.demo import people as p

OFFICE = (
    ("事務局 Secretariat", p.CHECKER),
    ("事務局 Secretariat (2)", p.SECOND),
    ("運営委員 Committee", p.COMMITTEE),
    ("キャリア形成支援室 Career support", p.CAREER),
    ("管理者 Administrator", p.ADMINISTRATOR),
)
COMPANIES = (
    ("会員企業 Member, tier A", firms.PHARMA, 0),
    ("経理担当 Billing contact", firms.PHARMA, 1),
    ("会員企業 Member (English)", firms.GLOBAL, 0),
    ("請求書あり Invoice to pay", firms.DIAGNOSTICS, 0),
    ("支払期限超過 Overdue", firms.LATE, 0),
    ("更新の回答待ち・猶予中 In grace", firms.TARDY, 0),
    ("更新の会費未払い・停止中 Suspended", firms.SUSPENDED, 0),
    ("失効 Lapsed", firms.FORMER, 0),
    ("会員種別の変更を申請中 Asks for tier B", firms.RISING, 0),
    ("差戻し Returned", firms.DEVICES, 0),
    ("下書き Draft, too old for B", firms.OLD_VENTURE, 0),
)


def sign_ins() -> list[tuple[str, str, str]]:
    """(role in words, name, address), the office first, then companies at every stage, then a newcomer."""
    return [
        *((words, human.name, human.address(p.OFFICE_DOMAIN)) for words, human in OFFICE),
        *((words, firm.people[place].name, firm.address(place)) for words, firm, place in COMPANIES),
        ("博士課程学生 Doctoral student", p.STUDENT.name, p.STUDENT.address(p.UNIVERSITY_DOMAIN)),
        (
            "博士課程学生 Doctoral student (English)",
            p.STUDENT_EN.name,
            p.STUDENT_EN.address(p.UNIVERSITY_DOMAIN),
        ),
        ("指導教員 Supervisor", p.SUPERVISOR.name, p.SUPERVISOR.address(p.UNIVERSITY_DOMAIN)),
        ("申込前 Not yet a member", p.NEWCOMER.name, p.NEWCOMER.address(p.NEWCOMER_DOMAIN)),
    ]
