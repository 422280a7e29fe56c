"""Which entries the menus have for whom, and what else every page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request, url_for

from portal.accounts.enums import Role
from portal.core.access import Actor, current_actor
from portal.core.context import current_settings
from portal.core.i18n import _l, current_language
from portal.settings import Mode

OFFICE = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Entry:
    """A word and where it leads; `roles` empty: everybody of that audience."""

    label: Any
    endpoint: str
    icon: str = ""
    roles: frozenset[str] = frozenset()


PUBLIC = (
    Entry(_l("About"), "home.show_consortium"),
    Entry(_l("Membership tiers"), "membership.list_tiers"),
    Entry(_l("How to join"), "home.show_how_to_join"),
    Entry(_l("FAQ"), "home.show_faq"),
)
MEMBERS = (
    Entry(_l("Home"), "home.show_home"),
    Entry(_l("Applications"), "membership.list_applications"),
    Entry(_l("Invoices"), "billing.list_invoices"),
    Entry(_l("People and roles"), "accounts.list_people"),
    Entry(_l("Membership tiers"), "membership.list_tiers"),
)
STAFF = (
    Entry(_l("Home"), "home.show_office", "home"),
    Entry(_l("Applications"), "membership_staff.list_applications", "list"),
    Entry(_l("Members"), "membership_staff.list_members", "users"),
    Entry(_l("Companies"), "accounts_staff.list_organisations", "building", OFFICE),
    Entry(_l("Invoices"), "billing_staff.list_invoices", "yen", OFFICE),
    Entry(_l("Settings"), "admin.show_settings", "edit", OFFICE),
)
PERSONAL = (
    Entry(_l("Your profile"), "accounts.show_profile", "user"),
    Entry(_l("Sign-in and security"), "accounts.show_security", "lock"),
)


def _links(entries: tuple[Entry, ...], person: Actor | None, known: dict[str, Any]) -> list[dict[str, Any]]:
    roles = person.roles if person else frozenset()
    return [
        {
            "label": e.label,
            "url": url_for(e.endpoint),
            "active": request.endpoint == e.endpoint,
            "icon": e.icon,
        }
        for e in entries
        if e.endpoint in known and (not e.roles or not e.roles.isdisjoint(roles))
    ]


def _home_of(person: Actor | None, known: dict[str, Any]) -> str:
    endpoint = (
        "home.show_consortium"
        if person is None
        else "home.show_office"
        if person.is_staff
        else "home.show_home"
    )
    return url_for(endpoint) if endpoint in known else "/"


def init_app(app: Flask) -> None:
    """Give every template the person, the menus and the consortium's name."""

    @app.context_processor
    def who_and_where() -> dict[str, Any]:
        settings = current_settings()
        shown: dict[str, Any] = {
            "consortium_name": settings.consortium_name(current_language()),
            "current_actor": None,
        }
        if not has_request_context():
            return shown
        person, known = current_actor(), app.view_functions
        entries = PUBLIC if person is None else STAFF if person.is_staff else MEMBERS
        demo = settings.mode is Mode.DEMO
        return shown | {
            "current_actor": person,
            "navigation": _links(entries, person, known),
            "person_menu": _links(PERSONAL, person, known) if person else [],
            "footer_links": _links(PUBLIC, person, known),
            "home_url": _home_of(person, known),
            "is_demo": demo,
            "demo_mailbox_url": url_for("home.list_mailbox")
            if demo and "home.list_mailbox" in known
            else None,
        }
