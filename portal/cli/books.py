"""What the books can do from the command line, from two places."""

from __future__ import annotations

from portal.cli.exports import journal, papers
from portal.cli.keeping.commands import books

for command in (journal, papers):
    books.add_command(command)

__all__ = ["books"]
