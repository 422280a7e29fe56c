"""Questions between students and companies: forward, or send back with a remark."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import cursor_argument, page
from portal.core.transaction import rollback
from portal.internships.enums import QUESTION_LABELS, SIDE_LABELS
from portal.internships.forms.questions import ForwardForm
from portal.internships.models import Question
from portal.internships.queries import questions as reads
from portal.internships.services import questions as verbs
from portal.internships.staff.blueprint import blueprint, office


@blueprint.get("/internships/questions")
@office
def list_questions() -> Response:
    """What waits to be forwarded, the longest waiting first; or all, the newest move first."""
    is_waiting, language = request.args.get("state") != "all", current_language()
    found = reads.list_questions(actor(), is_waiting=is_waiting, language=language, cursor=cursor_argument())
    chips = [
        {
            "label": _("To be forwarded"),
            "url": url_for("internships_staff.list_questions"),
            "active": is_waiting,
        },
        {
            "label": _("All"),
            "url": url_for("internships_staff.list_questions", state="all"),
            "active": not is_waiting,
        },
    ]
    return page(
        "staff/internships/list_questions.html", found=found, chips=chips, is_waiting=is_waiting, labels=in_words(QUESTION_LABELS),
        sides=in_words(SIDE_LABELS),
    )  # fmt: skip


@blueprint.get("/internships/questions/<id:question_id>")
@office
def show_question(question_id: int) -> Response:
    """The words, and the decision."""
    return _page(question_id, ForwardForm(formdata=None))


@blueprint.post("/internships/questions/<id:question_id>/forward")
@office
def forward_question(question_id: int) -> Response:
    """To the other side."""
    form = ForwardForm()
    return _decide(
        question_id,
        form,
        lambda found: verbs.forward_question(question=found, version=form.version.data or 0, by=actor()),
    )


@blueprint.post("/internships/questions/<id:question_id>/send-back")
@office
def send_back_question(question_id: int) -> Response:
    """In other words, please."""
    form = ForwardForm()
    return _decide(
        question_id, form,
        lambda found: verbs.send_back(question=found, remark=form.remark.data or "", version=form.version.data or 0, by=actor()),
    )  # fmt: skip


def _decide(question_id: int, form: ForwardForm, verb: Callable[[Question], None]) -> Response:
    found, _company, _student = reads.question_for_office(actor(), question_id)
    if not form.validate():
        return _page(question_id, form)
    try:
        verb(found)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(question_id, form, refused.status)
    flash(_("It is on its way; the reader has been told by mail."), "success")
    return redirect(url_for("internships_staff.list_questions"))


def _page(question_id: int, form: ForwardForm, status: int | None = None) -> Response:
    question, company, student = reads.question_for_office(actor(), question_id)
    form.version.data = question.version
    may_decide = (
        question.state in reads.OFFICE_TURN and question.organisation_id not in actor().organisation_ids
    )
    return page(
        "staff/internships/show_question.html", status, question=question, company=company, student=student, form=form,
        may_decide=may_decide, language=current_language(), sides=in_words(SIDE_LABELS),
    )  # fmt: skip
