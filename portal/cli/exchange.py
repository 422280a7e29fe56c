"""Files that commands read and write: what is wrong with one in sentences, and results whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import click

from portal.domain.exchange.faults import Fault, FaultCode, MalformedFileError

IN = click.Path(path_type=Path, exists=True, dir_okay=False)
OUT = click.Path(path_type=Path, dir_okay=False, writable=True)
Read = TypeVar("Read")

FAULTS: Mapping[StrEnum, str] = {
    FaultCode.TOO_LARGE: "the file is larger than {} bytes",
    FaultCode.NOT_UTF8: "the file is not UTF-8",
    FaultCode.NOT_JSON: "the file is not JSON: {}",
    FaultCode.TOO_DEEP: "the file is nested too deeply",
    FaultCode.WRONG_FORMAT: "the format is not {}",
    FaultCode.WRONG_TYPE: "{} is expected",
    FaultCode.MISSING: "is missing",
    FaultCode.UNKNOWN_KEY: "nobody knows this member",
    FaultCode.KEY_TWICE: "stands twice in its object",
    FaultCode.BAD_ID: "an id has 1 to 256 characters and no NUL or lone surrogate",
    FaultCode.LISTED_TWICE: "is listed twice {}",
    FaultCode.LIST_TOO_LONG: "the list is longer than the {} entries that it can have",
    FaultCode.NEGATIVE: "is below 0",
    FaultCode.TOO_GREAT: "is above {}",
}


def read_whole(file: Path, parse: Callable[[bytes], Read], words: Mapping[StrEnum, str]) -> Read:
    """What the file holds; `words` are sentences for faults of its own format. Raises ClickException after naming every fault."""
    try:
        return parse(file.read_bytes())
    except MalformedFileError as error:
        for fault in error.faults:
            click.echo(fault_line(fault, words), err=True)
        if more := error.total - len(error.faults):
            click.echo(f"and {more:,} more", err=True)
        faults = "1 fault" if error.total == 1 else f"{error.total:,} faults"
        raise click.ClickException(f"{file.name} has {faults}; nothing was written.") from None


def write_whole(content: bytes, out: Path | None) -> None:
    """A file whole or not at all; a link stays, and what it leads to is written; devices and pipes are written into.
    None: to the standard output."""
    if out is None:
        return click.echo(content, nl=False)
    try:
        if _is_stream(out):
            with out.open("wb") as stream:
                stream.write(content)
        else:
            _replace(Path(os.path.realpath(out)), content)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None


def _is_stream(out: Path) -> bool:
    """Whether something stands there that is no file; a rename would put a file in its place. Raises OSError for links in a circle."""
    try:
        return not stat.S_ISREG(out.stat().st_mode)
    except FileNotFoundError:
        return False


def _replace(place: Path, content: bytes) -> None:
    """Beside the place first, readable by its owner alone, then into it."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(place)
    finally:
        Path(name).unlink(missing_ok=True)


def fault_line(fault: Fault, words: Mapping[StrEnum, str]) -> str:
    """One fault as a line: its path and a sentence."""
    sentence = {**FAULTS, **words}[fault.code]
    detail = _with_article(fault.detail) if fault.code is FaultCode.WRONG_TYPE else fault.detail
    return f"{fault.path}: {sentence.format(detail).strip()}"


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
