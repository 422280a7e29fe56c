"""The pages that are not the office's."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("home", __name__)
