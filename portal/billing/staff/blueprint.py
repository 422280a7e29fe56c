"""The secretariat's side of billing."""

from __future__ import annotations

from flask import Blueprint

from portal.billing.policy import BOOKKEEPING_ROLES
from portal.core import access

blueprint = Blueprint("billing_staff", __name__, url_prefix="/staff")
books = access.roles(*BOOKKEEPING_ROLES)
