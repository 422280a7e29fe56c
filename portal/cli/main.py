"""The command line and its subcommands, each loaded when it is asked for: matching a file needs no portal."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from portal.settings import MissingSettingError, WrongSettingError

# Where each command is: a module of this folder and a name in it.
PLACES = {
    "administrator": ("office", "create_administrator"),
    "assets": ("front_end", "copy"),
    "audit": ("office", "verify_audit"),
    "backup": ("keeping.commands", "backup"),
    "bank": ("bank", "bank"),
    "books": ("books", "books"),
    "demo": ("schema", "load_demo"),
    "doctor": ("doctor", "doctor"),
    "match": ("matching.commands", "match"),
    "migrate": ("schema", "migrate"),
    "reseal": ("sealing", "reseal"),
    "restore": ("keeping.commands", "restore"),
    "schedule": ("scheduling.commands", "schedule"),
    "serve": ("serve", "serve"),
    "worker": ("worker", "work"),
}


class Commands(click.Group):
    """Loads what is asked for, and says in one line which variable is wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PLACES:
            return None
        module, name = PLACES[cmd_name]
        found: click.Command = getattr(import_module(f"portal.cli.{module}"), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (WrongSettingError, MissingSettingError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Commands)
def main() -> None:
    """Renkei: the portal of a research consortium and its industry partners."""
