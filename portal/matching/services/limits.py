"""The office sets limits of several companies together, and holds companies back until something is agreed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select, update

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.timetable import Stage
from portal.domain.matching import CapKind
from portal.internships.models import InternshipRound
from portal.internships.policy import may_run_rounds
from portal.matching.models import HostHold, MatchCap
from portal.matching.models.caps import MOST_PLACES

NOT_YOURS = _l("This is done by the career-support office.")
TOO_LATE = _l("A result of this round is chosen already, or the round is over.")
CHANGED = _l("Somebody has changed this limit in the meantime. Please look at it again.")
NOBODY = _l("Please write a share for at least one company.")
ELSEWHERE = _l("A company can stand under one limit; one of these stands under another already.")
TWICE = _l("A limit of this name exists in this round already.")
HELD = _l("This company is held back already.")
NOT_HELD = _l("This company is no longer held back.")
Targets = Mapping[int, int]


def add_cap(
    *, season: InternshipRound, kind: CapKind, name: str, places: int, targets: Targets, by: Actor
) -> MatchCap:  # fmt: skip
    """At most `places` students at these companies together; `targets` is each one's share by number. Raises Refused at its field."""
    _require(season, by)
    _check(season.id, None, targets)
    made = MatchCap(
        round_id=season.id, kind=kind, name=name, places=places, targets=_as_text(targets), changed_by_id=by.id,
        changed_at=clock.now(),
    )  # fmt: skip
    same = select(MatchCap).where(
        MatchCap.round_id == season.id, MatchCap.kind == kind, MatchCap.name == name
    )
    standing, is_ours = add_or_find(made, lambda: db.session.scalars(same).one_or_none())
    if not is_ours:
        raise Refused(TWICE, field="name")
    record(verb="cap.set", subject=standing, by=by, changes={"name": name, "places": [None, places]})
    return standing


def change_cap(
    *, season: InternshipRound, cap: MatchCap, places: int, targets: Targets, version: int, by: Actor
) -> None:  # fmt: skip
    """Another number or other shares. Raises Refused at its field, OutOfDate."""
    _require(season, by)
    _check(season.id, cap.id, targets)
    before = cap.places
    stands = update(MatchCap).where(MatchCap.id == cap.id, MatchCap.version == version)
    values = {"places": places, "targets": _as_text(targets), "version": version + 1}
    change_one(cap, stands.values(**values, changed_by_id=by.id, changed_at=clock.now()), CHANGED)
    record(verb="cap.set", subject=cap, by=by, changes={"name": cap.name, "places": [before, places]})


def remove_cap(*, season: InternshipRound, cap: MatchCap, by: Actor) -> None:
    """No limit any more. Raises Refused, OutOfDate."""
    _require(season, by)
    record(
        verb="cap.removed", subject=season, by=by, changes={"name": cap.name, "places": [cap.places, None]}
    )
    gone = db.session.execute(delete(MatchCap).where(MatchCap.id == cap.id, MatchCap.version == cap.version))
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise OutOfDate(CHANGED)


def hold_back(*, season: InternshipRound, organisation_id: int, reason: str, by: Actor) -> HostHold:
    """The company takes no part in this round's match until it is lifted. Raises Refused at its field."""
    _require(season, by)
    if not reason.strip():
        raise Refused(_l("Please say what has to be agreed first."), field="reason")
    made = HostHold(
        round_id=season.id, organisation_id=organisation_id, reason=reason.strip(), created_at=clock.now(), created_by_id=by.id
    )  # fmt: skip
    here = (HostHold.round_id == season.id, HostHold.organisation_id == organisation_id)
    standing = select(HostHold).where(*here, HostHold.lifted_at.is_(None))
    kept, is_ours = add_or_find(made, lambda: db.session.scalars(standing).one_or_none())
    if not is_ours:
        raise Refused(HELD, field="organisation_id")
    record(verb="hold.placed", subject=kept, organisation_id=organisation_id, by=by, note=reason.strip())
    return kept


def lift_hold(*, season: InternshipRound, hold: HostHold, by: Actor) -> None:
    """The company takes part again. Raises Refused, OutOfDate."""
    _require(season, by)
    stands = update(HostHold).where(HostHold.id == hold.id, HostHold.lifted_at.is_(None))
    change_one(hold, stands.values(lifted_at=clock.now(), lifted_by_id=by.id), NOT_HELD)
    record(verb="hold.lifted", subject=hold, organisation_id=hold.organisation_id, by=by)


def may_set(season: InternshipRound) -> bool:
    """Until a result is chosen."""
    over = (Stage.PUBLISHED, Stage.CLOSED, Stage.CANCELLED)
    return season.chosen_at is None and season.stage not in over


def still(season: InternshipRound) -> None:
    """What is decided over the whole of a round waits for its turn."""
    held = select(InternshipRound).where(InternshipRound.id == season.id).with_for_update()
    db.session.scalars(held, execution_options={"populate_existing": True}).one()


def _require(season: InternshipRound, by: Actor) -> None:
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)
    still(season)
    if not may_set(season):
        raise OutOfDate(TOO_LATE)


def _check(round_id: int, cap_id: int | None, targets: Targets) -> None:
    if not targets or any(not 0 <= share <= MOST_PLACES for share in targets.values()):
        raise Refused(NOBODY, field="targets")
    others = select(MatchCap.targets).where(MatchCap.round_id == round_id, MatchCap.id != (cap_id or 0))
    taken = {number for each in db.session.scalars(others) for number in each}
    if not taken.isdisjoint(_as_text(targets)):
        raise Refused(ELSEWHERE, field="targets")


def _as_text(targets: Targets) -> dict[str, int]:
    return {str(number): share for number, share in sorted(targets.items())}
