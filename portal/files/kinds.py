"""Which files are taken, and whether the bytes are what the name says: magic at byte 0 and a parser that agrees. Pure."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, NameObject

MOST_BYTES = 10_000_000
MOST_UNPACKED = 200_000_000
MOST_ENTRIES = 5_000
MOST_PIXELS = 100_000_000
LONGEST_NAME = 120


class FileKind(StrEnum):
    """A kind of file that people may hand in; the value is its ending."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    FileKind.PPTX: f"{_OFFICE}presentationml.presentation",
}
ENDINGS = {kind.value: kind for kind in FileKind} | {"jpeg": FileKind.JPEG}
OFFICE_KINDS = (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX)


class FileProblem(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_ALLOWED = "not_allowed"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE_CONTENT = "active_content"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_INTRICATE = "too_intricate"
    BUSY = "busy"  # nothing is wrong with the file


class Unfit(Exception):
    """The file is not taken; `.problem` says why."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept: the name people see, and its kind."""

    name: str
    kind: FileKind


def look_at(content: bytes, name: str, allowed: tuple[FileKind, ...] = tuple(FileKind)) -> Inspected:
    """Judge a file by its size, name and first bytes. Raises Unfit."""
    if not content:
        raise Unfit(FileProblem.EMPTY)
    if len(content) > MOST_BYTES:
        raise Unfit(FileProblem.TOO_LARGE)
    shown = display_name(name)
    kind = ENDINGS.get(shown.rpartition(".")[2].casefold())
    if kind is None or kind not in allowed:
        raise Unfit(FileProblem.NOT_ALLOWED)
    if not content.startswith(_MAGIC[kind]):
        locked = kind in OFFICE_KINDS and content.startswith(
            b"\xd0\xcf\x11\xe0"
        )  # Office wraps what has a password
        raise Unfit(FileProblem.ENCRYPTED if locked else FileProblem.NOT_WHAT_IT_SAYS)
    return Inspected(shown, kind)


def parse(content: bytes, kind: FileKind) -> None:
    """Have a parser agree that it is a file of this kind, without anything active inside. Raises Unfit."""
    try:
        _PARSERS[kind](content, kind)
    except Unfit:
        raise
    except (Exception, RecursionError) as error:  # whatever a parser stumbles over, the file is at fault
        raise Unfit(FileProblem.DAMAGED) from error


_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def display_name(name: str) -> str:
    """The name without path, control and reordering characters, at most 120 characters with its ending kept."""
    bare = _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2]
    bare = unicodedata.normalize("NFC", bare).rstrip(" .")
    stem, dot, ending = bare.rpartition(".")
    if not dot:
        return bare.strip()[:LONGEST_NAME] or "file"
    return f"{(stem.strip(' .') or 'file')[: LONGEST_NAME - len(ending) - 1]}.{ending}"


# Actions (ISO 32000-1, table 198) that open something else, play, send or run. A web link on a click is none of them.
ACTIVE_ACTIONS = frozenset(
    [
        "/GoToR",
        "/GoToE",
        "/Launch",
        "/Sound",
        "/Movie",
        "/SubmitForm",
        "/ResetForm",
        "/ImportData",
        "/JavaScript",
        "/Rendition",
        "/RichMediaExecute",
    ]
)
ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
MOST_PDF_OBJECTS = 200_000


def _pdf(content: bytes, kind: FileKind) -> None:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise Unfit(FileProblem.ENCRYPTED)
    if not len(reader.pages) or "/MediaBox" not in reader.pages[0]:
        raise Unfit(FileProblem.DAMAGED)
    if any(_is_active(each) for each in _objects(reader)):
        raise Unfit(FileProblem.ACTIVE_CONTENT)


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Every dictionary that the file holds, wherever it hangs."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if (found.idnum, found.generation) in seen:
                continue
            seen.add((found.idnum, found.generation))
            if len(seen) > MOST_PDF_OBJECTS:
                raise Unfit(FileProblem.DAMAGED)
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            waiting.extend(dict.values(found))
        elif isinstance(found, list):
            waiting.extend(list.__iter__(found))


def _is_active(found: DictionaryObject) -> bool:
    """Whether a dictionary does something by itself, or carries what does. Names may stand behind a reference."""
    if not ACTIVE_KEYS.isdisjoint(found) or _named(found, "/S") in ACTIVE_ACTIONS:
        return True
    opening = _resolved(found, "/OpenAction")
    return isinstance(opening, DictionaryObject) and _named(opening, "/S") != "/GoTo"


def _resolved(found: DictionaryObject, key: str) -> Any:
    value = dict.get(found, key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _named(found: DictionaryObject, key: str) -> str:
    """A name, or nothing where something else stands."""
    value = _resolved(found, key)
    return str(value) if isinstance(value, NameObject) else ""


def _png(content: bytes, kind: FileKind) -> None:
    place, seen = 8, list[bytes]()
    while place < len(content):
        length, chunk = struct.unpack_from(">I4s", content, place)
        body = content[place + 4 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", content, place + 8 + length)
        if checksum != zlib.crc32(body):
            raise Unfit(FileProblem.DAMAGED)
        if not seen:
            _refuse_shape(chunk == b"IHDR" and length == 13)
            _refuse_pixels(*struct.unpack_from(">II", body, 4))
        seen.append(chunk)
        place += 12 + length
        if chunk == b"IEND":
            break
    _refuse_shape(b"IDAT" in seen and seen[-1] == b"IEND" and place == len(content))


_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _jpeg(content: bytes, kind: FileKind) -> None:
    place, has_frame = 2, False
    while True:
        _refuse_shape(content[place] == 0xFF)
        marker = content[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        if marker in _STANDALONE:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        _refuse_shape(length >= 2 and place + 2 + length <= len(content))
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, place + 5)
            _refuse_pixels(width, height)
            has_frame = True
        if marker == 0xDA:
            break
        place += 2 + length
    _refuse_shape(has_frame and content.rstrip(b"\x00").endswith(b"\xff\xd9"))


def _refuse_pixels(width: int, height: int) -> None:
    if not width or not height or width * height > MOST_PIXELS:
        raise Unfit(FileProblem.UNPACKS_TOO_LARGE if width and height else FileProblem.DAMAGED)


def _refuse_shape(is_right: bool) -> None:
    if not is_right:
        raise Unfit(FileProblem.DAMAGED)


_MAIN_PARTS = {
    FileKind.DOCX: "wordprocessingml.document.main+xml",
    FileKind.XLSX: "spreadsheetml.sheet.main+xml",
    FileKind.PPTX: "presentationml.presentation.main+xml",
}
_TYPES_PART = "[Content_Types].xml"
LONGEST_TYPES_PART = 500_000  # bytes unpacked; real ones have a few thousand, and a tree of it is made
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_ACTIVE_NAMES = ("vbaproject", "vbadata", "activex", "/embeddings/")


def _office(content: bytes, kind: FileKind) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        _refuse_shape(len(entries) <= MOST_ENTRIES and len(set(names)) == len(names) and _TYPES_PART in names)
        _refuse_shape(not any(n.startswith(("/", "\\")) or ".." in n.split("/") for n in names))
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unfit(FileProblem.ENCRYPTED)
        _count_unpacked(package, entries)
        _refuse_shape(package.getinfo(_TYPES_PART).file_size <= LONGEST_TYPES_PART)
        types = package.read(_TYPES_PART)
        relations = [package.read(e) for e in entries if e.filename.endswith(".rels") and _is_short(e)]
    declared = {str(part.get("ContentType", "")) for part in fromstring(types, forbid_dtd=True)}
    if (
        any(word in t.casefold() for t in declared for word in _ACTIVE_TYPES)
        or any(word in name.casefold() for name in names for word in _ACTIVE_NAMES)
        or any(_fetches(each) for each in relations)
    ):
        raise Unfit(FileProblem.ACTIVE_CONTENT)
    if not any(t.endswith(_MAIN_PARTS[kind]) for t in declared):
        raise Unfit(FileProblem.NOT_WHAT_IT_SAYS)


def _is_short(entry: zipfile.ZipInfo) -> bool:
    _refuse_shape(entry.file_size <= LONGEST_TYPES_PART)
    return True


def _fetches(relations: bytes) -> bool:
    """Whether a part is fetched from elsewhere (a template, a frame, an object); web links are followed on a click alone."""
    return any(
        part.get("TargetMode", "").casefold() == "external"
        and not str(part.get("Type", "")).endswith("/hyperlink")
        for part in fromstring(relations, forbid_dtd=True)
    )


def _count_unpacked(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack for real, as sizes in the directory can lie, and stop at the bound."""
    total = 0
    for entry in entries:
        with package.open(entry) as stream:
            while block := stream.read(1 << 16):
                total += len(block)
                if total > MOST_UNPACKED:
                    raise Unfit(FileProblem.UNPACKS_TOO_LARGE)


_MAGIC = {
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
    FileKind.JPEG: b"\xff\xd8\xff",
    **dict.fromkeys(OFFICE_KINDS, b"PK\x03\x04"),
}
_PARSERS: dict[FileKind, Callable[[bytes, FileKind], None]] = {
    FileKind.PDF: _pdf,
    FileKind.PNG: _png,
    FileKind.JPEG: _jpeg,
    **dict.fromkeys(OFFICE_KINDS, _office),
}
