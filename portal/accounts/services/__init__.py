"""The verbs of accounts. What other features use is named here; the rest is called by its module."""

from portal.accounts.queries import people_of, person_by_email, recipient_for, staff_with
from portal.accounts.services.organisations import register_company, update_organisation
from portal.accounts.services.roles import affiliate, give_role, take_role

__all__ = [
    "affiliate",
    "give_role",
    "people_of",
    "person_by_email",
    "recipient_for",
    "register_company",
    "staff_with",
    "take_role",
    "update_organisation",
]
