"""What a supervisor has to say: a veto its reason, an approval a time into which the stay fits."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from portal.domain.internships.periods import stay_fits


class ApprovalFault(StrEnum):
    """What is wrong at a field."""

    REASON_MISSING = "reason_missing"
    ENDS_BEFORE_START = "ends_before_start"
    DOES_NOT_FIT = "does_not_fit"


def veto_faults(reason: str) -> dict[str, ApprovalFault]:
    """Empty when the veto may stand: the student reads the reason."""
    return {} if reason.strip() else {"reason": ApprovalFault.REASON_MISSING}


def window_faults(
    from_on: date, until_on: date, *, starts_from: date | None, ends_by: date | None, weeks: int | None
) -> dict[str, ApprovalFault]:
    """Empty when the stay of the posting fits into the days that the supervisor allows; all days are included."""
    if until_on < from_on:
        return {"until_on": ApprovalFault.ENDS_BEFORE_START}
    fits = stay_fits(
        from_on=from_on, until_on=until_on, starts_from=starts_from, ends_by=ends_by, weeks=weeks
    )
    return {} if fits else {"until_on": ApprovalFault.DOES_NOT_FIT}
