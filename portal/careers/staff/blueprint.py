"""The blueprint that the office's pages hang on."""

from __future__ import annotations

from flask import Blueprint

from portal.careers.policy import OFFICE_ROLES
from portal.core import access

blueprint = Blueprint("careers_staff", __name__, url_prefix="/staff")
office = access.roles(*sorted(OFFICE_ROLES))
