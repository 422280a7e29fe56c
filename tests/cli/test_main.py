"""Every command is found under its name, and none loads what it does not need."""

from __future__ import annotations

import subprocess
import sys

import click

from portal.cli import main
from portal.cli.main import PLACES


def test_every_command_has_its_own_name() -> None:
    context = click.Context(main)
    for name in PLACES:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help
    assert main.get_command(context, "nonsense") is None


def test_matching_a_file_loads_no_portal() -> None:
    """Neither database nor web: a match is checked by whoever holds the files."""
    script = (
        "import sys; from portal.cli import main; main(['match', '--help'], standalone_mode=False); "
        "print(sorted({'flask', 'sqlalchemy', 'portal.wiring'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
