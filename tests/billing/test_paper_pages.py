"""The office's search of papers and its archives, as a browser sees them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.billing.models import Invoice, KeptPaper, PaperArchive
from portal.billing.services import archives
from portal.core.db import db
from portal.core.transaction import rollback
from tests.support.billing import bill, buyer, fee
from tests.support.people import browser_of, company, staff
from tests.support.sql import count_sql

PAGE = "/staff/books/papers"


@pytest.fixture
def browser(app: Flask) -> Iterator[Any]:
    app.config["WTF_CSRF_ENABLED"] = False
    yield browser_of(app, staff(Role.SECRETARIAT))
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def paper(app: Flask) -> Invoice:
    body = company(name_ja="株式会社みほんデータ", name_kana="ミホンデータ")
    return bill(body, fee(100_000), buyer=buyer(name="株式会社みほんデータ"))


def test_papers_are_listed_and_narrowed(browser: Any, paper: Invoice) -> None:
    text = browser.get(PAGE).text
    assert paper.number in text
    assert "¥110,000" in text
    assert paper.number in browser.get(f"{PAGE}?party=ﾐﾎﾝ&least_yen=110,000&most_yen=110000").text
    answer = browser.get(f"{PAGE}?party=だれでもない")
    assert (answer.status_code, paper.number in answer.text) == (200, False)


@pytest.mark.parametrize(
    "typed",
    [
        "since=2026-02-30",
        "since=2026-05-02&until=2026-05-01",
        "least_yen=2&most_yen=1",
        "least_yen=x",
        "kind=nothing",
    ],
)
def test_a_range_that_is_none_is_said_at_its_field(browser: Any, typed: str) -> None:
    assert browser.get(f"{PAGE}?{typed}").status_code == 422


def test_opening_a_paper_stands_in_the_trail(browser: Any, paper: Invoice) -> None:
    rollback()
    paper_id = db.session.execute(select(KeptPaper.id)).scalar_one()
    rollback()
    answer = browser.post(f"{PAGE}/{paper_id}/open")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == paper.file_sha256
    rollback()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "paper.opened")).one()
    assert entry.changes == {"number": paper.number}
    assert browser.get(f"{PAGE}/{paper_id}/open").status_code == 405
    assert browser.post(f"{PAGE}/99999/open").status_code == 404


@pytest.mark.parametrize("address", [PAGE, "/staff/books/archives"])
def test_a_longer_list_asks_no_more(browser: Any, address: str, run_jobs: Callable[[], int]) -> None:
    def more(bills: int) -> int:
        for _ in range(bills):
            bill(company(), fee(100_000))
            browser.post(f"{PAGE}/archive", data={})
            run_jobs()
        browser.get(address)
        with count_sql() as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    assert more(1) == more(2)


def test_an_archive_is_asked_for_made_and_saved(
    browser: Any, paper: Invoice, run_jobs: Callable[[], int]
) -> None:
    answer = browser.post(f"{PAGE}/archive", data={"party": "みほん", "with_pint": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/books/archives")
    assert 'hx-trigger="load delay:5s"' in browser.get("/staff/books/archives").text
    run_jobs()
    rollback()
    assert "hx-trigger" not in browser.get("/staff/books/archives").text.split('id="archives"')[1]
    rollback()
    archive = db.session.scalars(select(PaperArchive)).one()
    rollback()
    answer = browser.post(f"/staff/books/archives/{archive.id}/download")
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert hashlib.sha256(answer.data).hexdigest() == archive.sha256
    with zipfile.ZipFile(io.BytesIO(answer.data)) as package:
        assert package.testzip() is None
        assert len(package.namelist()) == 3


def test_an_archive_of_nothing_is_refused_with_the_page(browser: Any, paper: Invoice) -> None:
    answer = browser.post(f"{PAGE}/archive", data={"number": "nothing"})
    assert (answer.status_code, db.session.scalars(select(PaperArchive)).all()) == (422, [])


def test_an_archive_that_is_gone_is_said(browser: Any, paper: Invoice, run_jobs: Callable[[], int]) -> None:
    browser.post(f"{PAGE}/archive", data={})
    run_jobs()
    rollback()
    archive_id = db.session.scalars(select(PaperArchive.id)).one()
    archives.asking.drop_archive(archive_id)
    assert browser.post(f"/staff/books/archives/{archive_id}/download").status_code == 409
    assert browser.post("/staff/books/archives/99999/download").status_code == 404


@pytest.fixture
def asked(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, values: Any, *rest: Any) -> None:
        if "FROM kept_papers" in statement and "INSERT" not in statement:
            found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


EVERYTHING = (
    "since=2020-01-01&until=2099-12-31&least_yen=1&most_yen=999999999&party=みほん&kind=invoice&number=INV"
)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "typed", ["", "party=みほん", "least_yen=5&most_yen=500000", "number=INV-2026", EVERYTHING]
)
def test_the_search_reads_its_index_in_order(
    browser: Any, paper: Invoice, asked: list[tuple[str, Any]], typed: str
) -> None:
    assert browser.get(f"{PAGE}?{typed}").status_code == 200
    rollback()
    ((statement, values),) = asked
    raw = db.session.connection().connection.cursor()
    plan = "\n".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values))
    assert "ix_kept_papers_search" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
