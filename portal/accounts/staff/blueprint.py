"""The blueprint that both modules hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts_staff", __name__, url_prefix="/staff")
