"""What follows a round: another one, and offers of places that stay open."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.billing.services.due_days import is_bank_day
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import day_and_time, refuse
from portal.core.i18n import _, current_language, in_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import STEPS
from portal.internships.forms.rounds import day_of, time_of
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import round_for_office
from portal.matching.forms.offers import FollowUpForm
from portal.matching.queries.offers import held_in, offers_in
from portal.matching.queries.places import follower_of, places_left, unmatched_in, used_in
from portal.matching.queries.results import is_out
from portal.matching.services.follow_ups import plan_follow_up
from portal.matching.staff.blueprint import blueprint, office

SHORT = {
    "opens_at": 1,
    "interviews_at": 3,
    "ranking_at": 10,
    "locks_at": 15,
    "publishes_at": 17,
    "ends_at": 45,
}


@blueprint.route("/matching/rounds/<id:round_id>/follow-up", methods=["GET", "POST"])
@office
def add_follow_up(round_id: int) -> Response:
    """Plan a round of the open places and the students without one."""
    season, form = round_for_office(actor(), round_id), FollowUpForm()
    if form.validate_on_submit():
        try:
            made = plan_follow_up(
                season=season, name_ja=form.name_ja.data, name_en=form.name_en.data, timetable=form.timetable(),
                once=form.once.data, by=actor(),
            )  # fmt: skip
            flash(_("The round is planned. Postings with open places stand in it already."), "success")
            return redirect(url_for("internships_staff.show_round", round_id=made.id))
        except Refused as refused:
            rollback()
            field = refused.field or ""
            refuse(
                form,
                Refused(refused.message, field=day_of(field) if field.endswith("_at") else refused.field),
            )
            return _page(round_for_office(actor(), round_id), form, refused.status)
    if not form.is_submitted():
        _propose(form, season)
    return _page(season, form)


@blueprint.get("/matching/rounds/<id:round_id>/offers")
@office
def list_offers(round_id: int) -> Response:
    """Places that companies offer one by one."""
    season = round_for_office(actor(), round_id)
    return page(
        "staff/matching/list_offers.html", season=season, rows=offers_in(round_id, current_language())
    )


def _propose(form: FollowUpForm, season: InternshipRound) -> None:
    """A short timetable from tomorrow."""
    for field, language in ((form.name_ja, "ja"), (form.name_en, "en")):
        with in_language(language):
            field.data = _("%(round)s (follow-up)", round=season.name(language))
    for step in STEPS:
        form[day_of(step)].data, _time = day_and_time(_at_work(clock.now() + timedelta(days=SHORT[step])))
        form[time_of(step)].data = form[time_of(step)].data or "09:00"


def _at_work(at: datetime) -> datetime:
    """The same time on the next day on which people work."""
    while not is_bank_day(clock.day_of(at)):
        at += timedelta(days=1)
    return at


def _page(season: InternshipRound, form: FollowUpForm, status: int | None = None) -> Response:
    left = places_left(season.id, used_in(season.id))
    held, until = held_in(season.id)
    return page(
        "staff/matching/add_follow_up.html", status, season=season, form=form, is_out=is_out(season),
        follower=follower_of(season.id), places=sum(left.values()), postings=sum(1 for n in left.values() if n),
        students=len(unmatched_in(season.id)), held=held, until=until,
    )  # fmt: skip
