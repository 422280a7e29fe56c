"""What `make serve` promises: Ctrl-C stops every part, and the next start finds everything as it was."""

from __future__ import annotations

import pytest

from tests.journeys.house import PARTS, House
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_ctrl_c_leaves_no_process_and_the_next_start_goes_on(house: House, office: Story) -> None:
    office.open("/staff/membership/applications")
    companies = office.main.locator("table .main a").all_inner_texts()
    assert companies
    assert len(house.processes()) >= 1 + PARTS
    assert "Ctrl-C" in house.printed()
    house.stop()  # fails when a process is left
    house.start()
    office.open("/staff/membership/applications")  # still signed in
    assert office.main.locator("table .main a").all_inner_texts() == companies
