"""What is taken and what is not: name, first bytes and parser have to agree."""

from __future__ import annotations

import pytest

from portal.files.judging import judge
from portal.files.kinds import MOST_BYTES, FileKind, FileProblem, Unfit, display_name
from tests.support import uploads

ENTITY = '<!DOCTYPE x [<!ENTITY a "b">]><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">&a;</Types>'
BOMB = b"\0" * 210_000_000


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("請求書.pdf", uploads.pdf(), FileKind.PDF),
        ("図.PNG", uploads.png(), FileKind.PNG),
        ("写真.jpeg", uploads.jpeg(), FileKind.JPEG),
        ("計画.docx", uploads.office("docx"), FileKind.DOCX),
        ("表.xlsx", uploads.office("xlsx"), FileKind.XLSX),
        ("発表.pptx", uploads.office("pptx"), FileKind.PPTX),
    ],
)
def test_honest_files_are_taken(name: str, content: bytes, kind: FileKind) -> None:
    seen = judge(content, name)
    assert (seen.name, seen.kind) == (name, kind)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.pdf", b"", FileProblem.EMPTY),
        ("a.pdf", b"%PDF-" + b"0" * MOST_BYTES, FileProblem.TOO_LARGE),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileProblem.NOT_ALLOWED),
        ("a.html", b"<script>", FileProblem.NOT_ALLOWED),
        ("a", uploads.pdf(), FileProblem.NOT_ALLOWED),
        ("a.pdf.exe", uploads.pdf(), FileProblem.NOT_ALLOWED),
        ("a.docm", uploads.office("docm"), FileProblem.NOT_ALLOWED),
        ("a.pdf", uploads.png(), FileProblem.NOT_WHAT_IT_SAYS),
        ("a.png", b"<html>" + uploads.png(), FileProblem.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"\n%PDF-1.7\n", FileProblem.NOT_WHAT_IT_SAYS),
        ("a.xlsx", uploads.office("docx"), FileProblem.NOT_WHAT_IT_SAYS),
        ("a.docx", uploads.pdf(), FileProblem.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"%PDF-1.7\nnothing", FileProblem.DAMAGED),
        ("a.png", uploads.png()[:-6], FileProblem.DAMAGED),
        ("a.png", uploads.png() + b"PK\x03\x04", FileProblem.DAMAGED),
        ("a.png", uploads.png().replace(b"IDAT", b"IDAX"), FileProblem.DAMAGED),
        ("a.jpg", uploads.jpeg()[:-2], FileProblem.DAMAGED),
        ("a.jpg", uploads.jpeg() + b"<script>", FileProblem.DAMAGED),
        ("a.jpg", b"\xff\xd8\xff", FileProblem.DAMAGED),
        ("a.docx", b"PK\x03\x04nothing", FileProblem.DAMAGED),
        ("a.docx", uploads.office(parts={"../evil.xml": b"x"}), FileProblem.DAMAGED),
        ("a.docx", uploads.office(types=ENTITY), FileProblem.DAMAGED),
        ("a.pdf", uploads.pdf(password="x"), FileProblem.ENCRYPTED),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileProblem.ENCRYPTED),
        ("a.pdf", uploads.pdf(script="app.alert(1)"), FileProblem.ACTIVE_CONTENT),
        ("a.docx", uploads.office("docm"), FileProblem.ACTIVE_CONTENT),
        ("a.docx", uploads.office(parts={"word/vbaProject.bin": b"x"}), FileProblem.ACTIVE_CONTENT),
        ("a.docx", uploads.office(parts={"word/embeddings/a.bin": b"x"}), FileProblem.ACTIVE_CONTENT),
        ("a.png", uploads.png(100_000, 100_000), FileProblem.UNPACKS_TOO_LARGE),
        ("a.jpg", uploads.jpeg(60_000, 60_000), FileProblem.UNPACKS_TOO_LARGE),
        ("a.docx", uploads.office(parts={"big.xml": BOMB}), FileProblem.UNPACKS_TOO_LARGE),
    ],
)
def test_lying_files_are_not(name: str, content: bytes, problem: FileProblem) -> None:
    with pytest.raises(Unfit) as unfit:
        judge(content, name)
    assert unfit.value.problem is problem


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\me\\請求書.pdf", "請求書.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("fdp.\u202egnp.pdf", "fdp.gnp.pdf"),
        ("か\u3099.pdf", "が.pdf"),
        (".pdf", "file.pdf"),
        (" .  .pdf .", "file.pdf"),
        (".請求書.pdf", "請求書.pdf"),
        ("...", "file"),
        (" pdf ", "pdf"),
        ("あ" * 300 + ".pdf", "あ" * 116 + ".pdf"),
    ],
)
def test_names_keep_what_people_read_and_lose_what_they_cannot_see(name: str, shown: str) -> None:
    assert display_name(name) == shown
