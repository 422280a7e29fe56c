"""Every paper enters the register when it is written, can be found in every way the law names, and leaves in one ZIP."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.models import ArchiveChunk, Invoice, KeptPaper, PaperArchive
from portal.billing.queries.register import Wanted, search_papers, sum_of_papers
from portal.billing.register import ARCHIVE_KEPT, ArchiveState, PaperKind
from portal.billing.services import archives
from portal.billing.services.archives import asking
from portal.billing.services.archives.pieces import stream_pieces
from portal.billing.services.archives.zipping import DamagedPaperError, member_name, verify_zip
from portal.billing.services.register import register_old_papers
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import in_language
from portal.core.transaction import rollback, transaction
from tests.support.billing import bill, buyer, fee
from tests.support.people import actor_of, company, staff

pytestmark = pytest.mark.database


def office() -> Any:
    return actor_of(staff(Role.SECRETARIAT))


def numbers(**wanted: Any) -> list[str]:
    rollback()
    return [row[3] for row in search_papers(Wanted(**wanted), cursor=None).items]


@pytest.fixture
def three(app: Flask) -> list[Invoice]:
    """Three invoices on three days, for 110,000, 220,000 and 330,000 yen, of two companies."""
    data, pharma = (
        company(name_ja="株式会社みほんデータ", name_kana="ミホンデータ"),
        company(name_ja="架空製薬株式会社"),
    )
    made = []
    for days, body, yen in ((2, data, 100_000), (1, pharma, 200_000), (0, data, 300_000)):
        with clock.frozen(clock.now() - timedelta(days=days)):
            made.append(bill(body, fee(yen), buyer=buyer(name=body.name_ja)))
    return made


def test_a_paper_is_found_by_each_of_its_marks_and_by_all(three: list[Invoice]) -> None:
    first, second, third = (each.number for each in three)
    day = three[1].issued_on
    assert numbers() == [third, second, first]
    assert numbers(since=day) == [third, second]
    assert numbers(until=day) == [second, first]
    assert numbers(since=day, until=day) == [second]
    assert numbers(least_yen=220_000) == [third, second]
    assert numbers(most_yen=220_000) == [second, first]
    assert numbers(least_yen=111_000, most_yen=329_999) == [second]
    assert numbers(kind=PaperKind.INVOICE) == [third, second, first]
    assert numbers(kind=PaperKind.RECEIPT) == []
    assert numbers(number=second) == [second]
    assert numbers(number=second.lower()) == [second]
    assert numbers(party="みほん", least_yen=200_000, until=three[2].issued_on) == [third]
    assert numbers(party="みほん", least_yen=200_000, until=day) == []


@pytest.mark.parametrize(
    "typed",
    [
        "みほんデータ",
        "ミホンデータ",
        "ﾐﾎﾝﾃﾞｰﾀ",
        "ﾐﾎﾝ･ﾃﾞ-ﾀ",
        "（株）みほんデータ",
        "株式会社ミホンデータ",
        "ミホン データ",
        "ほんでーた",
    ],
)
def test_a_counterparty_is_found_however_it_is_spelt(three: list[Invoice], typed: str) -> None:
    assert numbers(party=typed) == [three[2].number, three[0].number]


def test_a_counterparty_is_found_by_its_number_and_under_its_later_name(three: list[Invoice]) -> None:
    number = three[1].organisation.corporate_number if "organisation" in three[1].__dict__ else None
    number = number or db.session.get_one(type(company()), three[1].organisation_id).corporate_number
    assert numbers(party=number) == [three[1].number]
    assert numbers(party="T" + str(number)) == [three[1].number]


@pytest.mark.parametrize("typed", ["％", "%", "_", "\\", "・", "'; --", "\x01", "存在しない"])
def test_what_is_nobodys_name_finds_nobody(three: list[Invoice], typed: str) -> None:
    assert numbers(party=typed) == []


def test_the_register_is_frozen(three: list[Invoice]) -> None:
    for deed in (update(KeptPaper).values(amount_yen=1), delete(KeptPaper)):
        with pytest.raises(DBAPIError, match="never changed or deleted"), transaction() as session:
            session.execute(deed)
    assert len(numbers()) == 3


def test_papers_from_before_the_register_are_taken_up_once(app: Flask, three: list[Invoice]) -> None:
    with transaction() as session:
        for statement in thawed():
            session.execute(statement)
        session.execute(delete(KeptPaper))
    assert numbers() == []
    assert register_old_papers() == 3
    assert register_old_papers() == 0
    assert numbers(party="ミホン") == [three[2].number, three[0].number]


def thawed() -> list[Any]:
    from sqlalchemy import text

    if db.engine.dialect.name == "sqlite":
        return [text(f"DROP TRIGGER kept_papers_no_{verb}") for verb in ("update", "delete")]
    return [text("DROP TRIGGER kept_papers_frozen ON kept_papers")]


def made_archive(run_jobs: Callable[[], int], *, with_pint: bool = False, **wanted: Any) -> PaperArchive:
    by = office()
    with transaction():
        archive = archives.ask_archive(wanted=Wanted(**wanted), with_pint=with_pint, by=by)
        archive_id = archive.id
    run_jobs()
    rollback()
    return db.session.get_one(PaperArchive, archive_id, populate_existing=True)


def bytes_of(archive: PaperArchive) -> bytes:
    return b"".join(stream_pieces(db.engine, archive.id, archive.attempt))


def test_an_archive_holds_all_with_an_index_of_their_hashes(
    three: list[Invoice], run_jobs: Callable[[], int]
) -> None:
    archive = made_archive(run_jobs, party="みほん")
    content = bytes_of(archive)
    assert (archive.state, archive.papers, archive.bytes) == (ArchiveState.READY, 2, len(content))
    assert archive.sha256 == hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        rows = list(csv.reader(io.StringIO(package.read("index.csv").decode("utf-8-sig"))))
        assert [row[2] for row in rows[1:]] == [three[0].number, three[2].number]
        for row in rows[1:]:
            held = package.read(row[0])
            assert (row[9], int(row[8])) == (hashlib.sha256(held).hexdigest(), len(held))
            assert held.startswith(b"%PDF-")
        assert [row[5] for row in rows[1:]] == ["110000", "330000"]
        assert len(package.namelist()) == 3


def test_an_archive_holds_the_peppol_files_on_wish(three: list[Invoice], run_jobs: Callable[[], int]) -> None:
    archive = made_archive(run_jobs, with_pint=True)
    with zipfile.ZipFile(io.BytesIO(bytes_of(archive))) as package:
        files = [name for name in package.namelist() if name.endswith(".xml")]
        assert len(files) == 3
        assert all(b"urn:peppol:pint:billing-1@jp-1" in package.read(name) for name in files)


def test_an_archive_is_gone_after_some_days(three: list[Invoice], run_jobs: Callable[[], int]) -> None:
    archive = made_archive(run_jobs)
    with clock.frozen(clock.now() + ARCHIVE_KEPT - timedelta(hours=1)):
        archives.drop_old_archives()
    assert bytes_of(archive)
    with clock.frozen(clock.now() + ARCHIVE_KEPT + timedelta(hours=1)):
        archives.drop_old_archives()
    rollback()
    archive = db.session.get_one(PaperArchive, archive.id, populate_existing=True)
    assert (archive.state, bytes_of(archive)) == (ArchiveState.GONE, b"")
    with in_language("en"), pytest.raises(Refused, match=r"not there"):
        archives.open_archive(archive, by=office())


def test_too_much_is_refused_with_how_much(three: list[Invoice], monkeypatch: pytest.MonkeyPatch) -> None:
    papers, size, yen = sum_of_papers(Wanted())
    assert (papers, yen) == (3, 660_000)

    def refusal(**wanted: Any) -> str:
        with in_language("en"), pytest.raises(Refused) as refused:
            archives.ask_archive(wanted=Wanted(**wanted), with_pint=False, by=office())
        with in_language("en"):
            return str(refused.value)

    monkeypatch.setattr(asking, "MOST_PAPERS", 2)
    assert refusal() == "3 papers fit; one archive holds at most 2. Please choose a shorter time."
    monkeypatch.setattr(asking, "MOST_PAPERS", 3)
    monkeypatch.setattr(asking, "MOST_ARCHIVE_BYTES", size - 1)
    assert "MB; one archive holds at most" in refusal()
    assert "nothing to put" in refusal(number="nothing")


def test_two_workers_make_one_archive(three: list[Invoice], run_jobs: Callable[[], int]) -> None:
    by = office()
    with transaction():
        archive_id = archives.ask_archive(wanted=Wanted(), with_pint=False, by=by).id
    archives.make_archive(archive_id)
    archives.make_archive(archive_id)
    run_jobs()
    rollback()
    archive = db.session.get_one(PaperArchive, archive_id, populate_existing=True)
    assert (archive.state, archive.attempt) == (ArchiveState.READY, 1)
    attempts = select(func.count(ArchiveChunk.attempt.distinct())).where(
        ArchiveChunk.archive_id == archive_id
    )
    assert db.session.scalar(attempts) == 1


def test_asking_and_opening_stand_in_the_trail(three: list[Invoice], run_jobs: Callable[[], int]) -> None:
    archive = made_archive(run_jobs, party="みほん")
    by = office()
    with transaction():
        archives.open_archive(archive, by=by)
        archives.open_paper(three[0].file_id, by=by)
    verbs = db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id.desc()).limit(3)).all()
    assert set(verbs) == {"archive.asked", "archive.opened", "paper.opened"}


def test_a_zip_that_is_not_what_was_written_is_seen(
    three: list[Invoice], run_jobs: Callable[[], int]
) -> None:
    content = bytearray(bytes_of(made_archive(run_jobs)))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as package:
        hashes = {name: hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist()}
    verify_zip(io.BytesIO(bytes(content)), hashes)
    with pytest.raises(DamagedPaperError):
        verify_zip(io.BytesIO(bytes(content[:-30])), hashes)
    content[200] ^= 1
    with pytest.raises(Exception, match=r".+"):
        verify_zip(io.BytesIO(bytes(content)), hashes)
    with pytest.raises(DamagedPaperError, match="were put in"):
        verify_zip(io.BytesIO(bytes_of(made_archive(run_jobs))), hashes | {"more": ""})


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "00007_2026-04-01_N_.._._etc_pas"),
        ("a/b\\c:d.pdf", "00007_2026-04-01_N_a_b_c_d.pdf"),
        ("請求書\u202egpj.pdf", "00007_2026-04-01_N_請求書_gpj.pdf"),
        ("x" * 300 + ".pdf", "00007_2026-04-01_N_" + "x" * 67 + ".pdf"),
        ("\ud800\x00", "00007_2026-04-01_N___.bin"),
    ],
)
def test_names_in_the_zip_are_harmless(name: str, file: str) -> None:
    from datetime import date

    assert member_name(7, date(2026, 4, 1), "N", name) == file
