"""Whom an approved application names can come in, and nobody before."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Invitation
from portal.core.db import db
from portal.core.transaction import rollback
from portal.notifications.models import Message
from tests.support import membership as given
from tests.support.people import person, staff

pytestmark = pytest.mark.database


def invited() -> dict[str, list[str]]:
    rollback()
    return {row.email: list(row.roles) for row in db.session.scalars(select(Invitation))}


def test_the_named_representative_and_billing_contact_are_invited_on_approval(app: Flask) -> None:
    given.season()
    application = given.checked(given.submitted(person()), staff())
    assert invited() == {}
    given.approve(application)
    offers = invited()
    assert offers["keiri@mihon.example"] == [Role.BILLING.value]
    assert Role.REPRESENTATIVE.value in offers["hanako@mihon.example"]
    events = list(db.session.scalars(select(Message.event)))
    assert events.count("accounts/invitation") == len(offers)


def test_who_is_named_and_belongs_already_gets_the_role_without_a_mail(app: Flask) -> None:
    given.season()
    applicant = person(email="hanako@mihon.example")
    given.approve(given.checked(given.submitted(applicant), staff()))
    assert "hanako@mihon.example" not in invited()
