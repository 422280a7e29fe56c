"""Invented companies and what they answer. Registry offices 8000 to 8009 do not exist, so no number is anybody's."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from playwright.sync_api import FilePayload
from pypdf import PdfWriter

from tests.journeys.story import Typed
from tests.support.people import corporate_number

Answers = dict[str, dict[str, Typed]]
PLAN = (
    "提携病院の匿名加工情報から検査値の推移を学習し、再入院の予兆を見つける手法を確かめます。"
    "初年度は公開データで手法を比べ、秋までに結果を研究会で報告します。"
)
PLAN_EN = (
    "We learn from anonymised laboratory values which patients are likely to come back to hospital. "
    "In the first year we compare methods on public data and report to the study group by autumn."
)


_TAKEN: dict[int | str, str] = {}


@dataclass(frozen=True)
class Company:
    """A company with one person who applies for it."""

    serial: int
    name: str
    kana: str
    latin: str
    person: str = "物語 花子"
    person_kana: str = "モノガタリ ハナコ"
    employees: int = 320
    founded_on: str = "1988-04-01"
    tier: str = "A"
    way: str = "card"
    english: bool = False
    more: dict[str, dict[str, Typed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Stories share one portal: two companies of one address or number would meet in it."""
        for mark in (self.serial, self.latin):
            if _TAKEN.setdefault(mark, self.name) != self.name:
                raise ValueError(f"{self.name}: {mark} is that of {_TAKEN[mark]}")

    @property
    def number(self) -> str:
        return corporate_number(800_100_000_000 + self.serial)

    @property
    def domain(self) -> str:
        return f"{self.latin.lower()}.example"

    @property
    def email(self) -> str:
        return f"moushikomi@{self.domain}"

    @property
    def name_en(self) -> str:
        return f"{self.latin} K.K."

    @property
    def shown(self) -> str:
        """The name that its people see."""
        return self.name_en if self.english else self.name

    def answers(self) -> Answers:
        """What is typed on each page, by the page's name and the control's."""
        mine: Answers = {
            "company": {
                "corporate_number": self.number, "name_ja": self.name, "name_kana": self.kana, "name_en": self.name_en,
                "postal_code": "000-0001", "address": f"見本県物語市一丁目{self.serial}番地",
            },
            "profile": {
                "head_title": "代表取締役社長", "head_name": "物語 一郎", "founded_on": self.founded_on,
                "employees": str(self.employees), "capital_yen": "120000000", "industry": "medical_it",
                "website": f"https://www.{self.domain}/",
            },
            "tier": {"learners_wanted": "0", "tier": self.tier},
            "representative": {
                "name": self.person, "kana": self.person_kana, "department": "研究開発部", "title": "部長",
                "telephone": "00-0000-0001", "email": self.email,
            },
            "contact": {"same_as_representative": True},
            "billing": {"same_as_representative": True},
            "learners": {},
            "plan": {
                "theme": "Readmission from laboratory values" if self.english else "検査値による再入院の予測",
                "purposes": ["medicine", "health_care"], "methods": ["big_data", "ai"],
                "summary": PLAN_EN if self.english else PLAN,
            },
            "interests": {"areas": [], "groups": [], "topics": ""},
            "payment": {"way": self.way},
        }  # fmt: skip
        return {page: values | self.more.get(page, {}) for page, values in mine.items()}


def small_pdf() -> bytes:
    """A real PDF of one empty page."""
    made, out = PdfWriter(), io.BytesIO()
    made.add_blank_page(595, 842)
    made.write(out)
    return out.getvalue()


def upload(name: str = "会社案内.pdf") -> FilePayload:
    """A file as a browser takes it."""
    return {"name": name, "mimeType": "application/pdf", "buffer": small_pdf()}
