"""The `renkei` command: serve, worker, migrate, demo, doctor, assets, bootstrap."""

from portal.cli.main import main

__all__ = ["main"]
