"""Internships in the story: a round that takes postings, and a posting at every place of its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import person_by_email
from portal.accounts.services import affiliate
from portal.cli.demo.deeds import Cast, acting
from portal.cli.demo.firms import GLOBAL, MEDICAL_IT, PHARMA, VENTURE, Firm
from portal.cli.demo.house import welcome
from portal.cli.demo.people import ACADEMICS, CAREER, UNIVERSITY_DOMAIN
from portal.core import clock
from portal.core.access import Actor
from portal.core.clock import OFFICE_ZONE
from portal.core.db import db
from portal.domain.internships.timetable import Timetable
from portal.domain.terms import StandingState
from portal.internships.enums import DataAgreement, PayUnit, RemoteWork, WorkingLanguage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.queries.postings import posting_for_company, posting_for_office
from portal.internships.services.review import publish_posting, return_posting
from portal.internships.services.rounds import plan_round
from portal.internships.services.writing import save_posting, start_posting, submit_posting
from portal.membership.queries.terms import standing_of

STEPS = ((-20, 9), (30, 9), (60, 9), (75, 17), (82, 10), (150, 17))  # days from today, hour
NDA = "秘密保持契約を締結します。秘密保持の期間は、終了後3年間です。"
RIGHTS = "成果の帰属は、所属大学と協議のうえ定めます。論文等の公表は、事前確認のうえ可能です。"


@dataclass(frozen=True, slots=True)
class Offer:
    """A posting of the demo; `number` tells a firm's postings apart."""

    firm: Firm
    number: int
    title: str
    title_en: str
    area: str
    duties: str
    knowledge: str
    skills: str
    prefecture: str
    workplace: str
    remote: RemoteWork
    language: WorkingLanguage
    weeks: int
    pay: tuple[PayUnit, int | None]
    places: int
    data: tuple[str, ...] = ()
    data_used: str = ""


DRUG = Offer(
    PHARMA, 1, "創薬標的の探索におけるオミックス解析", "Omics analysis for drug targets", "DRUG",
    "公開オミックスデータと社内データを組み合わせ、疾患に関わる分子の候補を絞り込みます。研究員2名の班に加わり、最終週に社内で報告していただきます。",
    "統計学・機械学習の基礎", "PythonまたはR、論文の読解", "13", "東京都千代田区架空町1-1 研究本部", RemoteWork.PARTLY,
    WorkingLanguage.JAPANESE, 12, (PayUnit.HOUR, 2_000), 2, (DataAgreement.TRANSFER.value,), "社内の細胞実験データ（個人情報を含みません）",
)  # fmt: skip
TRIAL = Offer(
    PHARMA, 2, "治験データの品質管理の自動化", "Automating quality control of clinical trial data", "DRUG",
    "治験データの点検規則を整理し、例外を検出するプログラムを作成します。", "医学統計の基礎", "Python", "27", "大阪府大阪市架空区2-2",
    RemoteWork.ON_SITE, WorkingLanguage.JAPANESE, 8, (PayUnit.DAY, 14_000), 1,
)  # fmt: skip
IMAGES = Offer(
    MEDICAL_IT, 1, "医用画像の診断支援アルゴリズムの評価", "Evaluating algorithms for diagnostic imaging", "IMAGING",
    "匿名化した画像を用いて、診断支援アルゴリズムの性能を評価します。", "画像処理または深層学習", "Python、深層学習の開発環境", "14",
    "神奈川県横浜市架空区3-3", RemoteWork.REMOTE, WorkingLanguage.EITHER, 10, (PayUnit.MONTH, 280_000), 2,
    (DataAgreement.SAMPLES.value, DataAgreement.ETHICS.value), "匿名化した胸部画像",
)  # fmt: skip
RECORDS = Offer(
    GLOBAL, 1, "リアルワールドデータの解析", "Real-world data studies", "DXTX", "診療データベースを用いた観察研究を行います。", "疫学", "R", "13",
    "東京都港区架空4-4", RemoteWork.PARTLY, WorkingLanguage.ENGLISH, 9, (PayUnit.UNPAID, None), 1,
)  # fmt: skip
CARE = Offer(
    VENTURE, 1, "見守り機器のセンサーデータ解析", "Sensor data for care at home", "CARE", "", "", "", "", "", RemoteWork.PARTLY,
    WorkingLanguage.JAPANESE, 8, (PayUnit.HOUR, 1_500), 1,
)  # fmt: skip
OFFERS = (DRUG, TRIAL, IMAGES, RECORDS, CARE)
SENT = (DRUG, TRIAL, IMAGES, RECORDS)
OPEN = (DRUG, IMAGES)
REMARK = "インターンシップは原則として有給です。報酬についてご検討をお願いいたします。無報酬とされる場合は、その理由を業務内容にご記入ください。"


def enrol() -> None:
    """An invented university with two doctoral students and a supervisor."""
    university = Organisation(
        kind=OrganisationKind.UNIVERSITY, name_ja="架空大学", name_kana="カクウダイガク", name_en="Kakuu University",
        created_at=clock.now(),
    )  # fmt: skip
    db.session.add(university)
    db.session.flush()
    for human in ACADEMICS:
        person = welcome(human, UNIVERSITY_DOMAIN)
        for role in human.roles:
            affiliate(person, university, role)


def plan(cast: Cast, year: int, today: date) -> None:
    """The career-support office plans the main round of a fiscal year."""
    moments = (datetime.combine(today + timedelta(days=n), time(hour), OFFICE_ZONE) for n, hour in STEPS)
    plan_round(
        fiscal_year=year, name_ja="本募集", name_en="Main round", longest_list=10, timetable=Timetable(*moments),
        once=f"demo-round-{year}", by=_officer(cast),
    )  # fmt: skip


def write(cast: Cast, offer: Offer, year: int, today: date) -> None:
    """A company writes its posting; early in a fiscal year it may be no member yet, and there is none."""
    by = acting(_writer(offer))
    if standing_of(by.organisation_ids[0]).state is not StandingState.ACTIVE:
        return
    made = start_posting(
        season=_round(year), organisation_id=by.organisation_ids[0], once=_once(offer, year), by=by
    )
    posting = posting_for_company(by, made.id)
    save_posting(posting=posting, values=_said(offer, today), version=posting.version, by=by)


def send_in(cast: Cast, offer: Offer, year: int) -> None:
    """To the career-support office."""
    number = _number(offer, year)
    if number is None:
        return
    by = acting(_writer(offer))
    posting = posting_for_company(by, number)
    submit_posting(posting=posting, version=posting.version, by=by)


def publish(cast: Cast, offer: Offer, year: int) -> None:
    """The office opens it to students."""
    number = _number(offer, year)
    if number is None:
        return
    by = _officer(cast)
    posting = posting_for_office(by, number)
    publish_posting(posting=posting, version=posting.version, by=by)


def give_back(cast: Cast, offer: Offer, year: int) -> None:
    """The office asks for a correction."""
    number = _number(offer, year)
    if number is None:
        return
    by = _officer(cast)
    posting = posting_for_office(by, number)
    return_posting(posting=posting, remark=REMARK, version=posting.version, by=by)


def _officer(cast: Cast) -> Actor:
    return acting(cast.office[CAREER.box])


def _writer(offer: Offer) -> Person:
    found = person_by_email(offer.firm.address(0))
    assert found is not None
    return found


def _round(year: int) -> InternshipRound:
    return db.session.scalars(
        select(InternshipRound).where(InternshipRound.once_key == f"demo-round-{year}")
    ).one()


def _once(offer: Offer, year: int) -> str:
    return f"demo-posting-{year}-{offer.firm.serial}-{offer.number}"


def _number(offer: Offer, year: int) -> int | None:
    return db.session.scalars(
        select(InternshipPosting.id).where(InternshipPosting.once_key == _once(offer, year))
    ).one_or_none()


def _said(offer: Offer, today: date) -> dict[str, Any]:
    begins = today + timedelta(days=STEPS[4][0] + 40)
    unit, yen = offer.pay
    return {
        "title": offer.title, "title_en": offer.title_en, "area": offer.area, "duties": offer.duties,
        "knowledge": offer.knowledge, "skills": offer.skills, "prefecture": offer.prefecture, "workplace": offer.workplace,
        "remote": offer.remote, "language": offer.language, "weeks": offer.weeks, "days_a_week": 5, "pay_unit": unit, "pay_yen": yen,
        "places": offer.places, "starts_from": begins, "ends_by": begins + timedelta(weeks=offer.weeks + 6),
        "mentor": f"{offer.firm.people[0].name}（研究開発部）", "rights": RIGHTS, "confidentiality": NDA,
        "data_agreements": list(offer.data), "data_used": offer.data_used, "expenses": "通勤交通費を全額支給します。",
    }  # fmt: skip
