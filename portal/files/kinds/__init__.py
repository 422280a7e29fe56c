"""Which files are taken, one module a kind. Pure."""

from portal.files.kinds.basis import MOST_BYTES, FileKind, FileProblem, Inspected, Unfit
from portal.files.kinds.looking import look_at, parse
from portal.files.kinds.naming import display_name

__all__ = [
    "MOST_BYTES",
    "FileKind",
    "FileProblem",
    "Inspected",
    "Unfit",
    "display_name",
    "look_at",
    "parse",
]
