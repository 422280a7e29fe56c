"""Questions as students and companies ask and answer them."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import Form, refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.question_flow import Turn
from portal.domain.internships.timetable import CHOOSING
from portal.internships.forms.questions import AnswerQuestionForm, AskCompanyForm, AskForm, RewordForm
from portal.internships.models import InternshipPosting, Question
from portal.internships.policy import HOSTING_ROLES
from portal.internships.queries.browsing import posting_for_student
from portal.internships.queries.interests import interest_for_company
from portal.internships.queries.postings import posting_for_company
from portal.internships.queries.questions import Exchange, exchange_for, exchanges_of
from portal.internships.routes.blueprint import blueprint, hosts, students
from portal.internships.services import questions as verbs

both = access.roles(Role.STUDENT, *HOSTING_ROLES)


@blueprint.get("/internships/questions")
@both
def list_questions() -> Response:
    """What the person or their company asked, and is asked."""
    return page("internships/list_questions.html", exchanges=exchanges_of(actor()))


@blueprint.get("/internships/questions/<id:question_id>")
@both
def show_question(question_id: int) -> Response:
    """A question, its answer where it has come back, and the next move where it is the reader's."""
    return _page(exchange_for(actor(), question_id))


@blueprint.route("/internships/browse/<id:posting_id>/question", methods=["GET", "POST"])
@students
def ask_company(posting_id: int) -> Response:
    """A student asks about a posting."""
    posting, form = posting_for_student(actor(), posting_id), AskCompanyForm()

    def ask() -> Question:
        return verbs.ask_company(
            posting=posting, words=form.words.data or "", is_named=form.is_named.data, once=form.once.data, by=actor()
        )  # fmt: skip

    return _ask(posting, form, ask, url_for("internships.show_offer", posting_id=posting_id))


@blueprint.route("/internships/interests/<id:interest_id>/question", methods=["GET", "POST"])
@hosts
def ask_student(interest_id: int) -> Response:
    """A company asks an applicant."""
    interest, form = interest_for_company(actor(), interest_id), AskForm()
    posting = posting_for_company(actor(), interest.posting_id)
    back = url_for(
        "internships.show_applicant", round_id=interest.round_id, organisation_id=interest.organisation_id,
        student_id=interest.student_id,
    )  # fmt: skip

    def ask() -> Question:
        return verbs.ask_student(
            interest=interest, words=form.words.data or "", once=form.once.data, by=actor()
        )

    return _ask(posting, form, ask, back)


@blueprint.post("/internships/questions/<id:question_id>/reword")
@both
def reword_question(question_id: int) -> Response:
    """In other words to the office again."""
    form = RewordForm()
    return _move(
        question_id, form,
        lambda found: verbs.reword_question(question=found, words=form.words.data or "", version=form.version.data or 0, by=actor()),
    )  # fmt: skip


@blueprint.post("/internships/questions/<id:question_id>/answer")
@both
def answer_question(question_id: int) -> Response:
    """The answer goes to the office."""
    form = AnswerQuestionForm()
    return _move(
        question_id, form,
        lambda found: verbs.answer_question(question=found, answer=form.answer.data or "", version=form.version.data or 0, by=actor()),
    )  # fmt: skip


def _ask(posting: InternshipPosting, form: AskForm, ask: Callable[[], Question], back: str) -> Response:
    title, status = posting.name(actor().language), None
    if form.validate_on_submit():
        try:
            made = ask()
            flash(_("Your question is with the career-support office, which forwards it."), "success")
            return redirect(url_for("internships.show_question", question_id=made.id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            status = refused.status
    return page("internships/ask_question.html", status, form=form, title=title, back=back)


def _move(question_id: int, form: Form, verb: Callable[[Question], None]) -> Response:
    found = exchange_for(actor(), question_id)
    if not form.validate():
        return _page(found, form)
    try:
        verb(found.question)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(exchange_for(actor(), question_id), form, refused.status)
    flash(_("It is with the career-support office, which forwards it."), "success")
    return redirect(url_for("internships.show_question", question_id=question_id))


def _page(found: Exchange, form: Form | None = None, status: int | None = None) -> Response:
    question = found.question
    may_move = found.is_mine and question.posting.round.stage in CHOOSING
    turn = (Turn.ASKER if found.is_asker else Turn.ANSWERER) if may_move else None
    if form is None and turn is not None:
        kind = RewordForm if turn is Turn.ASKER else AnswerQuestionForm
        form = kind(formdata=None, words=question.words, answer=question.answer, version=question.version)
    fits = isinstance(form, RewordForm) == (turn is Turn.ASKER)
    if request.method == "POST" and form is not None and not fits:
        form, turn = None, None  # an old page: the next move is another's
    return page(
        "internships/show_question.html", status or (409 if request.method == "POST" and form is None else None), found=found,
        question=question, form=form, turn=turn, language=actor().language,
    )  # fmt: skip
