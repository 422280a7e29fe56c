"""What pages show of hours of work, in the reader's words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from portal.core import clock
from portal.core.formats import day as day_words
from portal.core.i18n import in_words
from portal.domain.placements.hours import WeekState, is_over, written
from portal.placements.enums import WEEK_LABELS
from portal.placements.forms.running import WEEK, WeekForm
from portal.placements.models import Placement, PlacementWeek
from portal.placements.pages import history
from portal.placements.queries.hours import are_open, days_of, unsettled, week_at, weeks_of


def hours_table(placement: Placement) -> dict[str, Any]:
    """All weeks: monday, words of the span, hours, state, its word, number, whether the company has to confirm it; the totals; whether
    anything may change."""
    weeks, words = weeks_of(placement), in_words(WEEK_LABELS)
    is_open = are_open(placement)
    rows = [
        (
            week.monday, span_words(week.monday), written(week.minutes), week.row.state.value if week.row else "",
            words[week.row.state] if week.row else "", week.row.id if week.row else None, is_open and waits_for_company(placement, week.row),
        )
        for week in weeks
    ]  # fmt: skip
    confirmed = sum(week.minutes for week in weeks if week.is_confirmed)
    return {
        "rows": rows,
        "total": written(sum(week.minutes for week in weeks)),
        "confirmed": written(confirmed),
        "is_open": is_open,
    }


def waits_for_company(placement: Placement, week: PlacementWeek | None) -> bool:
    """Whether the week is entered and over; it is confirmed while `are_open`."""
    last = placement.last_day
    if week is None or last is None:
        return False
    return week.state is WeekState.ENTERED and is_over(week.monday, last, clock.today())


def hours_summary(placement: Placement) -> dict[str, Any]:
    """Hours in all and confirmed, and how many weeks are not settled."""
    weeks = weeks_of(placement)
    open_weeks = unsettled(weeks)
    total, still_open = (sum(week.minutes for week in each) for each in (weeks, open_weeks))
    return {"total": written(total), "confirmed": written(total - still_open), "open_weeks": len(open_weeks)}


def span_words(monday: date) -> str:
    """From Monday to Sunday."""
    return f"{day_words(monday)} – {day_words(monday + timedelta(days=6))}"


def days_of_stay(placement: Placement, monday: date) -> dict[int, str]:
    """The days of a week that lie in the stay or have hours already: number from Monday, and words."""
    first, last = placement.first_day, placement.last_day
    worked = {each.worked_on for each in week_at(placement, monday).days}
    days = {n: monday + timedelta(days=n) for n in WEEK}
    return {
        n: day_words(d) for n, d in days.items() if d in worked or (first and last and first <= d <= last)
    }


def day_fields(form: WeekForm, monday: date) -> list[tuple[str, Any, Any]]:
    """The day in words with its two fields."""
    return [
        (day_words(monday + timedelta(days=n)), form[f"hours_{n}"], form[f"words_{n}"])
        for n in WEEK
        if f"hours_{n}" in form
    ]


def week_context(placement: Placement, week: PlacementWeek, *, for_staff: bool) -> dict[str, Any]:
    """One week for its page."""
    days = days_of(week)
    return {
        "week": week,
        "span": span_words(week.monday),
        "days": [(day_words(each.worked_on), written(each.minutes), each.words) for each in days],
        "total": written(sum(each.minutes for each in days)),
        "state_word": in_words(WEEK_LABELS)[week.state],
        "entries": history(placement, for_staff=for_staff, of=week),
    }
