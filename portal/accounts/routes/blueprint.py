"""The blueprint that all modules of these pages hang on, and the words that templates need for roles."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from portal.accounts.enums import ROLE_NOTES, OrganisationKind, Role, roles_for

blueprint = Blueprint("accounts", __name__)


@blueprint.app_template_global()
def role_label(role: str) -> Any:
    """A role in words."""
    return Role(role).label


@blueprint.app_template_global()
def role_notes(kind: str) -> dict[str, Any]:
    """What each role that such an organisation knows is for."""
    return {role.value: ROLE_NOTES[role] for role in roles_for(OrganisationKind(kind))}
