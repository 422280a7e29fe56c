"""Plan rounds, move what still lies ahead, call them off."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.agreements import AgreementKind
from portal.domain.internships.timetable import STEPS, Stage, Timetable, movable_steps
from portal.internships import mail, signals
from portal.internships.models import InternshipRound
from portal.internships.policy import may_run_rounds
from portal.internships.queries.postings import hosts_in
from portal.jobs.services import enqueue

NOT_YOURS = _l("Rounds are planned by the career-support office.")
OUT_OF_ORDER = _l("This has to lie after the step before.")
PAST = _l("This moment has passed already.")
OVER = _l("This step is over; its moment can no longer be changed.")
LATER = ("publishes_at", "ends_at")  # may be set anew as long as no result is out, be they over or not
CHANGED = _l("Somebody has changed this round in the meantime. Please look at it again.")


def plan_round(
    *, fiscal_year: int, name_ja: str, name_en: str, longest_list: int, timetable: Timetable, once: str, by: Actor,
    needed_agreements: Collection[str] = (),
) -> InternshipRound:  # fmt: skip
    """A round with its timetable, the agreements (`AgreementKind`) it needs, and the commitment of its lottery. The same `once` gives the first result.

    Raises Refused at the step that is out of order or past.
    """
    _require_office(by)
    if (standing := _planned_with(once)) is not None:
        return standing
    _check(timetable, STEPS, clock.now())
    secret = secrets.token_hex(32)
    made = InternshipRound(
        fiscal_year=fiscal_year, name_ja=name_ja, name_en=name_en, longest_list=longest_list, once_key=once, secret=secret,
        needed_agreements=[kind.value for kind in AgreementKind if kind in needed_agreements],
        commitment=hashlib.sha256(bytes.fromhex(secret)).hexdigest(), created_at=clock.now(), created_by_id=by.id,
        **timetable.moments,
    )  # fmt: skip
    planned, is_ours = add_or_find(made, lambda: _planned_with(once))
    if is_ours:
        _note("round.planned", made, by, {"commitment": made.commitment, **timetable.moments})
    return planned


def move_timetable(*, season: InternshipRound, timetable: Timetable, by: Actor) -> bool:
    """New moments for the steps that lie ahead; True when something changed.

    Lists that have locked stay locked. Raises Refused at the step, OutOfDate when another was faster.
    """
    _require_office(by)
    before, now = season.timetable, clock.now()
    if season.stage in (Stage.CLOSED, Stage.CANCELLED, Stage.PUBLISHED):
        raise OutOfDate(OVER)
    free = movable_steps(before, now)
    moved = {step: at for step, at in timetable.moments.items() if at != before.moments[step]}
    for step in moved:
        if step not in free and not (step in LATER and season.stage is Stage.LOCKED):
            raise Refused(OVER, field=step)
    _check(timetable, tuple(moved), now)
    if not moved:
        return False
    unmoved = [getattr(InternshipRound, step) == at for step, at in before.moments.items()]
    _change(season, [*unmoved, InternshipRound.told_at.is_(None)], **moved)
    _note("round.moved", season, by, {step: [before.moments[step], at] for step, at in moved.items()})
    signals.timetable_moved.send(season)
    return True


def cancel_round(*, season: InternshipRound, reason: str, by: Actor) -> None:
    """Call a round off before its results are published; a result that is chosen is taken back with it. Raises Refused at `reason`,
    OutOfDate."""
    _require_office(by)
    if not reason.strip():
        raise Refused(_l("Please say why; companies and students read it."), field="reason")
    if season.stage in (Stage.PUBLISHED, Stage.CLOSED, Stage.CANCELLED):
        raise OutOfDate(CHANGED)
    signals.calling_off.send(season, by=by)
    stands = [getattr(InternshipRound, name).is_(None) for name in ("cancelled_at", "chosen_at", "told_at")]
    _change(season, stands, cancelled_at=clock.now())
    record(verb="round.cancelled", subject=season, by=by, note=reason.strip(), audience=Audience.PARTY)
    enqueue(
        "internships.tell_cancelled",
        key=f"round:{season.id}:cancelled",
        round_id=season.id,
        reason=reason.strip(),
    )


def tell_cancelled(round_id: int, reason: str) -> None:
    """Companies with postings in the round are told; what is open of these is closed by the calendar."""
    season = db.session.get_one(InternshipRound, round_id)
    for organisation_id in hosts_in(round_id):
        mail.tell_cancelled(season, organisation_id, reason)


def _planned_with(once: str) -> InternshipRound | None:
    return db.session.scalars(select(InternshipRound).where(InternshipRound.once_key == once)).one_or_none()


def _require_office(by: Actor) -> None:
    if not may_run_rounds(by):
        raise Refused(NOT_YOURS)


def _check(timetable: Timetable, fresh: tuple[str, ...], now: datetime) -> None:
    for step in fresh:
        if getattr(timetable, step) <= now and step != "opens_at":
            raise Refused(PAST, field=step)
    for step in timetable.misplaced:
        raise Refused(OUT_OF_ORDER, field=step)


def _change(season: InternshipRound, conditions: Sequence[ColumnElement[bool]], **values: datetime) -> None:
    stands = update(InternshipRound).where(InternshipRound.id == season.id, *conditions)
    change_one(season, stands.values(**values), CHANGED)


def _note(verb: str, season: InternshipRound, by: Actor, changes: Mapping[str, object]) -> None:
    record(verb=verb, subject=season, by=by, changes=changes)
