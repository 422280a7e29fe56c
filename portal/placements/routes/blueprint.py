"""The blueprint that all modules of these pages hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("placements", __name__)
