import json
from dataclasses import replace
from datetime import date

import pytest

from portal.domain.entitlements import (
    Benefit,
    Grant,
    GrantReason,
    TierSnapshot,
    entitlements_on,
    tier_entitlements,
)
from portal.domain.terms import FiscalYear, Term, membership_standing

A = TierSnapshot("A", "A会員", "Member A", 2_000_000, 1, True, True)
C = TierSnapshot("C", "C会員", "Member C", 500_000, 0, True, True)
MONITOR = TierSnapshot("MON2017", "モニター", "Monitor", 500_000, None, True, True)


@pytest.mark.parametrize(
    ("snapshot", "is_open", "reason", "seats"),
    [
        (A, True, GrantReason.IN_TIER, 1),
        (C, False, GrantReason.NOT_IN_TIER, 0),
        (MONITOR, False, GrantReason.TO_BE_AGREED, 0),
        (replace(MONITOR, agreed_seats=2), True, GrantReason.AGREED, 2),
        (replace(A, agreed_seats=4), True, GrantReason.AGREED, 4),
        (replace(A, agreed_seats=0), False, GrantReason.AGREED, 0),
    ],
)
def test_training_seats_follow_the_snapshot(
    snapshot: TierSnapshot, is_open: bool, reason: GrantReason, seats: int
) -> None:
    included = tier_entitlements(snapshot)
    assert included.training == Grant(Benefit.TRAINING, is_open, reason, seats)
    assert included.training_seats == seats


def test_meetings_and_groups_follow_the_snapshot() -> None:
    included = tier_entitlements(replace(C, study_groups=False))
    assert included.grants == (
        Grant(Benefit.TRAINING, False, GrantReason.NOT_IN_TIER, 0),
        Grant(Benefit.LIAISON_MEETING, True, GrantReason.IN_TIER),
        Grant(Benefit.STUDY_GROUPS, False, GrantReason.NOT_IN_TIER),
    )


def test_only_a_member_has_anything_open() -> None:
    term = Term(FiscalYear(2026), "A", date(2026, 4, 1), date(2027, 3, 31), activated_on=date(2026, 5, 1))
    before = entitlements_on(membership_standing([term], date(2026, 4, 30)), A)
    assert [(grant.is_open, grant.reason) for grant in before.grants] == [
        (False, GrantReason.NOT_A_MEMBER)
    ] * 3
    assert before.training_seats == 0
    assert entitlements_on(membership_standing([term], date(2026, 5, 1)), A) == tier_entitlements(A)
    assert not entitlements_on(membership_standing([], date(2026, 5, 1)), A).liaison_meeting.is_open


@pytest.mark.parametrize("snapshot", [A, C, MONITOR, replace(A, agreed_seats=3)])
def test_a_snapshot_survives_its_row(snapshot: TierSnapshot) -> None:
    assert TierSnapshot.from_document(json.loads(json.dumps(snapshot.as_document()))) == snapshot


def test_a_snapshot_refuses_wrong_figures_and_fields() -> None:
    with pytest.raises(ValueError, match="nought"):
        replace(A, training_seats=-1)
    with pytest.raises(TypeError):
        replace(A, annual_fee_yen=2_000_000.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        TierSnapshot.from_document({"tier_code": "A"})
