"""Whether the bytes are what the name says: magic at byte 0 and a parser that agrees. Pure."""

from __future__ import annotations

from collections.abc import Callable

from portal.files.kinds.basis import (
    ENDINGS,
    MOST_BYTES,
    OFFICE_KINDS,
    FileKind,
    FileProblem,
    Inspected,
    Unfit,
)
from portal.files.kinds.naming import display_name
from portal.files.kinds.office import check_office
from portal.files.kinds.pdf import check_pdf
from portal.files.kinds.pictures import check_jpeg, check_png

_MAGIC = {
    FileKind.PDF: b"%PDF-",
    FileKind.PNG: b"\x89PNG\r\n\x1a\n",
    FileKind.JPEG: b"\xff\xd8\xff",
    **dict.fromkeys(OFFICE_KINDS, b"PK\x03\x04"),
}
_PARSERS: dict[FileKind, Callable[[bytes, FileKind], None]] = {
    FileKind.PDF: check_pdf,
    FileKind.PNG: check_png,
    FileKind.JPEG: check_jpeg,
    **dict.fromkeys(OFFICE_KINDS, check_office),
}


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
