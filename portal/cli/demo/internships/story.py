"""Internships in the story: rounds, who wants what in each, how the first one went on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from portal.cli.demo.deeds import Cast
from portal.cli.demo.events import Event, at
from portal.cli.demo.internships import (
    academics,
    agreements,
    careers,
    meeting,
    offers,
    placements,
    postings,
    seasons,
    wishes,
)

MATCHED = (seasons.OVER, seasons.LOCKED, seasons.RANKING)
Ago = Callable[..., Event]


def internships(cast: Cast, today: date, year: int) -> Iterator[Event]:
    """Four rounds; in the newest two postings are open to students, one waits, one came back, one is a draft."""

    def ago(days: int, hour: int, act: Callable[..., object], *what: object, minute: int = 0) -> Event:
        return Event(at(today - timedelta(days=days), hour, minute), partial(act, cast, *what))

    yield Event(at(today - timedelta(days=149), 9), academics.enrol)
    yield from _rounds(ago, today, year)
    yield from _careers(ago, today)
    yield ago(100, 13, agreements.bring, today)
    yield ago(50, 13, agreements.renew, today)
    yield from _matches(ago)
    yield from _meetings(ago, today)
    yield from _stays(ago, today)
    yield from _review(ago)


def _rounds(ago: Ago, today: date, year: int) -> Iterator[Event]:
    for season, of in (*((each, year) for each in MATCHED), (seasons.WRITING, year + 1)):
        yield ago(1 - season.day(0), 10, seasons.plan, season, of, today)
        for place, offer in enumerate(season.offers):
            yield ago(-8 - season.day(0) - place, 10, postings.write, offer, season, today)
    for season in MATCHED:
        for offer in season.offers:
            yield ago(-14 - season.day(0), 10, postings.send_in, offer, minute=offer.firm.serial)
            yield ago(-15 - season.day(0), 14, postings.publish, offer, minute=offer.firm.serial)


def _careers(ago: Ago, today: date) -> Iterator[Event]:
    yield ago(148, 10, wishes.name_supervisors)
    yield ago(147, 11, careers.write_profiles, today)
    yield ago(60, 16, careers.note_talk)
    yield ago(7, 10, careers.offer_times, today)
    yield ago(3, 11, careers.book_time)


def _matches(ago: Ago) -> Iterator[Event]:
    """Interest, approval by the link in the mail, lists; two rounds are run and one of them is out."""
    for wanted in wishes.ALL:
        interviews, ranking = (-wanted.season.day(step) for step in (1, 2))
        yield ago(interviews - 2, 10, wishes.show, wanted)
        yield ago(interviews - 3, 9, wishes.ask)
        yield ago(interviews - 5, 11, wishes.approve, wanted)
        yield ago(ranking - 2, 12, wishes.rank, wanted)
    yield ago(-1 - seasons.OVER.day(3), 10, wishes.run)
    yield ago(-2 - seasons.OVER.day(3), 10, wishes.choose)
    yield ago(-1 - seasons.LOCKED.day(3), 10, wishes.try_out)
    yield ago(-1 - seasons.LOCKED.day(3), 15, wishes.ask_what_if)


def _meetings(ago: Ago, today: date) -> Iterator[Event]:
    """The locked round's interviews are over; in the one that is ranked one is agreed, one waits for the student."""
    past, soon = today - timedelta(days=35), today + timedelta(days=3)
    yield ago(43, 14, meeting.meet, offers.VIDEOS, past, ("ken", "robin"), 2)
    yield ago(43, 15, meeting.meet, offers.PATHWAYS, past + timedelta(days=1), ("manabu", "ren"), 2)
    for offer in (offers.VIDEOS, offers.PATHWAYS):
        yield ago(33, 17, meeting.hold, offer)
    yield ago(4, 16, meeting.meet, offers.MODELS, soon, ("manabu", "aoi"), 1)
    yield ago(20, 10, meeting.ask, "manabu", offers.MODELS)
    yield ago(19, 15, meeting.forward, "manabu", offers.MODELS)
    yield ago(18, 11, meeting.answer, "manabu", offers.MODELS)
    yield ago(18, 16, meeting.forward, "manabu", offers.MODELS)
    yield ago(1, 16, meeting.ask, "robin", offers.COHORT, meeting.WAITING)


def _stays(ago: Ago, today: date) -> Iterator[Event]:
    """The internships of the first round."""
    yield ago(92, 10, placements.prepare, today)
    yield ago(75, 9, placements.start)
    for weeks in range(10, 0, -1):
        yield ago(7 * weeks, 18, placements.work)
    yield ago(17, 10, placements.end)
    yield ago(15, 10, placements.issue)


def _review(ago: Ago) -> Iterator[Event]:
    """The newest round's postings at the office."""
    for offer in offers.SENT:
        yield ago(6, 10 + offer.number, postings.send_in, offer)
    for offer in offers.OPEN:
        yield ago(4, 14, postings.publish, offer)
    yield ago(3, 15, postings.give_back, offers.RECORDS)
