"""The blueprint that all modules of these pages hang on."""

from __future__ import annotations

from flask import Blueprint

from portal.accounts.enums import Role
from portal.core import access
from portal.internships.policy import HOSTING_ROLES

blueprint = Blueprint("internships", __name__)
hosts = access.roles(*HOSTING_ROLES)
students = access.roles(Role.STUDENT)
