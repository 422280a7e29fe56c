"""Documents as PDF/A-3b: a Typst template, plain data, pinned fonts; the same input gives the same bytes.

Only fonts that come with the Python lock are used, never those of the machine. A character that none of them has
is an error that names it, never a blank on a paper that somebody pays by.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).resolve().parent.parent.parent / "templates" / "documents"
STANDARDS: list[typst.PDFStandard] = ["a-3b"]
PROBE = FOLDER / "probe.typ"
FONT_PACKAGES = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold", "fontpkg_source_sans_3")


class PdfError(Exception):
    """A document that could not be made; `.missing` holds the characters that no font can show."""

    def __init__(self, message: str, *, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


def render_pdf(template: str, data: Mapping[str, Any], *, timestamp: datetime) -> bytes:
    """Print `data` (JSON values) by `templates/documents/<template>`, e.g. `billing/invoice.typ`.

    `timestamp` (aware) becomes the creation date inside the file. The template reads `sys.inputs.data`.
    Raises PdfError for characters without a glyph and for anything the compiler refuses, ValueError for a naive
    timestamp, FileNotFoundError for an unknown template.
    """
    if timestamp.tzinfo is None:
        raise ValueError("the timestamp of a document must be aware")
    cleaned = _cleaned(dict(data))
    _refuse(_unassigned(_texts(cleaned)))
    try:
        return _compile(_path_of(template), cleaned, timestamp.astimezone(UTC))
    except typst.TypstError as error:
        _refuse(_missing(error.diagnostic))
        raise PdfError(f"{template}: {error.message}") from error


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of `text` that no document can show, each once, in order; empty when all is well."""
    cleaned = _cleaned(text)
    unassigned = _unassigned((cleaned,))
    try:
        known = "".join(char for char in cleaned if char not in unassigned)
        _compile(PROBE, known, datetime(2000, 1, 1, tzinfo=UTC))
    except typst.TypstError as error:
        return _once((*unassigned, *_missing(error.diagnostic)))
    return unassigned


def _compile(source: Path, data: Any, timestamp: datetime) -> bytes:
    made = _compiler().compile(
        source,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=timestamp,
    )
    if not isinstance(made, bytes):
        raise PdfError("the compiler gave no document")
    return made


def _path_of(template: str) -> Path:
    path = (FOLDER / template).resolve()
    if not path.is_relative_to(FOLDER) or not path.is_file():
        raise FileNotFoundError(f"no document template {template!r}")
    return path


@cache
def _fonts() -> typst.Fonts:
    """The pinned fonts, and those inside Typst for scripts that neither has."""
    folders = [str(files(package)) for package in FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


_own = threading.local()


def _compiler() -> typst.Compiler:
    """This thread's compiler: one cannot serve two threads at once."""
    if not hasattr(_own, "compiler"):
        _own.compiler = typst.Compiler(root=str(FOLDER), font_paths=_fonts())
    compiler: typst.Compiler = _own.compiler
    return compiler


# Controls but the line feed; marks that turn the reading order, under which a name could pose as another.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ACCENTED = re.compile("[^\\W\\d_][\u0300-\u036f\u3099\u309a]+")


def _cleaned(value: Any) -> Any:
    """The same data with one kind of line end, without unseen characters, accents joined to their letters.

    Whole-text normalisation would turn 神 (U+FA19) into another form of the name, so only accents are joined.
    """
    if isinstance(value, str):
        text = _LINE_ENDS.sub("\n", value).replace("\t", " ")
        text = _UNSEEN.sub("", text)
        return _ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)
    if isinstance(value, Mapping):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _unassigned(texts: Iterable[str]) -> tuple[str, ...]:
    """Private-use characters (外字, for which a font may hold anything), lone surrogates, what Unicode leaves open."""
    return _once(char for text in texts for char in text if unicodedata.category(char) in ("Co", "Cs", "Cn"))


_SHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")


def _missing(diagnostic: str) -> tuple[str, ...]:
    """The characters that the compiler could not show, read from its report."""
    return _once(
        char
        for shown in _SHOWN.findall(diagnostic)
        for char in _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], shown)
    )


def _once(characters: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(characters))


def _refuse(missing: tuple[str, ...]) -> None:
    if missing:
        named = ", ".join(f"{_visible(char)} (U+{ord(char):04X})" for char in missing)
        raise PdfError(f"no font shows: {named}", missing=missing)


def _visible(char: str) -> str:
    return char if char.isprintable() else "\N{REPLACEMENT CHARACTER}"
