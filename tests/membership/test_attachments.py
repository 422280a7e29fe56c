"""Files of an application: kept by content, sent as attachments, to those alone who work on it."""

from __future__ import annotations

import io
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.files.models import StoredFile
from portal.membership import queries
from portal.membership import services as membership
from portal.membership.models import Attachment
from portal.membership.services.attachments import MOST_FILES
from tests.support import membership as given
from tests.support import uploads
from tests.support.people import actor_of, browser_of, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database
PAGE = "/membership/applications/1/attachments"


def send(visitor: Reader, content: bytes, name: str, *, status: int = 200) -> list[str]:
    """Add a file; gives the messages on the page that follows."""
    form = visitor.get(PAGE).form("/attachments").values()
    file = FileStorage(io.BytesIO(content), filename=name)
    boundary, body = encode_multipart({**form.to_dict(), "kind": "plan", "file": file})
    answer = visitor.post(PAGE, body, status=status, content_type=f"multipart/form-data; boundary={boundary}")
    return answer.errors


def drafted(app: Flask) -> Reader:
    given.season()
    who = person()
    given.draft(who)
    return Reader(browser_of(app, who))


def stored() -> int:
    rollback()
    return int(db.session.scalar(select(func.count()).select_from(StoredFile)) or 0)


def test_a_file_is_kept_shown_sent_and_taken_off(app: Flask) -> None:
    visitor = drafted(app)
    content = uploads.pdf()
    assert send(visitor, content, "研究 計画.pdf") == []
    page = visitor.get(PAGE)
    assert "研究 計画.pdf" in page.text
    answer = visitor.client.get(f"{PAGE}/1")
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert quote("研究 計画.pdf") in answer.headers["Content-Disposition"]
    assert (answer.headers["X-Content-Type-Options"], answer.mimetype) == ("nosniff", "application/pdf")
    page = visitor.submit(page.form("/remove"))
    assert "研究 計画.pdf" not in page.text
    assert visitor.client.get(f"{PAGE}/1").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.svg", b"<svg/>"), ("a.pdf", uploads.png()), ("a.pdf", b""), ("a.docx", uploads.office("docm"))],
)
def test_lying_files_are_told_at_the_field_and_not_kept(app: Flask, name: str, content: bytes) -> None:
    visitor = drafted(app)
    before = stored()
    assert len(send(visitor, content, name, status=422)) == 1
    assert stored() == before


def test_a_file_beyond_ten_megabytes_is_told_at_the_field(app: Flask) -> None:
    errors = send(drafted(app), b"%PDF-" + b"0" * 10_000_000, "a.pdf", status=422)
    assert len(errors) == 1
    assert "10MB" in errors[0]


def test_ten_files_are_enough(app: Flask) -> None:
    visitor = drafted(app)
    for n in range(MOST_FILES):
        assert send(visitor, uploads.png(), f"{n}.png") == []
    assert len(send(visitor, uploads.png(), "11.png", status=422)) == 1


def test_files_belong_to_those_who_work_on_the_application(app: Flask) -> None:
    visitor = drafted(app)
    send(visitor, uploads.png(), "a.png")
    others: list[FlaskClient] = [browser_of(app, person()), browser_of(app, staff())]
    assert [other.get(f"{PAGE}/1").status_code for other in others] == [404, 404]
    assert app.test_client().get(f"{PAGE}/1").status_code == 302


def test_a_file_taken_off_stays_with_the_revision_that_had_it(app: Flask) -> None:
    given.season()
    who, clerk = person(), staff()
    application = given.draft(who)
    visitor = Reader(browser_of(app, who))
    send(visitor, uploads.png(), "a.png")
    rollback()
    given.submit(application, who)
    assert [file["name"] for file in queries.latest_revision(application).files] == ["a.png"]
    answer = visitor.client.post(f"{PAGE}/1/remove", data={"csrf_token": "x"})
    assert answer.status_code == 400
    by, own = actor_of(clerk), actor_of(who)
    with transaction():
        membership.return_application(application=application, comments={"documents.file": "差し替え"}, by=by)
    with transaction():
        attachment = db.session.get_one(Attachment, 1)
        db.session.refresh(attachment, ["file"])
        membership.remove_attachment(application=application, attachment=attachment, by=own)
    given.submit(application, who)
    assert queries.latest_revision(application).files == []
    assert [(c.path, c.old, c.new) for c in queries.changes_since(application, 1)] == [
        ("files", ["a.png"], None)
    ]
    assert queries.attachment_in(application, 1, removed_too=True).file.name == "a.png"
