"""The demo's mailbox: every mail as its reader sees it, in a frame that lets nothing in, and in the demo alone."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.core.transaction import rollback
from portal.notifications.models import Message
from tests.support.reader import Reader
from tests.support.sql import count_sql


def mail_of(event: str) -> Message:
    found = db.session.scalars(
        select(Message).where(Message.event == event).order_by(Message.id.desc())
    ).first()
    assert found is not None
    rollback()
    return found


def paths(mail: Message) -> list[str]:
    here = f"/demo/mailbox/{mail.id}"
    return ["/demo/mailbox", here, f"{here}/mail", f"{here}/attachments/{(mail.attachments or [1])[0]}"]


def test_outside_the_demo_there_is_no_mailbox(demo: Flask) -> None:
    for path in paths(mail_of("billing/invoice_issued")):
        assert demo.test_client().get(path).status_code == 404


def test_all_mails_stand_newest_first_and_go_on(demonstration: Flask) -> None:
    reader = Reader(demonstration.test_client())
    page, seen = reader.get("/demo/mailbox", headers={"Accept-Language": "ja"}), []
    while True:
        seen += [link["href"] for link in page.main.all("a") if link["href"].count("/") == 3]
        following = [link["href"] for link in page.links if link["rel"] == "next"]
        if not following:
            break
        page = reader.get(following[0])
    numbers = [int(path.rpartition("/")[2]) for path in seen]
    assert numbers == sorted(db.session.scalars(select(Message.id)), reverse=True)


def test_one_readers_mails(demonstration: Flask) -> None:
    page = Reader(demonstration.test_client()).get("/demo/mailbox?to=keiri@kakuu-shindan.example")
    rows = [[c.text for c in row.all("td")] for row in page.root.all("tr") if row.all("td")]
    assert {row[1] for row in rows} == {"keiri@kakuu-shindan.example"}
    assert any("INV-2026-000007" in row[0] for row in rows)
    empty = Reader(demonstration.test_client()).get("/demo/mailbox?to=nobody@example.com&after=")
    assert empty.root.all("table") == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_mail_shows_head_text_frame_and_attachments(demonstration: Flask, language: str) -> None:
    mail = mail_of("billing/invoice_issued")
    client = demonstration.test_client()
    page = Reader(client).get(f"/demo/mailbox/{mail.id}", headers={"Accept-Language": language})
    assert page.h1 == mail.subject
    assert " ".join(mail.text.split()) in page.text
    assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]
    frame = page.root.all("iframe")[0]
    assert "allow-scripts" not in frame["sandbox"]
    attached = client.get(next(link["href"] for link in page.links if "/attachments/" in link["href"]))
    assert attached.data.startswith(b"%PDF")
    assert attached.headers["Content-Disposition"].startswith("attachment")


def test_the_frame_allows_style_and_nothing_else(demonstration: Flask) -> None:
    mail = mail_of("membership/received")
    answer = demonstration.test_client().get(f"/demo/mailbox/{mail.id}/mail")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self' 'unsafe-inline';")
    assert "script" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in answer.text
    assert "<script" not in answer.text


def test_what_is_not_attached_is_not_found(demonstration: Flask) -> None:
    invoice, other = mail_of("billing/invoice_issued"), mail_of("membership/received")
    client = demonstration.test_client()
    assert client.get(f"/demo/mailbox/{other.id}/attachments/{invoice.attachments[0]}").status_code == 404
    assert client.get("/demo/mailbox/4000000001").status_code == 404
    assert client.get("/demo/mailbox?after=nonsense").status_code == 404


def test_the_list_costs_few_statements(demonstration: Flask) -> None:
    client = demonstration.test_client()
    with count_sql() as sql:
        assert client.get("/demo/mailbox").status_code == 200
    assert len(sql) <= 2, str(sql)
