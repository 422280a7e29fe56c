"""From a posting to a certificate: a round planned by the office, a match with its reasons, a placement with all its papers.

Three months pass, so the house stands in this process and its clock is moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import seat
from tests.journeys.internships import closing, interests, placing, postings, ranks
from tests.journeys.internships.players import CELLS, PAPERS, VALUES, Outsider, Players, tells_wishes
from tests.journeys.moving_house import moving_house
from tests.journeys.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
CHAPTERS = (
    ("", (postings.plan_round, postings.write_postings, postings.review_postings)),
    ("2026-11-22 09:30", (interests.show_interest,)),
    ("2026-11-23 10:05", (interests.decide,)),
    ("2026-11-24 10:00", (interests.invite,)),
    ("2026-11-25 10:00", (interests.agree,)),
    ("2026-11-26 16:00", (interests.note_interview,)),
    ("2026-11-30 10:00", (ranks.rank_postings, ranks.rank_one, ranks.rank_applicants)),
    ("2026-12-03 10:00", (ranks.look_before_lock,)),
    ("2026-12-04 17:00", (ranks.lock, ranks.run_match)),
    ("2026-12-07 10:00", (placing.read_results, placing.agree_on_period, placing.do_checklist)),
    ("2026-12-14 09:00", (placing.start,)),
    ("2026-12-20 18:00", (placing.enter_hours,)),
    ("2027-01-08 09:00", (placing.half_time,)),
    ("2027-02-08 09:30", (closing.evaluate, closing.issue_papers, closing.keep_papers)),
    ("2027-02-09 13:00", (closing.verify, closing.mails_told_nothing)),
)


@pytest.fixture
def players(tmp_path: Path, chromium: Browser, watch: Watch) -> Iterator[Players]:
    """The house at its first moment, and everybody in front of a browser."""
    with moving_house(tmp_path) as house:
        made = Players(
            house=house,
            office=seat(house, chromium, watch, kind=Outsider),
            company=seat(house, chromium, watch, kind=Outsider),
            student=seat(house, chromium, watch),
            other=seat(house, chromium, watch, narrow=True),
            supervisor=seat(house, chromium, watch, narrow=True),
            anybody=seat(house, chromium, watch),
        )
        yield made
        for story in made.stories:
            story.context.close()


def test_from_a_posting_to_a_certificate(players: Players) -> None:
    players.arrive()
    for moment, chapters in CHAPTERS:
        if moment:
            players.house.at(moment)
        for chapter in chapters:
            chapter(players)
    assert Outsider.read > 50  # pages on which ranks could have stood


def test_an_order_that_tells_is_found() -> None:
    assert tells_wishes(f"<li>{VALUES}</li><li>{CELLS}</li><li>{PAPERS}</li>")
    assert not tells_wishes(f"{CELLS} {VALUES} {PAPERS} {CELLS} {VALUES} {PAPERS}")
