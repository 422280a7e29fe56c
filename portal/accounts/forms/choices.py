"""Choices that several forms offer."""

from __future__ import annotations

from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from portal.accounts.enums import OrganisationKind, roles_for
from portal.core.i18n import LANGUAGES


def languages() -> list[SelectChoice]:
    """The languages to choose from, each in its own words."""
    return [
        SelectChoice(code, Markup('<span lang="{}">{}</span>').format(code, name))
        for code, name in LANGUAGES.items()
    ]


def roles(kind: OrganisationKind) -> list[SelectChoice]:
    """The roles that an organisation of this kind knows."""
    return [SelectChoice(role.value, role.label) for role in roles_for(kind)]
