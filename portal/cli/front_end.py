"""Put the front-end packages where pages load them from."""

from __future__ import annotations

import click

from portal.cli.assets import copy_assets


@click.command("assets")
def copy() -> None:
    """Copy styles, scripts and fonts from node_modules to static/vendor."""
    try:
        count = copy_assets()
    except FileNotFoundError as missing:
        raise click.ClickException(f"{missing.filename} is missing; run npm ci first") from None
    click.echo(f"{count} front-end files are in place.")
