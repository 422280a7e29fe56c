"""What the running application carries: its settings and its gateways."""

from __future__ import annotations

from typing import Any

from flask import current_app

from portal.settings import Settings


def current_settings() -> Settings:
    """The settings that this application was built with."""
    settings: Settings = current_app.extensions["renkei.settings"]
    return settings


def gateway(name: str) -> Any:
    """A door to the outside by name (`mail`, `payments`, `queue`), chosen by the wiring."""
    return current_app.extensions["renkei.gateways"][name]
