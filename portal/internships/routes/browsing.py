"""Postings as a student looks through them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.access import actor
from portal.core.i18n import current_language, in_words
from portal.core.pages import cursor_argument, page
from portal.domain.internships.timetable import Stage
from portal.domain.prefectures import prefecture_name
from portal.internships.enums import REMOTE_LABELS
from portal.internships.forms.browsing import BrowseForm
from portal.internships.pages import pay_words, posting_facts, posting_texts, timetable_steps
from portal.internships.queries.browsing import (
    Wish,
    find_postings,
    posting_for_student,
    rounds_for_students,
)
from portal.internships.routes.blueprint import blueprint
from portal.membership.choices import areas

students = access.roles(Role.STUDENT)
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
    """One posting, with the timetable of its round."""
    posting = posting_for_student(actor(), posting_id)
    return page(
        "internships/show_offer.html", posting=posting, season=posting.round, facts=posting_facts(posting),
        texts=posting_texts(posting), steps=timetable_steps(posting.round), is_late=posting.round.stage in (Stage.LOCKED, Stage.PUBLISHED),
    )  # fmt: skip


def _shown(row: Any, names: dict[str, str], language: str) -> tuple[Any, ...]:
    number, title, company, area, prefecture, remote, weeks, unit, yen = row[:9]
    where, home = prefecture_name(prefecture, language), in_words(REMOTE_LABELS)[remote]
    return number, title, company, names.get(area, ""), where, home, weeks, pay_words(unit, yen)
