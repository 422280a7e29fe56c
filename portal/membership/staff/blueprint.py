"""The blueprint that the pages hang on, and who may open them."""

from __future__ import annotations

from flask import Blueprint

from portal.accounts.enums import Role
from portal.core import access

blueprint = Blueprint("membership_staff", __name__, url_prefix="/staff")

readers = access.roles(Role.SECRETARIAT, Role.STEERING_COMMITTEE, Role.ADMINISTRATOR)
checkers = access.roles(Role.SECRETARIAT)
deciders = access.roles(Role.SECRETARIAT, Role.STEERING_COMMITTEE)
keepers = access.roles(Role.SECRETARIAT, Role.ADMINISTRATOR)
