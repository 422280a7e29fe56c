"""From bytes to records: cut at 200 bytes or at line ends, or taken apart as CSV. Nothing is understood here yet."""

import codecs
import csv
import re
from collections.abc import Iterator

from portal.domain.zengin.layouts import RECORD_BYTES
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.records import FileForm

MOST_BYTES = 64_000_000
# JIS X 0201: one byte a character. Others are the lead bytes of two-byte ones, or control characters.
_STRANGE = re.compile(rb"[^\n\x20-\x7e\xa1-\xdf]")
_JIS_X_0201 = bytes(range(0x80)).decode() + "".join(
    chr(0xFF61 + byte - 0xA1) if 0xA1 <= byte <= 0xDF else "\ufffe" for byte in range(0x80, 0x100)
)  # as cp932 reads these, in half the time
_STRANGE_TEXT = re.compile("[\x00-\x1f\x7f]")
_EBCDIC_ONE, _END_OF_FILE = 0xF1, b"\x1a"


def records_of(content: bytes) -> tuple[FileForm, list[str] | list[list[str]]]:
    """The form of a file, and its records: strings of 200 characters, or lists of fields. Raises BadBankFile."""
    if len(content) > MOST_BYTES:
        raise BadBankFile(Problem.TOO_LARGE, 1)
    plain = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    plain = plain.rstrip(b"\n\x1a")
    if not plain.strip():
        raise BadBankFile(Problem.EMPTY, 1)
    if plain[0] == _EBCDIC_ONE:
        raise BadBankFile(Problem.EBCDIC, 1)
    if re.match(rb'\s*"?1"?\s*,', plain):
        return FileForm.CSV, list(_csv_records(plain))
    return FileForm.FIXED, _fixed_records(plain)


def _fixed_records(plain: bytes) -> list[str]:
    if not plain.startswith(b"1"):
        raise BadBankFile(Problem.NOT_A_BANK_FILE, 1)
    if strange := _STRANGE.search(plain):
        line, before = _place(plain, strange.start())
        raise BadBankFile(Problem.BAD_CHARACTER, line, before + 1, found=f"0x{strange[0].hex().upper()}")
    text, _length = codecs.charmap_decode(plain, "strict", _JIS_X_0201)  # one character a byte from here on
    lines = text.split("\n") if "\n" in text else _cut(text)
    for number, record in enumerate(lines, 1):
        if len(record) != RECORD_BYTES:
            if number == 1 and len(lines) == 1 and len(record) < RECORD_BYTES:
                raise BadBankFile(Problem.NOT_A_BANK_FILE, 1)
            column = min(len(record), RECORD_BYTES) + 1
            raise BadBankFile(
                Problem.WRONG_LENGTH, number, column, found=str(len(record)), expected=str(RECORD_BYTES)
            )
    return lines


def _place(plain: bytes, at: int) -> tuple[int, int]:
    """Line of a byte, and how many bytes stand before it there."""
    if b"\n" in plain:
        return plain.count(b"\n", 0, at) + 1, at - plain.rfind(b"\n", 0, at) - 1
    line, before = divmod(at, RECORD_BYTES)
    return line + 1, before


def _cut(text: str) -> list[str]:
    return [text[at : at + RECORD_BYTES] for at in range(0, len(text), RECORD_BYTES)]


def _csv_records(plain: bytes) -> Iterator[list[str]]:
    lines = plain.split(b"\n")
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("cp932")
            fields = next(csv.reader([text], strict=True), [])
        except UnicodeDecodeError as error:
            column = line[: error.start].count(b",") + 1
            raise BadBankFile(Problem.BAD_CHARACTER, number, column) from error
        except csv.Error as error:
            raise BadBankFile(Problem.BAD_QUOTES, number) from error
        for column, field in enumerate(fields, 1):
            if _STRANGE_TEXT.search(field):
                raise BadBankFile(Problem.BAD_CHARACTER, number, column)
        yield fields
