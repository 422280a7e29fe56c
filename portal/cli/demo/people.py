"""The invented people: the office, and one who belongs to no company yet."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.enums import Role


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody invented. `box` stands before the @ of the address."""

    box: str
    name: str
    kana: str
    roles: tuple[Role, ...]
    title: str = ""
    department: str = ""
    language: str = "ja"

    def address(self, domain: str) -> str:
        return f"{self.box}@{domain}"


OFFICE_DOMAIN = "renkei.example"
ADMINISTRATOR = Human("kanri", "管理 太郎", "カンリ タロウ", (Role.ADMINISTRATOR,), "システム管理者")
CHECKER = Human("mihon", "見本 花子", "ミホン ハナコ", (Role.SECRETARIAT,), "事務局主任")
SECOND = Human("reiji", "例示 次郎", "レイジ ジロウ", (Role.SECRETARIAT,), "事務局員")
COMMITTEE = Human("unei", "運営 三郎", "ウンエイ サブロウ", (Role.STEERING_COMMITTEE,), "運営委員")
CAREER = Human("career", "進路 四葉", "シンロ ヨツバ", (Role.CAREER_SUPPORT,), "キャリア形成支援室")
HUB = Human("kyoten", "拠点 五月", "キョテン サツキ", (Role.HUB_COORDINATOR,), "拠点コーディネーター")
OFFICE = (ADMINISTRATOR, CHECKER, SECOND, COMMITTEE, CAREER, HUB)
STUDENT = Human("manabu", "院生 学", "インセイ マナブ", (Role.STUDENT,))
STUDENT_EN = Human("robin", "Robin Specimen", "", (Role.STUDENT,), language="en")
CLASSMATES = (
    Human("mari", "標本 真理", "ヒョウホン マリ", (Role.STUDENT,)),
    Human("ken", "試料 健", "シリョウ ケン", (Role.STUDENT,)),
    Human("yu", "検体 優", "ケンタイ ユウ", (Role.STUDENT,)),
    Human("alex", "Alex Placeholder", "", (Role.STUDENT,), language="en"),
    Human("aoi", "論文 葵", "ロンブン アオイ", (Role.STUDENT,)),
    Human("ren", "仮説 蓮", "カセツ レン", (Role.STUDENT,)),
)
SUPERVISOR = Human("shido", "指導 教", "シドウ オシエ", (Role.SUPERVISOR,), "教授")
STUDENTS = (STUDENT, STUDENT_EN, *CLASSMATES)
ACADEMICS = (*STUDENTS, SUPERVISOR)
UNIVERSITY_DOMAIN = "kakuu-u.example"
NEWCOMER = Human("karina", "仮名 九郎", "カリナ クロウ", ())
NEWCOMER_DOMAIN = "shinki.example"
