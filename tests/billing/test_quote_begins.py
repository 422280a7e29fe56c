"""A quote of the office begins with whom it knows at the company."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.enums import Role
from tests.support.people import browser_of, company, person, staff
from tests.support.reader import Reader

pytestmark = pytest.mark.database


def test_the_billing_contact_stands_there(app: Flask) -> None:
    body, bare = company(), company()
    person(at=bare, roles=(Role.COMPANY_ADMIN,))
    contact = person(at=body, roles=(Role.BILLING,), name="経理 花子")
    office = Reader(browser_of(app, staff()))
    values = office.get(f"/staff/billing/organisations/{body.id}/quote").form("/quote").values()
    assert (values["person"], values["email"]) == ("経理 花子", contact.email)
    values = office.get(f"/staff/billing/organisations/{bare.id}/quote").form("/quote").values()
    assert (values["person"], values["email"]) == ("", "")
