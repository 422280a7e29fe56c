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
