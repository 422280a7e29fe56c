"""The list of campaigns and the board of one say the same number of members that have renewed."""

from __future__ import annotations

import re

from flask import Flask

from portal.domain.renewal_flow import RenewalState
from tests.support import renewals as season
from tests.support.people import browser_of, staff


def test_who_renewed_and_did_not_pay_in_time_has_renewed_all_the_same(app: Flask) -> None:
    with season.on(season.OFFERS):
        season.house()
        admin = season.member()
        season.member()
        number = season.begin().id
        season.look(season.OFFERS)
        season.renew(admin)
    at = season.renewal_of(admin).next_on
    while season.renewal_of(admin).state is RenewalState.INVOICED:
        assert at is not None
        season.look(at)
        at = season.renewal_of(admin).next_on
    assert at is not None
    with season.on(at):
        clerk = browser_of(app, staff(language="en"))
        board = clerk.get(f"/staff/membership/renewals/{number}").text
        listed = clerk.get("/staff/membership/renewals").text
    row = re.search(r"FY2027</a></th>(.*?)</tr>", listed, re.DOTALL)
    assert row is not None
    figures = re.findall(r'<td class="number">(\d+)</td>', row[1])
    assert figures[:2] == ["2", "1"]
    assert re.search(r"Renewed</\w+>\s*<[^>]+>1<", board)
