"""PDF: whole, open to everybody, and without anything that acts by itself. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, NameObject

from portal.files.kinds.basis import FileKind, FileProblem, Unfit

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


def check_pdf(content: bytes, kind: FileKind) -> None:
    """Raises Unfit for what is locked, acts by itself or is no PDF."""
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
