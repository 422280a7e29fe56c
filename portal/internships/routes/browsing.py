"""Postings as a student looks through them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.i18n import current_language, in_words
from portal.core.pages import cursor_argument, page
from portal.domain.internships.timetable import CHOOSING, Stage
from portal.domain.prefectures import prefecture_name
from portal.internships.enums import REMOTE_LABELS
from portal.internships.forms.browsing import BrowseForm
from portal.internships.forms.interests import InterestForm
from portal.internships.models import InternshipPosting
from portal.internships.pages import pay_words, posting_facts, posting_texts, timetable_steps
from portal.internships.queries.browsing import (
    Wish,
    find_postings,
    posting_for_student,
    rounds_for_students,
)
from portal.internships.queries.interests import wanted_in
from portal.internships.routes.blueprint import blueprint, students
from portal.membership.choices import areas

NAMES = ("q", "area", "prefecture", "remote", "language", "hub", "paid")


@blueprint.get("/internships/browse")
@students
def search_postings() -> Response:
    """What is offered, narrowed by what the address says."""
    form = BrowseForm(formdata=request.args, meta={"csrf": False})
    form.offer()
    rounds, language = rounds_for_students(), current_language()
    if not form.validate():
        return page(
            "internships/search_postings.html",
            form=form,
            rows=[],
            rounds=rounds,
            next_cursor=None,
            kept={},
            is_narrowed=True,
        )
    wish, names = form.wish(), dict(areas())
    found = find_postings(actor(), wish, rounds=rounds, language=language, cursor=cursor_argument())
    return page(
        "internships/search_postings.html", form=form, rows=[_shown(row, names, language) for row in found.items], rounds=rounds,
        next_cursor=found.next_cursor, kept={name: request.args[name] for name in NAMES if request.args.get(name)},
        is_narrowed=wish != Wish(),
    )  # fmt: skip


@blueprint.get("/internships/browse/<id:posting_id>")
@students
def show_offer(posting_id: int) -> Response:
    """One posting, with the timetable of its round and the student's own interest in it."""
    return offer_page(posting_for_student(actor(), posting_id))


def offer_page(
    posting: InternshipPosting, form: InterestForm | None = None, status: int | None = None
) -> Response:
    """The posting's page, with the form that was refused where there is one."""
    wanted, stage = wanted_in(actor().id, posting.id), posting.round.stage
    return page(
        "internships/show_offer.html", status, posting=posting, season=posting.round, facts=posting_facts(posting), wanted=wanted,
        form=form or InterestForm(formdata=None, words=wanted.interest.words if wanted else ""), texts=posting_texts(posting),
        steps=timetable_steps(posting.round), is_late=stage in (Stage.LOCKED, Stage.PUBLISHED), may_choose=stage in CHOOSING,
    )  # fmt: skip


def _shown(row: Any, names: dict[str, str], language: str) -> tuple[Any, ...]:
    number, title, company, area, prefecture, remote, weeks, unit, yen = row[:9]
    where, home = prefecture_name(prefecture, language), in_words(REMOTE_LABELS)[remote]
    return number, title, company, names.get(area, ""), where, home, weeks, pay_words(unit, yen)
