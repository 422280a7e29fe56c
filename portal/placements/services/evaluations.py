"""Evaluations at the end: written as a draft, sent once; the last that comes makes the placement evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.placements.criteria import Criterion, HostCriterion
from portal.domain.placements.placement_flow import Mover, PlacementState, Side
from portal.domain.typed import wide_letters
from portal.internships.services.writing import Incomplete
from portal.placements import mail
from portal.placements.models import Placement, PlacementEvaluation
from portal.placements.policy import MOVERS, side_of
from portal.placements.queries.evaluations import evaluation_of, is_overdue, readable_by, sent_by
from portal.placements.queries.placements import any_placement
from portal.placements.services.checklist import SAY_WHY
from portal.placements.services.moves import NOT_NOW, NOT_YOURS, move_placement, note_placement

CHANGED = _l("Somebody of your side has changed this evaluation in the meantime. Please look at it again.")
MISSING = _l("Please fill this in before you send it.")
READ_ALREADY = _l("Your company could read what the intern wrote: the marks stay as they were sent.")
CRITERIA: dict[Side, tuple[Any, ...]] = {
    Side.COMPANY: tuple(Criterion),
    Side.STUDENT: tuple(HostCriterion),
}
SAID = (
    "marks", "remarks", "overall", "words", "interviewed_on", "interviewer", "interviewer_en", "is_open_to_host",
)  # fmt: skip


def save_evaluation(
    *, placement: Placement, values: Mapping[str, Any], version: int, by: Actor
) -> PlacementEvaluation:
    """Keep a draft; `version` 0 where nothing stands yet. Raises Refused, OutOfDate."""
    side, placement = _held(placement, by)
    draft = evaluation_of(placement.id, side)
    said = {name: values[name] for name in SAID if name in values}
    said |= {"changed_at": clock.now(), "changed_by_id": by.id}
    if draft is None:
        new = PlacementEvaluation(
            placement_id=placement.id, organisation_id=placement.organisation_id, side=side, **said
        )
        draft, is_ours = add_or_find(new, lambda: evaluation_of(placement.id, side))
        if version or not is_ours:
            raise OutOfDate(CHANGED)
        return draft
    if draft.is_sent:
        raise OutOfDate(NOT_NOW)
    _refuse_other_marks(placement, side, draft, said)
    _change(draft, version, **said)
    return draft


def send_evaluation(
    *, placement: Placement, values: Mapping[str, Any], version: int, by: Actor
) -> PlacementEvaluation:
    """The side's word for good. Raises Incomplete at what is missing, OutOfDate."""
    draft = save_evaluation(placement=placement, values=values, version=version, by=by)
    side, placement = _held(placement, by)
    _refuse_incomplete(placement, side, draft)
    _change(draft, draft.version, is_sent=True, sent_at=clock.now())
    note_placement("placement.evaluation_sent", placement, by)
    if placement.state is PlacementState.ENDED:
        settle(placement, MOVERS[side], by)
    return draft


def settle(placement: Placement, mover: Mover, by: Actor | None) -> bool:
    """Evaluated, once both are in, or the company alone when the time is over; whether it is."""
    sent = sent_by(placement.id)
    if Side.COMPANY not in sent or not (Side.STUDENT in sent or is_overdue(placement)):
        return False
    move_placement(placement, PlacementState.EVALUATED, mover, by=by)
    return True


def reopen_evaluation(*, placement: Placement, reason: str, by: Actor) -> PlacementEvaluation:
    """The office asks the company to correct its evaluation: what was sent stays, the correction is another revision.

    Raises Refused at `reason`, OutOfDate.
    """
    if not reason.strip():
        raise Refused(SAY_WHY, field="reason")
    placement = any_placement(placement.id, lock=True)
    last = evaluation_of(placement.id, Side.COMPANY)
    if placement.state is not PlacementState.EVALUATED or last is None or not last.is_sent:
        raise OutOfDate(NOT_NOW)
    new = PlacementEvaluation(
        placement_id=placement.id, organisation_id=placement.organisation_id, side=Side.COMPANY, revision=last.revision + 1,
        changed_at=clock.now(), changed_by_id=by.id, **{name: getattr(last, name) for name in SAID},
    )  # fmt: skip
    draft, _is_ours = add_or_find(new, lambda: evaluation_of(placement.id, Side.COMPANY))
    note_placement("placement.evaluation_reopened", placement, by, note=reason.strip(), is_private=True)
    mail.tell(
        "correction", placement, [Side.COMPANY], key=f"correction:{draft.revision}", reason=reason.strip()
    )
    return draft


def _held(placement: Placement, by: Actor) -> tuple[Side, Placement]:
    """Whose word it is, and the placement held until the end of this transaction."""
    side = side_of(by, placement)
    if side is None:
        raise Refused(NOT_YOURS)
    held = any_placement(placement.id, lock=True)
    if not may_write(held, evaluation_of(held.id, side)):
        raise OutOfDate(NOT_NOW)
    return side, held


def may_write(placement: Placement, draft: PlacementEvaluation | None) -> bool:
    """Whether a side with this newest draft can still write; once all is evaluated a correction alone, for the other is open."""
    if placement.state is PlacementState.EVALUATED:
        return draft is not None and not draft.is_sent and draft.revision > 1
    return placement.state is PlacementState.ENDED and (draft is None or not draft.is_sent)


def _refuse_other_marks(
    placement: Placement, side: Side, draft: PlacementEvaluation, said: Mapping[str, Any]
) -> None:
    """A correction by who could read the other side's mends words, names and days: marks are no answer to what was read."""
    if draft.revision == 1 or set(readable_by(placement, side)) <= {side}:
        return
    old, new = (marks["marks"] | {"overall": marks["overall"]} for marks in (_marks(draft), said))
    moved = [name for name in {*old, *new} if old.get(name) != new.get(name)]
    if moved:
        names = [name if name == "overall" else f"mark_{name}" for name in moved]
        raise Incomplete(dict.fromkeys(names, READ_ALREADY))


def _marks(draft: PlacementEvaluation) -> dict[str, Any]:
    return {"marks": draft.marks, "overall": draft.overall}


def _change(draft: PlacementEvaluation, version: int, **values: Any) -> None:
    stands = update(PlacementEvaluation).where(
        PlacementEvaluation.id == draft.id, PlacementEvaluation.version == version,
        PlacementEvaluation.is_sent.is_(False),
    )  # fmt: skip
    change_one(draft, stands.values(**values, version=PlacementEvaluation.version + 1), CHANGED)


def _refuse_incomplete(placement: Placement, side: Side, draft: PlacementEvaluation) -> None:
    missing = [f"mark_{each}" for each in CRITERIA[side] if draft.marks.get(each) is None]
    if draft.overall is None:
        missing.append("overall")
    needed = ("words", "interviewed_on", "interviewer") if side is Side.COMPANY else ()
    missing += [name for name in needed if not getattr(draft, name)]
    if wide_letters(draft.interviewer or "") and not draft.interviewer_en:
        missing.append("interviewer_en")
    found: dict[str, Any] = dict.fromkeys(missing, MISSING)
    held_on = draft.interviewed_on
    if held_on and placement.first_day and not placement.first_day <= held_on <= clock.today():
        found["interviewed_on"] = _l(
            "This has to be a day since the start of the internship, today at the latest."
        )
    if found:
        raise Incomplete(found)
