"""From bytes to records: cut at 200 bytes or at line ends, or taken apart as CSV. Nothing is understood here yet."""

import csv
import re
from collections.abc import Iterator

from portal.domain.zengin.layouts import RECORD_BYTES
from portal.domain.zengin.problems import BadBankFile, Problem
from portal.domain.zengin.records import FileForm

MOST_BYTES = 64_000_000
# JIS X 0201: one byte a character. Others are the lead bytes of two-byte ones, or control characters.
_STRANGE = re.compile(rb"[^\x20-\x7e\xa1-\xdf]")
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
    lines = plain.split(b"\n") if b"\n" in plain else _cut(plain)
    for number, line in enumerate(lines, 1):
        if len(line) != RECORD_BYTES:
            if number == 1 and not line.startswith(b"1"):
                raise BadBankFile(Problem.NOT_A_BANK_FILE, 1)
            column = min(len(line), RECORD_BYTES) + 1
            raise BadBankFile(
                Problem.WRONG_LENGTH, number, column, found=str(len(line)), expected=str(RECORD_BYTES)
            )
        if strange := _STRANGE.search(line):
            raise BadBankFile(
                Problem.BAD_CHARACTER, number, strange.start() + 1, found=f"0x{strange[0].hex().upper()}"
            )
    return [line.decode("cp932") for line in lines]


def _cut(plain: bytes) -> list[bytes]:
    return [plain[at : at + RECORD_BYTES] for at in range(0, len(plain), RECORD_BYTES)]


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
