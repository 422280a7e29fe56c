"""Tables of accounts, one module a noun."""

from portal.accounts.models.credentials import OneTimeToken, Passkey, RecoveryCode, TotpSecret
from portal.accounts.models.earned import Credential
from portal.accounts.models.invitations import Invitation
from portal.accounts.models.organisations import Organisation
from portal.accounts.models.people import Affiliation, Person
from portal.accounts.models.sessions import UserSession

__all__ = [
    "Affiliation",
    "Credential",
    "Invitation",
    "OneTimeToken",
    "Organisation",
    "Passkey",
    "Person",
    "RecoveryCode",
    "TotpSecret",
    "UserSession",
]
