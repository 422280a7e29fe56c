"""Reads of accounts, one module a noun."""

from portal.accounts.queries.credentials import has_credential, holders_of
from portal.accounts.queries.organisations import (
    company_called,
    managers_of,
    name_column,
    names_of_managers,
    organisation_by_number,
    organisation_for,
)
from portal.accounts.queries.people import (
    find_person,
    hosts_of,
    names_at,
    people_of,
    person_by_email,
    recipient_for,
    staff_with,
)

__all__ = [
    "company_called",
    "find_person",
    "has_credential",
    "holders_of",
    "managers_of",
    "name_column",
    "names_of_managers",
    "organisation_by_number",
    "organisation_for",
    "names_at",
    "hosts_of",
    "people_of",
    "person_by_email",
    "recipient_for",
    "staff_with",
]
