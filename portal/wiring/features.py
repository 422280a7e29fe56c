"""Opens the doors of every feature: its pages, jobs and receivers. Only wiring imports these rooms."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint, Flask

FEATURES = (
    "notifications",
    "accounts",
    "files",
    "billing",
    "hubs",
    "membership",
    "careers",
    "internships",
    "matching",
    "placements",
    "admin",
    "home",
)
ROOMS = ("models", "routes", "staff", "tasks", "receivers")


def init_app(app: Flask) -> None:
    """Import the rooms that a feature has and register their blueprints."""
    for feature in FEATURES:
        for room in ROOMS:
            name = f"portal.{feature}.{room}"
            if find_spec(name) is None:
                continue
            blueprint = getattr(import_module(name), "blueprint", None)
            if isinstance(blueprint, Blueprint):
                app.register_blueprint(blueprint)
