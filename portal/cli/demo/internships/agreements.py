"""What companies of the demo have signed: the third round goes on without one of them, whose confidentiality ends too soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from portal.cli.demo.deeds import Cast, organisation_of
from portal.cli.demo.firms import GLOBAL, MEDICAL_IT, PHARMA, VENTURE, Firm
from portal.cli.demo.internships.seasons import officer
from portal.core import clock
from portal.core.db import db
from portal.core.formats import day
from portal.core.i18n import in_language
from portal.core.pdf import render_pdf
from portal.domain.internships.agreements import AgreementKind
from portal.files.kinds import FileKind, Inspected
from portal.files.services import Examined
from portal.internships.enums import AGREEMENT_LABELS
from portal.internships.models import InternshipAgreement
from portal.internships.services.agreements import end_agreement, register_agreement

WORDS = (
    "甲と乙は、博士課程学生のインターンシップの実施にあたり、必要な事項を本書のとおり定め、誠実に履行します。"
)
SAMPLE = "本書は、体験版のために作成した架空の書面です。"
UNIVERSITY = "甲　架空大学 キャリア形成支援室"
REASON = "契約の様式を改めたため、新しい契約に切り替えました。"


@dataclass(frozen=True, slots=True)
class Paper:
    """An agreement of the demo; days from today. `until` None: no end."""

    firm: Firm
    kind: AgreementKind
    begins: int = -100
    until: int | None = None
    note: str = ""

    @property
    def once(self) -> str:
        return f"demo-agreement-{self.firm.serial}-{self.kind}-{-self.begins}"


OLD, NEW = (Paper(GLOBAL, AgreementKind.NDA, begins, 1_000) for begins in (-100, -50))
PAPERS = (
    *(Paper(firm, AgreementKind.BASIC) for firm in (PHARMA, MEDICAL_IT, GLOBAL, VENTURE)),
    Paper(PHARMA, AgreementKind.NDA, -100, 1_000, "原本は支援室の鍵付き書庫に保管しています。"),
    Paper(PHARMA, AgreementKind.DATA_TRANSFER, -100, 800),
    Paper(MEDICAL_IT, AgreementKind.NDA, -100, 60, "更新について先方の法務部門に照会中です。"),
    OLD,
    Paper(VENTURE, AgreementKind.NDA, -100, 1_000),
)


def bring(cast: Cast, today: date) -> None:
    """The office enters what was signed, each with its document."""
    for paper in PAPERS:
        _register(cast, paper, today)


def renew(cast: Cast, today: date) -> None:
    """One is replaced by another before its time."""
    _register(cast, NEW, today)
    same = select(InternshipAgreement).where(InternshipAgreement.once_key == OLD.once)
    agreement = db.session.scalars(same).one_or_none()
    if agreement is not None:
        end_agreement(
            agreement=agreement, ended_on=today + timedelta(days=NEW.begins), reason=REASON, by=officer(cast)
        )


def _register(cast: Cast, paper: Paper, today: date) -> None:
    body, begins = organisation_of(paper.firm), today + timedelta(days=paper.begins)
    if body is None:
        return
    until = None if paper.until is None else today + timedelta(days=paper.until)
    register_agreement(
        company=body, kind=paper.kind, signed_on=begins - timedelta(days=3), from_on=begins, until_on=until,
        upload=_document(paper, begins), note=paper.note, once=paper.once, by=officer(cast),
    )  # fmt: skip


def _document(paper: Paper, begins: date) -> Examined:
    with in_language("ja"):
        title = str(AGREEMENT_LABELS[paper.kind])
        said = {
            "language": "ja", "title": f"{title}書", "words": WORDS, "day": day(begins - timedelta(days=3)),
            "parties": [UNIVERSITY, f"乙　{paper.firm.name_ja}"], "note": SAMPLE,
        }  # fmt: skip
    content = render_pdf("demo/agreement.typ", said, timestamp=clock.now())
    return Examined(content, Inspected(f"{title}書.pdf", FileKind.PDF))  # our own: nothing to judge
