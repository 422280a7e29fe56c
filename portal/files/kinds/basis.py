"""The kinds of files that are taken, and why one is not. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 10_000_000


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


def refuse_shape(is_right: bool) -> None:
    """Raises Unfit for what no file of its kind looks like."""
    if not is_right:
        raise Unfit(FileProblem.DAMAGED)
