"""Interviews as the student answers them."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.careers.queries.calendar import appointments_of
from portal.core import clock
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.formats import moment
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.interview_flow import CHOOSABLE, LIVE
from portal.domain.internships.timetable import CHOOSING
from portal.internships.forms.interviews import AnswerForm
from portal.internships.models import Interview
from portal.internships.queries import interviews as reads
from portal.internships.queries.interviews import Meeting
from portal.internships.routes.blueprint import blueprint, students
from portal.internships.services.interviews import answering


@blueprint.get("/internships/interviews")
@students
def list_interviews() -> Response:
    """All invitations of the student."""
    return page("internships/list_interviews.html", meetings=reads.meetings_of(actor().id))


@blueprint.get("/internships/interviews/<id:interview_id>")
@students
def show_interview(interview_id: int) -> Response:
    """One invitation: choose a time, say that none fits, decline."""
    return _page(_one(interview_id))


@blueprint.post("/internships/interviews/<id:interview_id>/agree")
@students
def agree_interview(interview_id: int) -> Response:
    """This time it is."""

    def verb(interview: Interview, form: AnswerForm) -> None:
        if not form.slot_id.data:
            raise Refused(_("Please choose a time."), field="slot_id")
        answering.agree_on(interview=interview, slot_id=int(form.slot_id.data), by=actor())

    return _answer(
        interview_id, verb, _("The time is agreed. Both sides have it by mail, with a file for the calendar.")
    )


@blueprint.post("/internships/interviews/<id:interview_id>/none-fits")
@students
def refuse_times(interview_id: int) -> Response:
    """No time fits; the company reads when one would."""
    return _answer(
        interview_id,
        lambda found, form: answering.say_none_fits(interview=found, words=form.words.data or "", by=actor()),
        _("The company has been told."),
    )


@blueprint.post("/internships/interviews/<id:interview_id>/decline")
@students
def decline_interview(interview_id: int) -> Response:
    """No interview, or no longer."""
    return _answer(
        interview_id,
        lambda found, form: answering.decline_interview(
            interview=found, words=form.words.data or "", by=actor()
        ),
        _("The interview is declined. The company has been told."),
    )


def _answer(interview_id: int, verb: Callable[[Interview, AnswerForm], None], words: str) -> Response:
    found, form = _one(interview_id), AnswerForm()
    form.offer([(number, words) for number, words, _clashes in _times(found)])
    if not form.validate():
        return _page(found, form, 422)
    try:
        verb(found.interview, form)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(_one(interview_id), form, refused.status)
    flash(words, "success")
    return redirect(url_for("internships.show_interview", interview_id=interview_id))


def _one(interview_id: int) -> Meeting:
    found = next(iter(reads.meetings_of(actor().id, interview_id)), None)
    if found is None:
        raise NotFound
    return found


def _times(meeting: Meeting) -> list[tuple[int, str, bool]]:
    """The free times with their words; True for what clashes with the student's calendar, which its words say."""
    taken = appointments_of(actor().id, but=meeting.interview.id)
    found = []
    for slot in reads.free_slots(meeting.posting.id):
        clashes = any(slot.starts_at < until and begin < slot.ends_at for begin, until in taken)
        minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
        where = _("online") if slot.link and not slot.place else slot.place
        words = _(
            "%(moment)s, %(minutes)s minutes, %(place)s",
            moment=moment(slot.starts_at),
            minutes=minutes,
            place=where,
        )
        found.append(
            (slot.id, _("%(time)s (you have another appointment)", time=words) if clashes else words, clashes)
        )
    return found


def _page(meeting: Meeting, form: AnswerForm | None = None, status: int | None = None) -> Response:
    interview, is_open = meeting.interview, meeting.season.stage in CHOOSING
    times = _times(meeting) if is_open and interview.state in CHOOSABLE else []
    form = form or AnswerForm(formdata=None)
    form.offer([(number, words) for number, words, _clashes in times])
    idle = [str(number) for number, _words, clashes in times if clashes]
    return page(
        "internships/show_interview.html", status, meeting=meeting, interview=interview, form=form, times=times, idle=idle,
        may_choose=is_open and interview.state in CHOOSABLE, may_decline=is_open and interview.state in LIVE, now=clock.now(),
    )  # fmt: skip
