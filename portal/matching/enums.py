"""Kinds and states of matching, with their words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l


class ExclusionKind(StrEnum):
    """Why a student and a company are never paired."""

    CONFLICT_OF_INTEREST = "conflict_of_interest"
    EXCLUSION = "exclusion"

    @property
    def label(self) -> object:
        return EXCLUSION_LABELS[self]


EXCLUSION_LABELS = {
    ExclusionKind.CONFLICT_OF_INTEREST: _l("Conflict of interest"),
    ExclusionKind.EXCLUSION: _l("Exclusion"),
}


class Side(StrEnum):
    """Whose word a pre-arranged placement needs."""

    STUDENT = "student"
    COMPANY = "company"
    SUPERVISOR = "supervisor"
    OFFICE = "office"

    @property
    def label(self) -> object:
        return SIDE_LABELS[self]


SIDE_LABELS = {
    Side.STUDENT: _l("Student"),
    Side.COMPANY: _l("Company"),
    Side.SUPERVISOR: _l("Academic supervisor"),
    Side.OFFICE: _l("Career support"),
}


class LeftReason(StrEnum):
    """Why somebody takes no part in a round's match, or a pair of a chosen result can no longer be."""

    NOT_A_MEMBER = "not_a_member"
    HELD_BACK = "held_back"
    AGREEMENT_MISSING = "agreement_missing"
    TRAINING_MISSING = "training_missing"
    NO_LONGER_A_STUDENT = "no_longer_a_student"
    PLACED_BEFORE = "placed_before"
    NOT_OFFERED = "not_offered"
    KEPT_APART = "kept_apart"
    TOO_LATE = "too_late"
    PLACED_BESIDE = "placed_beside"
    NOT_APPROVED = "not_approved"

    @property
    def label(self) -> object:
        return LEFT_LABELS[self]


LEFT_LABELS = {
    LeftReason.NOT_A_MEMBER: _l("The membership is not in force"),
    LeftReason.HELD_BACK: _l("Held back until an agreement is made"),
    LeftReason.AGREEMENT_MISSING: _l("An agreement that is needed does not hold over the whole period"),
    LeftReason.TRAINING_MISSING: _l("The training is not completed"),
    LeftReason.NO_LONGER_A_STUDENT: _l("No longer a student here"),
    LeftReason.PLACED_BEFORE: _l("Placed already, in the round before"),
    LeftReason.NOT_OFFERED: _l("The posting is no longer offered"),
    LeftReason.KEPT_APART: _l("Student and company are kept apart"),
    LeftReason.PLACED_BESIDE: _l("Placed in another round at the same time"),
    LeftReason.TOO_LATE: _l("The stay no longer fits before the last day of the posting"),
    LeftReason.NOT_APPROVED: _l("Not approved for days into which the stay fits after publication"),
}


class Missing(StrEnum):
    """What of their own kept a student out of a match though a list or an agreed place stood. Of others it tells nothing."""

    TRAINING = "training"
    STUDENT = "student"
    PLACED = "placed"
    AGREED = "agreed"  # the place arranged beforehand, for whatever reason, and there was no list


class AttemptState(StrEnum):
    """Where a run stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> object:
        return ATTEMPT_LABELS[self]


ATTEMPT_LABELS = {
    AttemptState.WAITING: _l("Waits to run"),
    AttemptState.RUNNING: _l("Running"),
    AttemptState.DONE: _l("Done"),
    AttemptState.FAILED: _l("Could not run"),
}


class AttemptFault(StrEnum):
    """Why a run or a study failed. Never where in the lists: that would tell of them."""

    MALFORMED = "malformed"
    WRONG_CHANGE = "wrong_change"
    WAIVER_IMPOSSIBLE = "waiver_impossible"
    CHECK_FAILED = "check_failed"
    SOLVER_MISSING = "solver_missing"

    @property
    def label(self) -> object:
        return FAULT_LABELS[self]


FAULT_LABELS = {
    AttemptFault.MALFORMED: _l(
        "The round's data contradict each other, for example places arranged beforehand that exceed those on offer."
    ),
    AttemptFault.WRONG_CHANGE: _l(
        "The change contradicts what stays: for example a posting closed in which a place is fixed."
    ),
    AttemptFault.WAIVER_IMPOSSIBLE: _l(
        "The waiver is not possible: no place is left, the place is fixed, or the supervisor has not approved."
    ),
    AttemptFault.CHECK_FAILED: _l(
        "The independent check does not agree with the result. Please tell the operator."
    ),
    AttemptFault.SOLVER_MISSING: _l(
        "The adviser needs the solver HiGHS, which is not installed here. Everything else works without it."
    ),
}


class StudyKind(StrEnum):
    """What is worked out about an attempt besides."""

    ADVICE = "advice"
    CHANCES = "chances"


class ReadingKind(StrEnum):
    """How the office read a list."""

    LIST = "list"
    RECORD = "record"
    MOVES = "moves"
    TRIAL = "trial"
    WAIVER = "waiver"
    PLACES = "places"

    @property
    def label(self) -> object:
        return READING_LABELS[self]


READING_LABELS = {
    ReadingKind.LIST: _l("This list alone"),
    ReadingKind.RECORD: _l("The record of the whole run"),
    ReadingKind.MOVES: _l("Who moves in a trial run, by name"),
    ReadingKind.TRIAL: _l("A trial run with another answer of this list"),
    ReadingKind.WAIVER: _l("What a waiver would cause, by name"),
    ReadingKind.PLACES: _l("Who is placed where in a run, by name"),
}


class OfferState(StrEnum):
    """Where an offer of an open place stands."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # by the clock; in the database once the company is told

    @property
    def label(self) -> object:
        return OFFER_LABELS[self]


OFFER_LABELS = {
    OfferState.OPEN: _l("Waits for an answer"),
    OfferState.TAKEN: _l("Taken"),
    OfferState.DECLINED: _l("Declined by the student"),
    OfferState.WITHDRAWN: _l("Offer taken back"),
    OfferState.EXPIRED: _l("Offer expired"),
}
