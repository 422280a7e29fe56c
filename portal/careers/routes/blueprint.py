"""The blueprint that all modules of these pages hang on."""

from __future__ import annotations

from flask import Blueprint

from portal.accounts.enums import Role
from portal.core import access

blueprint = Blueprint("careers", __name__)
students = access.roles(Role.STUDENT)
supervisors = access.roles(Role.SUPERVISOR)
