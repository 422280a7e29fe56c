"""The office offers times for consultations, and takes them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.audit.services import record
from portal.billing.services.due_days import is_bank_day
from portal.careers.models import ConsultationSlot
from portal.careers.policy import may_support_careers
from portal.careers.queries.consultations import holder_of, spans_of
from portal.careers.services.consultations import end_consultation
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import change_one
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import moment
from portal.core.i18n import _, _l
from portal.domain.consultation_times import MOST_SLOTS, Span, cut, first_overlap, weekly

NOT_YOURS = _l("Times for consultations are offered by the career-support office.")
GONE = _l("This time was taken back or is over. Please look at the list again.")


@dataclass(frozen=True, slots=True)
class Offered:
    """What came of an offer: the slots, and days of the series that were left out as closed."""

    slots: Sequence[ConsultationSlot]
    left_out: tuple[date, ...]


def offer_slots(
    *, starts_at: datetime, ends_at: datetime, minutes: int, weeks: int, place: str, link: str, once: str, by: Actor
) -> Offered:  # fmt: skip
    """Offer the parts of a span, on this day and the same day of the following weeks. The same `once` gives the first result.

    Raises Refused at its field: nothing fits, past, no place, or it overlaps what the officer offers already.
    """
    if not may_support_careers(by):
        raise Refused(NOT_YOURS)
    db.session.scalars(select(Person.id).where(Person.id == by.id).with_for_update()).one()
    if standing := _offered_with(once):
        return Offered(standing, ())
    if not place and not link:
        raise Refused(_l("Please write a place or a link, or both."), field="place")
    days = weekly(starts_at.astimezone(clock.OFFICE_ZONE).date(), weeks, is_bank_day)
    spans = [part for day in days.days for part in cut(Span(_on(day, starts_at), _on(day, ends_at)), minutes)]
    _check(spans, by.id)
    made = [
        ConsultationSlot(
            officer_id=by.id, starts_at=span.starts_at, ends_at=span.ends_at, place=place, link=link,
            once_key=f"{once}:{n}", created_at=clock.now(),
        )
        for n, span in enumerate(spans)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    record(
        verb="slot.offered",
        subject=made[0],
        by=by,
        changes={"slots": len(made), "starts_at": made[0].starts_at},
    )
    return Offered(made, days.left_out)


def cancel_slot(*, slot: ConsultationSlot, reason: str, by: Actor) -> None:
    """Take a time back; a student who took it is told with the reason. Raises OutOfDate, Refused at `reason`."""
    if not may_support_careers(by):
        raise Refused(NOT_YOURS)
    held = holder_of(slot.id)
    if held is not None and not reason.strip():
        raise Refused(_l("Please say why; the student reads it."), field="reason")
    standing = update(ConsultationSlot).where(
        ConsultationSlot.id == slot.id,
        ConsultationSlot.cancelled_at.is_(None),
        ConsultationSlot.starts_at > clock.now(),
    )
    change_one(slot, standing.values(cancelled_at=clock.now()), GONE)
    record(
        verb="slot.cancelled", subject=slot, by=by, note=reason.strip(), changes={"starts_at": slot.starts_at}
    )
    held = holder_of(slot.id)  # again: the row is ours now, nobody books any more
    if held is None:
        return
    if not reason.strip():
        raise OutOfDate(_l("A student has just taken this time. Please say why you take it back."))
    end_consultation(held, by=by, reason=reason.strip())


def _offered_with(once: str) -> Sequence[ConsultationSlot]:
    mine = ConsultationSlot.once_key.startswith(f"{once}:", autoescape=True)
    return db.session.scalars(select(ConsultationSlot).where(mine).order_by(ConsultationSlot.id)).all()


def _on(day: date, at: datetime) -> datetime:
    """The time of day of `at` in Japan, on another day."""
    return datetime.combine(day, at.astimezone(clock.OFFICE_ZONE).timetz())


def _check(spans: Sequence[Span], officer_id: int) -> None:
    if not spans:
        raise Refused(_l("No time of this length fits between these two."), field="minutes")
    if len(spans) > MOST_SLOTS:
        raise Refused(_("Please offer no more than %(most)d times at once.", most=MOST_SLOTS), field="weeks")
    if spans[0].starts_at <= clock.now():
        raise Refused(_l("This moment has passed already."), field="day")
    taken = first_overlap(spans, spans_of(officer_id, spans[0].starts_at, spans[-1].ends_at))
    if taken is not None:
        message = _("You offer a time already that overlaps %(moment)s.", moment=moment(taken.starts_at))
        raise Refused(message, field="begins")
