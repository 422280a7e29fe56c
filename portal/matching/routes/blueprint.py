"""The blueprint that the pages of students and companies hang on."""

from __future__ import annotations

from flask import Blueprint

from portal.accounts.enums import Role
from portal.core import access
from portal.internships.policy import HOSTING_ROLES

blueprint = Blueprint("matching", __name__)
hosts = access.roles(*HOSTING_ROLES)
students = access.roles(Role.STUDENT)
