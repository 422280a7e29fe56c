"""Which entries the menus have for whom, and what else every page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, has_request_context, request

from portal.accounts.enums import ACADEMIC_ROLES, COMPANY_ROLES, Role
from portal.billing.policy import PAYING_ROLES
from portal.core.access import Actor, current_actor
from portal.core.context import current_settings
from portal.core.i18n import _l, current_language
from portal.core.links import url_for
from portal.internships.policy import HOSTING_ROLES, OFFICE_ROLES
from portal.membership.policy import REVIEWING_ROLES
from portal.settings import Mode

OFFICE = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
SEARCH = "accounts_staff.list_organisations"  # takes `q`: names, readings, corporate numbers


@dataclass(frozen=True, slots=True)
class Entry:
    """A word and where it leads; `roles` empty: everybody of that audience. `method` post: a button."""

    label: Any
    endpoint: str
    icon: str = ""
    roles: frozenset[str] = frozenset()
    method: str = "get"
    within: tuple[str, ...] = ()  # how addresses of its section begin, beside its own


PUBLIC = (
    Entry(_l("About"), "home.show_consortium"),
    Entry(_l("Membership tiers"), "membership.list_tiers"),
    Entry(_l("How to join"), "home.show_how_to_join"),
    Entry(_l("FAQ"), "home.show_faq"),
)
MEMBERS = (
    Entry(_l("Home"), "home.show_home"),
    Entry(_l("Applications"), "membership.list_applications", within=("/membership/start",)),
    Entry(_l("Invoices"), "billing.list_invoices", roles=frozenset(PAYING_ROLES), within=("/billing/",)),
    Entry(_l("Internships"), "internships.list_rounds", roles=frozenset(HOSTING_ROLES)),
    Entry(_l("Internship placements"), "placements.list_placements", roles=frozenset(HOSTING_ROLES)),
    Entry(_l("Rankings"), "matching.list_rounds", roles=frozenset(HOSTING_ROLES)),
    Entry(
        _l("People and roles"),
        "accounts.list_people",
        roles=frozenset(COMPANY_ROLES),
        within=("/organisations/",),
    ),
    Entry(_l("Membership tiers"), "membership.list_tiers"),
)
ACADEMICS = (
    Entry(_l("Home"), "home.show_home"),
    Entry(_l("Profile"), "careers.edit_profile", roles=frozenset({Role.STUDENT})),
    Entry(_l("Internship postings"), "internships.search_postings", roles=frozenset({Role.STUDENT})),
    Entry(
        _l("My applications"),
        "internships.list_interests",
        roles=frozenset({Role.STUDENT}),
        within=("/internships/questions", "/internships/interviews"),
    ),
    Entry(_l("Rankings"), "matching.list_rounds", roles=frozenset({Role.STUDENT})),
    Entry(_l("My students"), "careers.list_students", roles=frozenset({Role.SUPERVISOR})),
    Entry(
        _l("Internships of your students"),
        "internships.list_approvals",
        roles=frozenset({Role.SUPERVISOR}),
        within=("/internships/approvals/",),
    ),
    Entry(_l("Internship placements"), "placements.list_placements"),
    Entry(
        _l("Consultations"),
        "careers.list_consultations",
        roles=frozenset({Role.STUDENT}),
        within=("/careers/times/",),
    ),
)
STAFF = (
    Entry(_l("Home"), "home_staff.show_office", "home"),
    Entry(_l("Applications"), "membership_staff.list_applications", "list", REVIEWING_ROLES),
    Entry(_l("Members"), "membership_staff.list_members", "users", REVIEWING_ROLES),
    Entry(_l("Renewals"), "membership_staff.list_campaigns", "calendar", REVIEWING_ROLES),
    Entry(
        _l("Organisations"),
        "accounts_staff.list_organisations",
        "building",
        OFFICE,
        within=("/staff/people",),
    ),
    Entry(_l("Invoices"), "billing_staff.list_invoices", "yen", OFFICE, within=("/staff/billing/",)),
    Entry(_l("Books"), "billing_staff.show_ledger", "chart", OFFICE),
    Entry(_l("Internships"), "internships_staff.list_rounds", "users", OFFICE_ROLES),
    Entry(_l("Internship placements"), "placements_staff.list_placements", "list", OFFICE_ROLES),
    Entry(
        _l("Doctoral students"),
        "careers_staff.list_students",
        "users",
        OFFICE_ROLES,
        within=("/staff/careers/",),
    ),
    Entry(_l("Settings"), "admin.show_settings", "edit", OFFICE, within=("/staff/failures", "/staff/audit")),
)
PERSONAL = (
    Entry(_l("Your profile"), "accounts.show_profile", "user"),
    Entry(_l("Sign-in and security"), "accounts.show_security", "lock"),
    Entry(_l("Sign out"), "accounts.sign_out", "logout", method="post"),
)


@dataclass(frozen=True, slots=True)
class Menus:
    """The menus of one kind of reader in one language; made once, then only marked."""

    navigation: list[dict[str, Any]]
    personal: list[dict[str, Any]]
    footer: list[dict[str, Any]]
    home_url: str
    mailbox_url: str | None
    search_url: str | None


def _links(entries: tuple[Entry, ...], roles: frozenset[str], known: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "label": str(e.label),
            "url": url_for(e.endpoint),
            "endpoint": e.endpoint,
            "icon": e.icon,
            "section": "",
            "count": None,
            "method": e.method,
            "tone": "",
            "within": _section(e),
        }  # fmt: skip
        for e in entries
        if e.endpoint in known and (not e.roles or not e.roles.isdisjoint(roles))
    ]


def _section(entry: Entry) -> tuple[str, ...]:
    """How the addresses of its pages begin; a home is no section."""
    own = () if entry.endpoint.startswith("home") else (url_for(entry.endpoint) + "/",)
    return (*own, *(request.script_root + way for way in entry.within))


def _entries_of(person: Actor | None) -> tuple[Entry, ...]:
    if person is None:
        return PUBLIC
    if person.is_staff:
        return STAFF
    return ACADEMICS if person.roles and person.roles <= ACADEMIC_ROLES else MEMBERS


def _make_menus(person: Actor | None, known: dict[str, Any], *, demo: bool) -> Menus:
    roles = person.roles if person else frozenset()
    entries = _entries_of(person)
    home = (
        "home.show_consortium"
        if person is None
        else "home_staff.show_office"
        if person.is_staff
        else "home.show_home"
    )
    return Menus(
        navigation=_links(entries, roles, known),
        personal=_links(PERSONAL, roles, known) if person else [],
        footer=_links(PUBLIC, frozenset(), known),
        home_url=url_for(home) if home in known else "/",
        mailbox_url=url_for("home.list_mailbox") if demo and "home.list_mailbox" in known else None,
        search_url=url_for(SEARCH) if SEARCH in known and not OFFICE.isdisjoint(roles) else None,
    )


def _marked(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With what `aria-current` says: the page itself, or the section whose addresses begin most like this one."""
    here = request.script_root + request.path
    ways = [(len(way), item["url"]) for item in items for way in item["within"] if here.startswith(way)]
    nearest = max(ways, default=(0, None))[1]
    return [
        item
        | {
            "active": "page"
            if item["endpoint"] == request.endpoint
            else "true"
            if item["url"] == nearest
            else ""
        }
        for item in items
    ]


def _shown(app: Flask, made: dict[Any, Menus]) -> dict[str, Any]:
    settings, language = current_settings(), current_language()
    shown: dict[str, Any] = {"consortium_name": settings.consortium_name(language), "current_actor": None}
    if not has_request_context():
        return shown
    person, demo = current_actor(), settings.mode is Mode.DEMO
    key = (language, person.roles if person else None, request.script_root)
    menus = made.get(key)
    if menus is None:
        menus = made[key] = _make_menus(person, app.view_functions, demo=demo)
    return shown | {
        "current_actor": person,
        "navigation": _marked(menus.navigation),
        "person_menu": menus.personal,
        "footer_links": menus.footer,
        "home_url": menus.home_url,
        "is_demo": demo,
        "demo_mailbox_url": menus.mailbox_url,
        "search_url": menus.search_url,
    }


def init_app(app: Flask) -> None:
    """Give every template the person, the menus and the consortium's name."""
    made: dict[Any, Menus] = {}  # by language and roles: a few dozen at most
    app.context_processor(lambda: _shown(app, made))
