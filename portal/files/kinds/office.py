"""Office files: packages of parts, unpacked within bounds, without macros. Pure."""

from __future__ import annotations

import io
import zipfile

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from portal.files.kinds.basis import FileKind, FileProblem, Unfit, refuse_shape

MOST_UNPACKED = 200_000_000
MOST_ENTRIES = 5_000
_MAIN_PARTS = {
    FileKind.DOCX: "wordprocessingml.document.main+xml",
    FileKind.XLSX: "spreadsheetml.sheet.main+xml",
    FileKind.PPTX: "presentationml.presentation.main+xml",
}
_TYPES_PART = "[Content_Types].xml"
LONGEST_TYPES_PART = 500_000  # bytes unpacked; real ones have a few thousand, and a tree of it is made
_ACTIVE_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_ACTIVE_NAMES = ("vbaproject", "vbadata", "activex", "/embeddings/")


def check_office(content: bytes, kind: FileKind) -> None:
    """Raises Unfit for what is locked, holds or fetches what acts by itself, unpacks too large or is of another kind."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        refuse_shape(len(entries) <= MOST_ENTRIES and len(set(names)) == len(names) and _TYPES_PART in names)
        refuse_shape(not any(n.startswith(("/", "\\")) or ".." in n.split("/") for n in names))
        if any(entry.flag_bits & 1 for entry in entries):
            raise Unfit(FileProblem.ENCRYPTED)
        _count_unpacked(package, entries)
        refuse_shape(package.getinfo(_TYPES_PART).file_size <= LONGEST_TYPES_PART)
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
    refuse_shape(entry.file_size <= LONGEST_TYPES_PART)
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
