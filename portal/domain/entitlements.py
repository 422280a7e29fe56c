"""What a term opens: training seats, the liaison meeting, the study groups.

Read from the snapshot that the term took of its tier when it was approved, so a later change of the tier
changes no term that exists.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from portal.domain.money import require_yen
from portal.domain.terms import Standing


@dataclass(frozen=True)
class TierSnapshot:
    """A tier as it was when the term was agreed. Fees ex tax in yen.

    `training_seats` is None where the tier names no number. `agreed_seats` is what the secretariat agreed for
    three or more learners; once set it replaces the tier's number.
    """

    tier_code: str
    name_ja: str
    name_en: str
    annual_fee_yen: int
    training_seats: int | None
    liaison_meeting: bool
    study_groups: bool
    agreed_seats: int | None = None

    def __post_init__(self) -> None:
        require_yen(self.annual_fee_yen, name="annual fee")
        if min(self.training_seats or 0, self.agreed_seats or 0) < 0:
            raise ValueError("seats are counted from nought")

    def as_document(self) -> dict[str, Any]:
        """The snapshot as JSON-ready values, for the term's row."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "TierSnapshot":
        """Read `as_document` back. Raises TypeError on a missing or unknown field."""
        return cls(**{name: value for name, value in document.items() if name != _WAS_KEPT})


_WAS_KEPT = "tax_category"  # of a tier in earlier snapshots; the price beside them has it


def carried_seats(before: TierSnapshot, seats_of_next: int | None) -> int | None:
    """What of `agreed_seats` goes over to another tier: as many beyond the tier's own as before. None: nothing was agreed."""
    if before.agreed_seats is None:
        return None
    extra = before.agreed_seats - (before.training_seats or 0)
    return max(0, (seats_of_next or 0) + extra)


class Benefit(StrEnum):
    """What a membership can open."""

    TRAINING = "training"
    LIAISON_MEETING = "liaison_meeting"
    STUDY_GROUPS = "study_groups"


class GrantReason(StrEnum):
    """Why a benefit is open or not."""

    IN_TIER = "in_tier"
    AGREED = "agreed"
    TO_BE_AGREED = "to_be_agreed"
    NOT_IN_TIER = "not_in_tier"
    NOT_A_MEMBER = "not_a_member"


@dataclass(frozen=True)
class Grant:
    """One benefit, open or not, and why. `seats` is a number for training alone (0 when not open)."""

    benefit: Benefit
    is_open: bool
    reason: GrantReason
    seats: int | None = None


@dataclass(frozen=True)
class Entitlements:
    """Everything that a term opens on a day."""

    training: Grant
    liaison_meeting: Grant
    study_groups: Grant

    @property
    def training_seats(self) -> int:
        """Seats that learners of the organisation may take."""
        return self.training.seats or 0

    @property
    def grants(self) -> tuple[Grant, ...]:
        """All grants, in the order in which pages list them."""
        return (self.training, self.liaison_meeting, self.study_groups)


def tier_entitlements(snapshot: TierSnapshot) -> Entitlements:
    """What the tier includes, whether or not the term runs yet: for quotes and tier tables."""
    return Entitlements(
        training=_training(snapshot),
        liaison_meeting=_grant(Benefit.LIAISON_MEETING, snapshot.liaison_meeting),
        study_groups=_grant(Benefit.STUDY_GROUPS, snapshot.study_groups),
    )


def entitlements_on(standing: Standing, snapshot: TierSnapshot) -> Entitlements:
    """What is open on the standing's day: the tier's benefits for a member, nothing for anyone else."""
    if standing.is_member:
        return tier_entitlements(snapshot)
    return Entitlements(
        training=Grant(Benefit.TRAINING, False, GrantReason.NOT_A_MEMBER, 0),
        liaison_meeting=Grant(Benefit.LIAISON_MEETING, False, GrantReason.NOT_A_MEMBER),
        study_groups=Grant(Benefit.STUDY_GROUPS, False, GrantReason.NOT_A_MEMBER),
    )


def _training(snapshot: TierSnapshot) -> Grant:
    if snapshot.agreed_seats is not None:
        return Grant(Benefit.TRAINING, snapshot.agreed_seats > 0, GrantReason.AGREED, snapshot.agreed_seats)
    if snapshot.training_seats is None:
        return Grant(Benefit.TRAINING, False, GrantReason.TO_BE_AGREED, 0)
    is_open = snapshot.training_seats > 0
    reason = GrantReason.IN_TIER if is_open else GrantReason.NOT_IN_TIER
    return Grant(Benefit.TRAINING, is_open, reason, snapshot.training_seats)


def _grant(benefit: Benefit, is_included: bool) -> Grant:
    return Grant(benefit, is_included, GrantReason.IN_TIER if is_included else GrantReason.NOT_IN_TIER)
