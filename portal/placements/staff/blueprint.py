"""The blueprint that the office's pages hang on."""

from __future__ import annotations

from flask import Blueprint

from portal.core import access
from portal.internships.policy import OFFICE_ROLES

blueprint = Blueprint("placements_staff", __name__, url_prefix="/staff")
office = access.roles(*sorted(OFFICE_ROLES))
