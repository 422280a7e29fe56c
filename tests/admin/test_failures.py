"""Work that gave up is seen and tried again, once, by an administrator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.jobs.services import enqueue
from portal.notifications.enums import MessageState
from portal.notifications.models import Message
from tests.support.html import read_html
from tests.support.people import browser_of, staff
from tests.support.reader import Reader
from tests.support.sql import count_sql

URL = "/staff/failures"
MOST = 8


def failed_mail(subject: str = "届かない件名") -> int:
    """A mail whose sending gave up; the number of its job."""
    with transaction() as session:
        mail = Message(
            event="x",
            address="reader@example.co.jp",
            subject=subject,
            text="x",
            html="x",
            created_at=clock.now(),
            attachments=[],
        )
        session.add(mail)
        session.flush()
        job = enqueue("notifications.deliver", message_id=mail.id)
        job.state, job.attempts, job.last_error = JobState.FAILED, 12, "OSError: the server said no"
    return job.id


def admin(app: Flask, **values: str) -> Reader:
    return Reader(browser_of(app, staff(Role.ADMINISTRATOR, **values)))


def test_a_failed_mail_is_named_and_sent_when_tried_again(app: Flask, run_jobs: Callable[[], int]) -> None:
    number, reader = failed_mail(), admin(app)
    page = reader.get(URL)
    assert "届かない件名" in page.text
    assert "reader@example.co.jp" in page.text
    after = reader.submit(page.form("try-again"))
    assert "再実行しています" in after.text
    assert "失敗した処理はありません" in after.text
    run_jobs()
    assert db.session.scalars(select(Message.state)).one() is MessageState.SENT
    assert db.session.get_one(Job, number).state is JobState.DONE
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "job.retried")).one()
    assert noted.changes["error"] == "OSError: the server said no"


def test_what_is_done_is_not_tried_again(app: Flask, run_jobs: Callable[[], int]) -> None:
    number, reader = failed_mail(), admin(app)
    form = reader.get(URL).form("try-again")
    reader.submit(form)
    run_jobs()
    assert "すでに完了したか" in reader.submit(form, 409).text
    assert db.session.get_one(Job, number).attempts == 1


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        (f"http://localhost{URL}?state=waiting", f"{URL}?state=waiting"),
        (f"http://localhost{URL}/1/try-again", None),  # a button is no page
        (f"http://elsewhere.example{URL}", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_a_refusal_leads_back_to_the_page_of_its_button(
    app: Flask, run_jobs: Callable[[], int], referrer: str, back: str | None
) -> None:
    failed_mail()
    reader = admin(app)
    form = reader.get(URL).form("try-again")
    reader.submit(form)
    run_jobs()
    told = reader.client.post(form.action, data=form.values(), headers={"Referer": referrer})
    ways = [each["href"] for each in read_html(told.text)[0].all("a") if "btn" in each["class"].split()]
    assert told.status_code == 409
    assert ways == [each for each in (back, "/staff") if each]


def test_what_waits_for_its_next_try_stands_apart(app: Flask) -> None:
    number = failed_mail("もうすぐ届く件名")
    with transaction() as session:
        session.get_one(Job, number).state = JobState.QUEUED
    reader = admin(app)
    assert "もうすぐ届く件名" not in reader.get(URL).text
    assert "もうすぐ届く件名" in reader.get(f"{URL}?state=waiting").text


def test_a_job_that_is_not_there(app: Flask) -> None:
    reader = admin(app)
    token = reader.get(URL)
    data = {"csrf_token": next(e["content"] for e in token.root.all("meta") if e["name"] == "csrf-token")}
    assert reader.client.post(f"{URL}/4000000001/try-again", data=data).status_code == 404


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.STEERING_COMMITTEE])
def test_it_is_the_administrators_alone(app: Flask, role: Role) -> None:
    number, browser = failed_mail(), browser_of(app, staff(role))
    assert browser.get(URL).status_code == 403
    assert browser.post(f"{URL}/{number}/try-again").status_code in (400, 403)
    assert db.session.get_one(Job, number).state is JobState.FAILED


@pytest.mark.parametrize("language", ["ja", "en"])
def test_both_languages(app: Flask, language: str) -> None:
    failed_mail("x")
    admin(app, language=language).get(URL)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_few_statements(app: Flask, count: int) -> None:
    for _ in range(count):
        failed_mail()
    browser = browser_of(app, staff(Role.ADMINISTRATOR))
    rollback()
    with count_sql() as sql:
        assert browser.get(URL).status_code == 200
    assert len(sql) <= MOST, str(sql)
