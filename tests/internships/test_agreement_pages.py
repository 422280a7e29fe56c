"""Pages of agreements: the register of the office, a company's own, what rounds and postings say of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Organisation, Person
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.domain.internships.agreements import AgreementKind
from portal.files.models import StoredFile
from portal.internships.models import InternshipAgreement
from tests.support import agreements
from tests.support import interests as shown
from tests.support import internships as given
from tests.support.people import browser_of, person
from tests.support.reader import Reader
from tests.support.sql import count_sql
from tests.support.uploads import pdf

pytestmark = pytest.mark.database
NDA, BASIC, DATA = AgreementKind.NDA, AgreementKind.BASIC, AgreementKind.DATA_TRANSFER
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


@pytest.fixture
def scene(app: Flask) -> Iterator[shown.Scene]:
    made = shown.scene()
    agreements.needed(made.office, made.round_id, NDA)
    with clock.frozen(shown.OPEN):
        yield made


def reader(app: Flask, who: Person, language: str = "en") -> Reader:
    with transaction() as session:
        session.get_one(Person, who.id).language = language
    return Reader(browser_of(app, who))


def name_of(company: int) -> str:
    rollback()
    return db.session.get_one(Organisation, company).name_ja


def entered() -> int:
    rollback()
    return db.session.scalar(select(func.count()).select_from(InternshipAgreement)) or 0


@LANGUAGES
def test_the_office_enters_ends_and_reads_one(app: Flask, scene: shown.Scene, language: str) -> None:
    office = reader(app, scene.office, language)
    form = office.get("/staff/internships/agreements/new").form("/new")
    said = {
        "company": name_of(scene.company),
        "kind": "nda",
        "signed_on": "2026-04-01",
        "from_on": "2026-04-01",
        "note": "棚3",
    }
    office.submit(form, **said, status=422)  # without a document
    wrong = [(BytesIO(b"<script>"), "協定書.pdf")]
    office.submit(form, **said, file=wrong, status=422)
    office.submit(form, **(said | {"company": "誰も"}), file=[(BytesIO(pdf()), "協定書.pdf")], status=422)
    office.submit(
        form, **(said | {"until_on": "2026-03-01"}), file=[(BytesIO(pdf()), "協定書.pdf")], status=422
    )
    assert entered() == 0
    page = office.submit(form, **said, file=[(BytesIO(pdf()), "協定書.pdf")])
    assert "棚3" in page.text
    office.submit(form, **said, file=[(BytesIO(pdf()), "協定書.pdf")])  # pressed twice
    assert entered() == 1
    opened = page.form("/document")
    assert office.client.post(opened.action, data=opened.values()).data.startswith(b"%PDF")
    office.submit(page.form("/end"), ended_on="2026-03-31", reason="協議", status=422)
    page = office.submit(page.form("/end"), ended_on="2026-06-01", reason="協議により終了")
    assert "協議により終了" in page.text
    rollback()
    verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.startswith("agreement."))).all()
    assert sorted(verbs) == ["agreement.document_opened", "agreement.ended", "agreement.registered"]


def test_only_administrators_of_the_company_and_the_office_read_it(app: Flask, scene: shown.Scene) -> None:
    number = agreements.agreed(scene.office, scene.company, NDA, note="控えの場所")
    mentor, company = person(), scene.company
    with transaction() as session:
        session.add(
            Affiliation(
                person_id=mentor.id, organisation_id=company, role=Role.MENTOR, starts_on=clock.today()
            )
        )
    other = given.host()
    mine, document = (
        f"/internships/companies/{scene.company}/agreements",
        f"/internships/agreements/{number}/document",
    )
    staff_page = f"/staff/internships/agreements/{number}"
    expected = {
        scene.admin: (200, 200, 403), other: (404, 404, 403), mentor: (403, 403, 403), scene.office: (403, 403, 200),
    }  # fmt: skip
    for who, statuses in expected.items():
        browser = browser_of(app, who)
        answers = [browser.get(place) for place in (mine, document, staff_page)]
        assert tuple(answer.status_code for answer in answers) == statuses, who.name
    page = reader(app, scene.admin).get(mine)
    assert "協定書.pdf" in page.text
    assert "控えの場所" not in page.source
    assert browser_of(app, scene.admin).get(document).data.startswith(b"%PDF")


@LANGUAGES
def test_companies_read_beforehand_what_is_needed(app: Flask, scene: shown.Scene, language: str) -> None:
    missing = {"ja": "秘密保持契約 不足", "en": "Confidentiality agreement missing"}[language]
    round_page = f"/internships/rounds/{scene.round_id}/companies/{scene.company}"
    posting = f"/internships/postings/{scene.postings[0]}"
    company, office = reader(app, scene.admin, language), reader(app, scene.office, language)
    places = ((company, round_page), (company, posting), (office, f"/staff{posting}"))
    for who, place in places:
        assert missing in who.get(place).text, place
    assert missing in company.get(round_page).text
    own = company.get(f"/internships/companies/{scene.company}/agreements")
    assert {"ja": "秘密保持契約", "en": "Confidentiality agreement"}[language] in own.text
    agreements.agreed(scene.office, scene.company, NDA)
    for who, place in places:
        assert missing not in who.get(place).text, place


@LANGUAGES
def test_the_office_says_what_a_round_needs(app: Flask, scene: shown.Scene, language: str) -> None:
    office, here = reader(app, scene.office, language), f"/staff/internships/rounds/{scene.round_id}"
    page = office.get(f"{here}/agreements")
    assert name_of(scene.company) in page.text or language == "en"
    office.submit(page.form("/agreements"), needed=["basic", "none"], status=422)
    page = office.submit(page.form("/agreements"), needed=["basic", "data_transfer"])
    words = {
        "ja": "インターンシップ基本協定、データ移転契約",
        "en": "Basic agreement on internships, Data transfer agreement",
    }
    assert words[language] in page.text
    with clock.frozen(given.TIMES.locks_at - timedelta(minutes=1)):
        office = reader(app, scene.office, language)
        form = office.get(f"{here}/agreements").form("/agreements")
    with clock.frozen(given.TIMES.locks_at):
        office.submit(form, needed=["basic"], status=409)
        assert "checkbox" not in office.get(f"{here}/agreements").source


@LANGUAGES
def test_the_register_asks_the_same_of_few_and_of_many(app: Flask, scene: shown.Scene, language: str) -> None:
    agreements.agreed(scene.office, scene.company, BASIC)
    office = reader(app, scene.office, language)
    company = reader(app, scene.admin, language)
    asked = []
    for _n in range(2):
        counts = []
        for who, place in (
            (office, "/staff/internships/agreements"),
            (office, "/staff/internships/agreements?state=in_force&kind=basic&q=株"),
            (office, f"/staff/internships/rounds/{scene.round_id}/agreements"),
            (company, f"/internships/companies/{scene.company}/agreements"),
            (company, f"/internships/rounds/{scene.round_id}/companies/{scene.company}"),
        ):
            rollback()
            with count_sql() as sql:
                who.get(place)
            counts.append(len(sql))
        asked.append(counts)
        for admin in (given.host(), given.host(), scene.admin):
            agreements.agreed(scene.office, given.company_of(admin), BASIC)
            with clock.frozen(given.JUNE - timedelta(hours=1)):
                shown.opened(scene.office, admin, scene.round_id)
    assert asked[0] == asked[1], asked
    assert max(asked[0]) <= 10, asked


def test_the_register_is_cut_by_key(app: Flask, scene: shown.Scene) -> None:
    company = scene.company
    with transaction() as session:
        file = StoredFile(
            name="協定書.pdf", media_type="application/pdf", size=4, sha256="0" * 64, confidentiality="restricted",
            organisation_id=None, uploaded_by_id=scene.office.id, created_at=clock.now(), content=b"%PDF",
        )  # fmt: skip
        session.add(file)
        session.flush()
        session.add_all(
            InternshipAgreement(
                organisation_id=company, kind=NDA, signed_on=date(2026, 4, 1), from_on=date(2026, 4, 1), file_id=file.id,
                once_key=f"many{n}", created_at=clock.now(), created_by_id=scene.office.id,
            )
            for n in range(51)
        )  # fmt: skip
    office = reader(app, scene.office)
    first = office.get("/staff/internships/agreements?kind=nda")
    (more,) = [link["href"] for link in first.links if "after=" in link["href"]]
    assert "kind=nda" in more
    numbers = [link["href"] for page in (first, office.get(more)) for link in page.links]
    assert len({n for n in numbers if n.rpartition("/")[2].isdecimal() and "/agreements/" in n}) == 51


@LANGUAGES
def test_both_homes_say_what_is_missing(app: Flask, scene: shown.Scene, language: str) -> None:
    lists = (
        f"/internships/companies/{scene.company}/agreements",
        f"/staff/internships/rounds/{scene.round_id}/agreements",
    )
    mentor_of = {"/home": reader(app, scene.admin, language), "/staff": reader(app, scene.office, language)}
    for stands in (False, True):
        for (home, who), where in zip(mentor_of.items(), lists, strict=True):
            found = [link for link in who.get(home).links if link["href"].endswith(where)]
            assert bool(found) is not stands, home
        agreements.agreed(scene.office, scene.company, NDA)
