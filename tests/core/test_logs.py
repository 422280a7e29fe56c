"""The log names rows and persons, never a secret that an address carries.

Mutants that must fail here: `subject` with every argument of the address, or with its query.
"""

from __future__ import annotations

import json

import pytest
from flask import Flask, Response
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import Person
from portal.core.logs import _line
from portal.core.transaction import transaction

SECRET = "qs0tZr7yK2mX8wLd4vBn6pHc1gFj3aTe"  # as long as the key of a checkout


def line(app: Flask, address: str) -> dict[str, object]:
    with app.test_request_context(address):
        return _line(Response(status=200))


@pytest.mark.parametrize(
    "address",
    [
        f"/billing/checkouts/{SECRET}",
        f"/membership/shared?token={SECRET}",
        f"/invitation?token={SECRET}",
        f"/sign-in/open?token={SECRET}",
        f"/sign-in?next=/membership/shared?token={SECRET}",
        f"/membership/applications/7/steps/{SECRET}",
    ],
)
def test_words_of_an_address_stay_out(app: Flask, address: str) -> None:
    assert SECRET not in json.dumps(line(app, address))


@pytest.mark.database
def test_an_error_of_the_database_does_not_repeat_what_was_written(app: Flask) -> None:
    """It goes into the log whole. Mutant: `hide_parameters` left out of the engine's options."""
    with pytest.raises(IntegrityError) as error, transaction() as session:
        session.execute(insert(Person).values(id=1, name=f"http://localhost/invitation?token={SECRET}"))
    assert SECRET not in str(error.value)


def test_numbers_of_rows_stand_in_the_line(app: Flask) -> None:
    found = line(app, "/membership/applications/7/steps/company")
    assert (found["endpoint"], found["subject"]) == ("membership.edit_step", {"application_id": 7})
    assert line(app, "/sign-in")["subject"] is None
