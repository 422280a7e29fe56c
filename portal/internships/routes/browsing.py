"""Postings as a student looks through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.careers.queries.profiles import free_days_of
from portal.core.access import actor
from portal.core.formats import day
from portal.core.i18n import _, current_language, in_words, ngettext
from portal.core.pages import cursor_argument, page
from portal.domain.internships.timetable import CHOOSING, Stage
from portal.domain.prefectures import prefecture_name
from portal.internships.enums import REMOTE_LABELS
from portal.internships.forms.browsing import BrowseForm
from portal.internships.forms.interests import InterestForm
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.pages import pay_words, posting_facts, posting_texts, timetable_steps
from portal.internships.queries.browsing import (
    find_postings,
    posting_for_student,
    rounds_for_students,
    shown_by,
)
from portal.internships.queries.interests import wanted_in
from portal.internships.queries.wishes import Wish
from portal.internships.routes.blueprint import blueprint, students
from portal.membership.choices import areas

NAMES = tuple(name for name in vars(BrowseForm) if hasattr(getattr(BrowseForm, name), "field_class"))


@blueprint.get("/internships/browse")
@students
def search_postings() -> Response:
    """What is offered, narrowed by what the address says."""
    rounds, language = rounds_for_students(), current_language()
    form = BrowseForm(formdata=request.args, meta={"csrf": False})
    form.offer(rounds)
    if not form.validate():
        return _page(form, rounds)
    chosen, wish = form.chosen_rounds(rounds), form.wish()
    found = find_postings(actor(), wish, rounds=chosen, language=language, cursor=cursor_argument())
    return _page(
        form, rounds, rows=_shown(found.items, chosen), next_cursor=found.next_cursor, is_narrowed=wish != Wish(),
        is_any_open=bool(chosen), kept={name: request.args[name] for name in NAMES if request.args.get(name)},
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
    free = free_days_of(actor().id)
    return page(
        "internships/show_offer.html", status, posting=posting, season=posting.round, facts=posting_facts(posting), wanted=wanted,
        form=form or InterestForm(formdata=None, words=wanted.interest.words if wanted else ""), texts=posting_texts(posting),
        steps=timetable_steps(posting.round), is_late=stage in (Stage.LOCKED, Stage.PUBLISHED), may_choose=stage in CHOOSING,
        is_outside=not posting.stay.fits_between(*free),
    )  # fmt: skip


def _page(form: BrowseForm, rounds: Sequence[InternshipRound], **found: Any) -> Response:
    nothing: dict[str, Any] = {
        "rows": [],
        "next_cursor": None,
        "kept": {},
        "is_narrowed": True,
        "is_any_open": True,
    }
    return page("internships/search_postings.html", form=form, rounds=rounds, **(nothing | found))


def _shown(rows: Sequence[Any], rounds: Sequence[InternshipRound]) -> list[tuple[Any, ...]]:
    """Id, title, what has to be known of it, company, round, area, place, work from home, period, pay."""
    language, names, homes = current_language(), dict(areas()), in_words(REMOTE_LABELS)
    seasons, mine = {each.id: each.name(language) for each in rounds}, shown_by(actor().id, rounds)
    interested, full = (_("Interest shown"), "info"), (_("No places"), "warn")
    shown = []
    for (
        number,
        title,
        company,
        area,
        prefecture,
        remote,
        first,
        last,
        weeks,
        unit,
        yen,
        season,
        places,
    ) in rows:
        marks = [mark for mark, holds in ((interested, number in mine), (full, not places)) if holds]
        shown.append(
            (number, title, marks, company, seasons[season], names.get(area, ""), prefecture_name(prefecture, language),
             homes[remote], ngettext("%(num)d week", "%(num)d weeks", weeks), f"{day(first)} – {day(last)}", pay_words(unit, yen))
        )  # fmt: skip
    return shown
