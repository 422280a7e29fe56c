"""Students' profiles, talks with the career-support office, and a note, in the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from portal.accounts.queries import person_by_email
from portal.billing.services.due_days import is_bank_day
from portal.careers.enums import ProfileItem
from portal.careers.queries.calendar import is_busy
from portal.careers.queries.consultations import free_slots
from portal.careers.services.consultations import book_slot
from portal.careers.services.notes import add_note
from portal.careers.services.profiles import save_profile
from portal.careers.services.slots import offer_slots
from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.internships.seasons import officer
from portal.cli.demo.people import STUDENT, UNIVERSITY_DOMAIN
from portal.core.access import Actor
from portal.core.clock import OFFICE_ZONE

OPEN = (
    ProfileItem.ABOUT,
    ProfileItem.RESEARCH_FIELD,
    ProfileItem.SKILLS,
    ProfileItem.LANGUAGES,
    ProfileItem.PERIOD,
)
ROOM, LINK = "本部棟2階 面談室", "https://meet.kakuu-u.example/career"


@dataclass(frozen=True, slots=True)
class Said:
    """What a student of the demo says; `box` names the student. `is_closed`: nothing is opened to companies."""

    box: str
    about: str
    field: str
    research: str
    skills: str
    languages: str
    wishes: str
    is_closed: bool = False


PROFILES = (
    Said(
        "manabu", "医学系研究科の博士課程2年です。病院の臨床研究支援室で統計解析も担当しています。", "医療統計、予後予測",
        "電子カルテの時系列データを用いて、入院後の合併症を早期に予測する手法を研究しています。", "R、Python、SQL、生存時間解析",
        "日本語（母語）、英語（研究発表が可能）", "解析手法が製品や業務に取り入れられるまでの過程を学びたいです。",
    ),
    Said(
        "robin", "Second-year doctoral student in biomedical engineering.", "Medical imaging",
        "Segmentation of chest CT with little labelled data.", "Python, PyTorch, Docker", "English (native), Japanese (N2)",
        "To see how a research model becomes a medical device.",
    ),
    Said(
        "mari", "薬学系研究科の博士課程3年です。", "医薬品の安全性", "自発報告データベースから副作用の兆候を検出する方法を比較しています。",
        "R、SAS、疫学研究のデザイン", "日本語（母語）、英語（論文執筆が可能）", "市販後の安全性監視の実務に関心があります。",
    ),
    Said(
        "ken", "情報科学研究科の博士課程1年です。", "自然言語処理", "診療記録からの情報抽出と、その説明可能性を研究しています。",
        "Python、形態素解析、言語モデル", "日本語（母語）、英語（日常会話）", "医療文書を扱う製品の開発に携わりたいです。", is_closed=True,
    ),
)  # fmt: skip


def write_profiles(cast: Cast, today: date) -> None:
    """Some have written everything, one keeps it closed, the others have not begun."""
    for said in PROFILES:
        save_profile(
            values=_values(said, today), opened=() if said.is_closed else OPEN, seen=1, editor="demo", by=_student(said.box)
        )  # fmt: skip


def _values(said: Said, today: date) -> dict[str, Any]:
    return {
        "about": said.about, "research_field": said.field, "research": said.research, "skills": said.skills,
        "languages": said.languages, "publications": "", "wishes": said.wishes, "free_from": today + timedelta(days=60),
        "free_until": today + timedelta(days=240), "most_weeks": 12,
    }  # fmt: skip


def offer_times(cast: Cast, today: date) -> None:
    """The office has time on one afternoon of each of four weeks."""
    first = next(day for n in range(3, 20) if is_bank_day(day := today + timedelta(days=n)))
    starts, ends = (datetime.combine(first, time(hour), OFFICE_ZONE) for hour in (13, 16))
    offer_slots(
        starts_at=starts, ends_at=ends, minutes=45, weeks=4, place=ROOM, link=LINK, once="demo:slots", by=officer(cast)
    )  # fmt: skip


def book_time(cast: Cast) -> None:
    """A student takes the first of them at which no interview is."""
    who = _student(STUDENT.box)
    slot = next(row for row in free_slots() if not is_busy(who.id, row.starts_at, row.ends_at))
    reason = "志望する募集の選び方と、プロフィールの書き方について相談したいです。"
    book_slot(slot_id=slot.id, reason=reason, by=who)


def note_talk(cast: Cast) -> None:
    """The office keeps what was said in a talk."""
    words = "安全性領域での就職も視野に入れている。論文投稿の時期と重ならない配属を希望。"
    student = _student("mari")
    add_note(student_id=student.id, words=words, corrects_id=None, once="demo:note", by=officer(cast))


def _student(box: str) -> Actor:
    found = person_by_email(f"{box}@{UNIVERSITY_DOMAIN}")
    assert found is not None
    return acting(found)
