"""One ZIP: the database, the list of stored files with their hashes, and a manifest that says what it must amount to."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from portal.files.queries import listed_files

FORMAT = 1
MANIFEST, FILES = "manifest.json", "files.csv"


class BadArchiveError(ValueError):
    """No backup of ours, or one that was damaged."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`database` is sqlite or postgresql; `members` maps names to SHA-256; `sums` is what the data amounts to."""

    made_at: str
    database: str
    members: dict[str, str]
    sums: dict[str, Any]

    def as_json(self) -> str:
        return json.dumps(
            {"format": FORMAT, "made_at": self.made_at, "database": self.database, "members": self.members, "sums": self.sums},
            indent=1, ensure_ascii=False,
        )  # fmt: skip


def sha256_of(path: Path) -> str:
    """Of a file of any size."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def file_list() -> bytes:
    """Every stored file with its hash, as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "name", "bytes", "sha256"])
    writer.writerows(listed_files())
    return out.getvalue().encode("utf-8-sig")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A path to write to that becomes `path` when all went well: whole, on the disk, readable by its owner alone.

    Raises FileExistsError rather than cover something, NotADirectoryError where there is no folder to write to.
    """
    if not path.parent.is_dir():
        raise NotADirectoryError(f"there is no folder {path.parent}")
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        os.link(part, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        part.unlink(missing_ok=True)


def pack(to: Path, manifest: Manifest, members: dict[str, Path | bytes]) -> None:
    """Write the archive; the manifest comes first."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(MANIFEST, manifest.as_json())
        for name, content in members.items():
            archive.writestr(name, content) if isinstance(content, bytes) else archive.write(content, name)


def read_manifest(path: Path) -> Manifest:
    """What the archive says of itself; raises BadArchiveError."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(MANIFEST))
        if said["format"] != FORMAT:
            raise BadArchiveError(f"{path} has format {said['format']}, this Renkei reads {FORMAT}")
        sums = said["sums"]
        if missing := {"migration", "rows", "accounts", "trail"} - sums.keys():
            raise BadArchiveError(f"{path} does not say its {', '.join(sorted(missing))}")
        return Manifest(said["made_at"], said["database"], said["members"], sums)
    except (zipfile.BadZipFile, KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise BadArchiveError(
            f"{path} is no backup of Renkei, or is damaged ({type(error).__name__})"
        ) from None


@contextmanager
def unpacked(path: Path, manifest: Manifest, member: str, *, beside: Path) -> Iterator[Path]:
    """`member` in a temporary folder in `beside`, once every member has the hash that the manifest names."""
    with (
        TemporaryDirectory(prefix=".renkei-restore-", dir=beside) as folder,
        zipfile.ZipFile(path) as archive,
    ):
        for name, digest in manifest.members.items():
            out = Path(folder) / Path(name).name
            try:
                with archive.open(name) as content, out.open("wb") as file:
                    shutil.copyfileobj(content, file)
            except (KeyError, zipfile.BadZipFile, OSError, EOFError) as error:
                raise BadArchiveError(f"{name} cannot be read from {path}: {error}") from None
            if sha256_of(out) != digest:
                raise BadArchiveError(f"{name} in {path} is not what was saved")
        if member not in manifest.members:
            raise BadArchiveError(f"{path} holds no {member}")
        yield Path(folder) / member
