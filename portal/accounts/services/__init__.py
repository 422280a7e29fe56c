"""The verbs of accounts. What other features use is named here; the rest is called by its module."""

from portal.accounts import labels
from portal.accounts.queries import people_of, person_by_email, recipient_for, staff_with
from portal.accounts.services.doors import request_start
from portal.accounts.services.organisations import register_company, update_organisation
from portal.accounts.services.people import add_person
from portal.accounts.services.roles import affiliate, give_role, take_role

__all__ = [
    "add_person",
    "affiliate",
    "give_role",
    "labels",
    "people_of",
    "person_by_email",
    "recipient_for",
    "register_company",
    "request_start",
    "staff_with",
    "take_role",
    "update_organisation",
]
