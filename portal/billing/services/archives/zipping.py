"""A ZIP of papers with an index of them all: written to any stream, each file's SHA-256 in the index, then read again."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from portal.core.clock import OFFICE_ZONE
from portal.core.exports import csv_cell
from portal.core.i18n import _

INDEX = "index.csv"
LONGEST_NAME = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


class DamagedPaperError(Exception):
    """A kept file no longer has its SHA-256, or the ZIP does not hold what was put in."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: its name there, the SHA-256 it must have, and how to get its bytes."""

    name: str
    sha256: str
    load: Callable[[], bytes]
    row: Any  # what the index says of it
    kind: str


def member_name(place: int, day: date, number: str, name: str) -> str:
    """`00001_2026-05-01_INV-2026-000123_請求書.pdf`: no path, no two alike, nothing that a file system refuses."""
    stem, dot, ending = name.rpartition(".")
    bare = _UNSAFE.sub("_", f"{day.isoformat()}_{number}_{stem if dot else name}")[:LONGEST_NAME].strip(" .")
    end = _UNSAFE.sub("_", ending)[:8] if dot else "bin"
    return f"{place:05d}_{bare}.{end or 'bin'}"


def write_zip(out: BinaryIO, members: Iterable[Member]) -> dict[str, str]:
    """Write the members and then the index; names with their SHA-256. Raises DamagedPaperError."""
    hashes: dict[str, str] = {}
    index = io.StringIO(newline="")
    writer = csv.writer(index, lineterminator="\r\n")
    writer.writerow(_heads())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for member in members:
            content = member.load()
            digest = hashlib.sha256(content).hexdigest()
            if member.sha256 and digest != member.sha256:
                raise DamagedPaperError(f"{member.name}: {digest} is not {member.sha256}")
            _put(package, member.name, content, member.row.created_at)
            hashes[member.name] = digest
            writer.writerow([csv_cell(cell) for cell in _row(member, len(content), digest)])
        listed = index.getvalue().encode("utf-8-sig")
        _put(package, INDEX, listed, None)
    hashes[INDEX] = hashlib.sha256(listed).hexdigest()
    return hashes


def verify_zip(read: BinaryIO, hashes: dict[str, str]) -> None:
    """Read the ZIP again: exactly these files, each with its SHA-256. Raises DamagedPaperError."""
    try:
        with zipfile.ZipFile(read) as package:
            names = package.namelist()
            if sorted(names) != sorted(hashes):
                raise DamagedPaperError(f"{len(names)} files are there, {len(hashes)} were put in")
            for name in names:
                if _digest(package, name) != hashes[name]:
                    raise DamagedPaperError(f"{name} is not what was put in")
    except zipfile.BadZipFile as error:
        raise DamagedPaperError(str(error)) from error


def _digest(package: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with package.open(name) as stream:
        for block in iter(lambda: stream.read(1 << 18), b""):
            found.update(block)
    return found.hexdigest()


def _put(package: zipfile.ZipFile, name: str, content: bytes, at: datetime | None) -> None:
    moment = (at.astimezone(OFFICE_ZONE) if at else datetime(2000, 1, 1, tzinfo=OFFICE_ZONE)).timetuple()[:6]
    info = zipfile.ZipInfo(name, max(moment, (1980, 1, 1, 0, 0, 0)))
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, content)


def _heads() -> Sequence[str]:
    return [
        _("File"),
        _("Kind"),
        _("Number"),
        _("Belongs to"),
        _("Transaction date"),
        _("Amount (yen)"),
        _("Counterparty"),
        _("Corporate number"),
        _("Bytes"),
        "SHA-256",
        _("Kept since"),
    ]


def _row(member: Member, size: int, digest: str) -> Iterator[Any]:
    r = member.row
    yield from (member.name, member.kind, r.number, r.belongs_to, r.transacted_on, r.amount_yen, r.party_name)
    yield from (r.corporate_number, size, digest, r.created_at)
