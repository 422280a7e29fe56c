"""A second round: the places that stayed open and the students who stayed without one, by the same engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.posting_rules import posting_faults
from portal.domain.internships.timetable import Timetable
from portal.internships.models import InternshipHost, InternshipPosting, InternshipRound
from portal.internships.services.rounds import plan_round
from portal.matching.models import FollowUp, HostHold, MatchCap
from portal.matching.queries.places import companies_left, follower_of, places_left, used_in
from portal.matching.queries.results import is_out
from portal.matching.services.attempts import require_office
from portal.matching.services.places import lock_chain

NOT_OUT = _l("A round is followed by another once its results are out.")
FOLLOWED = _l("This round is followed by another one already.")
CORRECT = _l("Please move the days: the internship would begin before the results of this round.")


def plan_follow_up(
    *, season: InternshipRound, name_ja: str, name_en: str, timetable: Timetable, once: str, by: Actor
) -> InternshipRound:  # fmt: skip
    """A round after this one, with postings as they stand and the places left. Raises Refused at its field, OutOfDate."""
    require_office(by)
    lock_chain(season.id)
    if not is_out(season):
        raise OutOfDate(NOT_OUT)
    made = plan_round(
        fiscal_year=season.fiscal_year, name_ja=name_ja, name_en=name_en, longest_list=season.longest_list, timetable=timetable,
        once=once, by=by, needed_agreements=season.needed_agreements,
    )  # fmt: skip
    if follower_of(season.id) is None:
        _unlink(season.id, made.id)
    _link, is_ours = add_or_find(
        FollowUp(round_id=made.id, follows_id=season.id), lambda: _link_of(season.id)
    )
    if not is_ours:
        if follower_of(season.id) != made.id:
            raise OutOfDate(FOLLOWED)
        return made
    _carry_over(season, made, by)
    record(verb="round.follow_up_planned", subject=made, by=by, changes={"base": season.id})
    return made


def _unlink(round_id: int, new_id: int) -> None:
    """A round that was called off makes room for another after the same one."""
    gone = _link_of(round_id)
    if gone is not None and gone.round_id != new_id:
        db.session.delete(gone)
        db.session.flush()


def _link_of(round_id: int) -> FollowUp | None:
    return db.session.scalars(select(FollowUp).where(FollowUp.follows_id == round_id)).one_or_none()


def _carry_over(season: InternshipRound, made: InternshipRound, by: Actor) -> None:
    """Postings with open places, what their companies still take in all, limits less what is used up, and who is held back."""
    used = used_in(season.id)
    left, total = places_left(season.id, used), companies_left(season.id, used)
    which = [number for number, places in left.items() if places]
    old = db.session.scalars(
        select(InternshipPosting).where(InternshipPosting.id.in_(which)).order_by(InternshipPosting.id)
    ).all()
    db.session.add_all(_copy(posting, made, left[posting.id]) for posting in old)
    now, changed = clock.now(), {"changed_by_id": by.id, "changed_at": clock.now()}
    for company in sorted({posting.organisation_id for posting in old} & total.keys()):
        db.session.add(
            InternshipHost(round_id=made.id, organisation_id=company, places=total[company], **changed)
        )
    for cap in db.session.scalars(select(MatchCap).where(MatchCap.round_id == season.id)):
        db.session.add(_rest_of(cap, made.id, used.by_company, changed))
    holds = select(HostHold).where(HostHold.round_id == season.id, HostHold.lifted_at.is_(None))
    for hold in db.session.scalars(holds):
        again = {"organisation_id": hold.organisation_id, "reason": hold.reason}
        db.session.add(HostHold(round_id=made.id, created_at=now, created_by_id=by.id, **again))
    db.session.flush()


def _rest_of(cap: MatchCap, round_id: int, used: Mapping[int, int], changed: Mapping[str, Any]) -> MatchCap:
    """What a limit and each company's share of it leave."""
    here = {company: used[int(company)] for company in cap.targets}
    targets = {company: max(0, share - here[company]) for company, share in cap.targets.items()}
    left = max(0, cap.places - sum(here.values()))
    return MatchCap(
        round_id=round_id, kind=cap.kind, name=cap.name, places=left, targets=targets, **changed
    )  # fmt: skip


def _copy(posting: InternshipPosting, season: InternshipRound, places: int) -> InternshipPosting:
    """The same words; open to students at once, unless its days no longer fit: then the company corrects them."""
    said = posting.said() | {"places": places, "least_places": min(posting.least_places, places)}
    now = clock.now()
    is_fit = not posting_faults(said, season.publishes_at.astimezone(clock.OFFICE_ZONE).date())
    return InternshipPosting(
        round_id=season.id, organisation_id=posting.organisation_id, once_key=f"follow:{season.id}:{posting.id}",
        state=PostingState.PUBLISHED if is_fit else PostingState.RETURNED, created_by_id=posting.created_by_id, created_at=now,
        moved_at=now, published_at=now if is_fit else None, remark="" if is_fit else str(CORRECT), **said,
    )  # fmt: skip


def may_follow(season: InternshipRound) -> None:
    """Raises Refused where a round cannot be followed by another any more."""
    if not is_out(season):
        raise OutOfDate(NOT_OUT)
    if follower_of(season.id) is not None:
        raise Refused(FOLLOWED)
