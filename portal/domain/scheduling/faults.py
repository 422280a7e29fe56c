"""What the file of a season can have wrong beside what any file can."""

from __future__ import annotations

from enum import StrEnum


class SeasonFault(StrEnum):
    """Kinds of faults; `detail` of a fault is named beside each."""

    BAD_DAY = "bad_day"
    BAD_TIME = "bad_time"
    BAD_SLOT = "bad_slot"  # how one is written
    BAD_WEEKLY = "bad_weekly"  # how one is written
    ENDS_BEFORE_START = "ends_before_start"
    TOO_LONG = "too_long"  # days that a season has at most
    OUTSIDE = "outside"  # of the season
    NOT_A_SLOT = "not_a_slot"  # the hours that are
    GAP_BACKWARDS = "gap_backwards"
    UNKNOWN_PERSON = "unknown_person"  # the id
    UNKNOWN_GROUP = "unknown_group"  # the id
    NO_SUCH_MEETING = "no_such_meeting"  # how many the group has
    UNKNOWN_ANSWER = "unknown_answer"  # what is known
    FIXED_TWICE = "fixed_twice"
    OUT_OF_ORDER = "out_of_order"  # the meeting before
    NONE = "none"  # at least one is needed
