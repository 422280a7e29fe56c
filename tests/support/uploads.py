"""Files that people hand in, right and lying; made here, byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
_MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
}


def pdf(*, script: str = "", password: str = "") -> bytes:
    """One empty page."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    if password:
        writer.encrypt(password)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def plain_pdf(objects: dict[int, bytes]) -> bytes:
    """A file of these objects, the first its catalog; written by hand, so that it may be as wicked as one likes."""
    made, places = io.BytesIO(), {}
    made.write(b"%PDF-1.7\n")
    for number, body in objects.items():
        places[number] = made.tell()
        made.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    table, size = made.tell(), max(objects) + 1
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        free = number not in places
        made.write(
            b"%010d %05d %b \n" % (places.get(number, 0), 65535 if free else 0, b"f" if free else b"n")
        )
    made.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table))
    return made.getvalue()


_PAGES = {
    2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%b>>",
}


def acting_pdf(*, catalog: bytes = b"", page: bytes = b"", **more: bytes) -> bytes:
    """One page; `catalog` and `page` are added to these dictionaries, `o10=…` is object 10."""
    return plain_pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
            2: _PAGES[2],
            3: _PAGES[3] % page,
            **{int(name[1:]): body for name, body in more.items()},
        }
    )


def tangled_pdf(levels: int = 60) -> bytes:
    """A page tree in which every branch leads twice to the next: 2 to the power of `levels` ways to one page."""
    tree = {2 + n: b"<</Type/Pages/Count 1/Kids[%d 0 R %d 0 R]>>" % (3 + n, 3 + n) for n in range(levels)}
    return plain_pdf(
        {1: b"<</Type/Catalog/Pages 2 0 R>>", **tree, 2 + levels: b"<</Type/Page/MediaBox[0 0 9 9]>>"}
    )


def slow_pdf(streams: int = 100, entries: int = 30_000) -> bytes:
    """Some 50 kB that keep a parser busy for half a minute: object streams with long tables of contents."""
    wanted = [1000 + n for n in range(streams)]
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R/X[%b]>>" % b" ".join(b"%d 0 R" % number for number in wanted),
        2: _PAGES[2],
        3: _PAGES[3] % b"",
    }
    for n, number in enumerate(wanted):
        head = b" ".join([b"9999 0"] * (entries - 1) + [b"%d 0" % number]) + b" "
        packed = zlib.compress(head + b"<</A 1>>", 9)
        bodies[100 + n] = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (
            entries, len(head), len(packed), packed,
        )  # fmt: skip
    inside = {number: (100 + n, entries - 1) for n, number in enumerate(wanted)}
    return _with_stream_table(bodies, inside)


def _with_stream_table(bodies: dict[int, bytes], inside: dict[int, tuple[int, int]]) -> bytes:
    """As plain_pdf, but with the table as a stream, so that objects may stand `inside` others (stream, place)."""
    made = io.BytesIO()
    made.write(b"%PDF-1.7\n")
    rows = {0: (0, 0, 0)} | {number: (2, *place) for number, place in inside.items()}
    for number, body in bodies.items():
        rows[number] = (1, made.tell(), 0)
        made.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
    rows[5], size = (1, made.tell(), 0), max(rows) + 1
    table = zlib.compress(b"".join(struct.pack(">BIH", *rows.get(n, (0, 0, 0))) for n in range(size)))
    made.write(
        b"5 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
        b"startxref\n%d\n%%%%EOF" % (size, len(table), table, rows[5][1])
    )
    return made.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 1, height: int = 1) -> bytes:
    """A black picture; its header may say more than there is."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def jpeg(width: int = 1, height: int = 1) -> bytes:
    """The outline of a JPEG: a frame, a scan, an end."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\x01\x01\x00\x00\x3f\x00"

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + segment(0xC0, frame)
        + segment(0xDA, scan)
        + b"\x00\xff\xd9"
    )


def office(kind: str = "docx", *, parts: dict[str, bytes] | None = None, types: str | None = None) -> bytes:
    """A package with its content types and one main part."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        override = f'<Override PartName="/main.xml" ContentType="{_MAIN[kind]}"/>'
        package.writestr("[Content_Types].xml", types if types is not None else _TYPES.format(override))
        for name, content in {"main.xml": b"<x/>", **(parts or {})}.items():
            package.writestr(name, content)
    return made.getvalue()
