"""Sentences for faults of a season's file and for what keeps a meeting from a slot."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from portal.domain.scheduling import Blocker, SeasonFault

FAULTS: Mapping[StrEnum, str] = {
    SeasonFault.BAD_DAY: "a day is written 2026-04-01",
    SeasonFault.BAD_TIME: "an hour is written 10:00",
    SeasonFault.BAD_SLOT: "a slot is written {}",
    SeasonFault.BAD_WEEKLY: "an hour of the week is written {}",
    SeasonFault.ENDS_BEFORE_START: "ends before it begins",
    SeasonFault.TOO_LONG: "a season is shorter than {} days",
    SeasonFault.OUTSIDE: "lies outside the season",
    SeasonFault.NOT_A_SLOT: "is none of the hours {}",
    SeasonFault.GAP_BACKWARDS: "the most days are fewer than the fewest",
    SeasonFault.UNKNOWN_PERSON: "there is no person {}",
    SeasonFault.UNKNOWN_GROUP: "there is no group {}",
    SeasonFault.NO_SUCH_MEETING: "the group has {} meetings",
    SeasonFault.UNKNOWN_ANSWER: "an answer is one of {}",
    SeasonFault.FIXED_TWICE: "the meeting stands twice",
    SeasonFault.OUT_OF_ORDER: "is not after meeting {} of the group",
    SeasonFault.NONE: "at least one is needed",
}
BLOCKERS = {
    Blocker.CLOSED_DAY: "no working day",
    Blocker.CALENDAR: "{} is needed and busy",
    Blocker.REFUSED: "{} is needed and has said no",
    Blocker.NEEDED_ELSEWHERE: "{} is needed elsewhere then",
    Blocker.ROOMS: "no room is left of {}",
    Blocker.DAY_FULL: "no more than {} a day",
    Blocker.TOO_SOON: "{} days after the meeting before (fewest)",
    Blocker.TOO_LATE: "{} days after the meeting before (most)",
    Blocker.TOO_CLOSE_TO_NEXT: "{} days before the next meeting (fewest)",
    Blocker.TOO_FAR_FROM_NEXT: "{} days before the next meeting (most)",
}
