"""The log names rows and persons, never a secret that an address carries.

Mutants that must fail here: `subject` with every argument of the address, or with its query.
"""

from __future__ import annotations

import json

import pytest
from flask import Flask, Response

from portal.core.logs import _line

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


def test_numbers_of_rows_stand_in_the_line(app: Flask) -> None:
    found = line(app, "/membership/applications/7/steps/company")
    assert (found["endpoint"], found["subject"]) == ("membership.edit_step", {"application_id": 7})
    assert line(app, "/sign-in")["subject"] is None
