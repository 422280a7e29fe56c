"""Postings as a student looks through them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.access import actor
from portal.core.i18n import _, current_language, in_words
from portal.core.pages import cursor_argument, page
from portal.domain.internships.timetable import Stage
from portal.domain.prefectures import CODES, prefecture_name
from portal.hubs.queries import hub_names
from portal.internships.enums import LANGUAGE_LABELS, REMOTE_LABELS, RemoteWork, WorkingLanguage
from portal.internships.pages import pay_words, posting_facts, posting_texts, timetable_steps
from portal.internships.queries.browsing import (
    Wish,
    browse_postings,
    posting_for_student,
    rounds_for_students,
)
from portal.internships.routes.blueprint import blueprint
from portal.membership.choices import areas

students = access.roles(Role.STUDENT)
LONGEST_SEARCH = 100


@blueprint.get("/internships/browse")
@students
def browse() -> Response:
    """What is offered, narrowed by what the address says; unknown values narrow nothing."""
    wish, rounds, language = _wish(), rounds_for_students(), current_language()
    found = browse_postings(actor(), wish, rounds=rounds, language=language, cursor=cursor_argument())
    names = dict(areas())
    return page(
        "internships/browse.html", found=found, rows=[_shown(row, names, language) for row in found.items], wish=wish, rounds=rounds,
        choices=_choices(language), kept=_kept(wish), is_narrowed=wish != Wish(),
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


def _wish() -> Wish:
    asked, hubs = request.args, {str(number): number for number, _name in hub_names("ja")}
    return Wish(
        area=asked.get("area", "") if asked.get("area") in dict(areas()) else "",
        prefecture=asked.get("prefecture", "") if asked.get("prefecture") in CODES else "",
        remote=next((each for each in RemoteWork if each.value == asked.get("remote")), None),
        language=next((each for each in WorkingLanguage if each.value == asked.get("language")), None),
        is_paid=asked.get("paid") == "1",
        hub_id=hubs.get(asked.get("hub", "")),
        text=asked.get("q", "").strip()[:LONGEST_SEARCH].replace("\x00", ""),
    )


def _kept(wish: Wish) -> dict[str, Any]:
    """The wish as it stands in an address."""
    return {
        "area": wish.area or None, "prefecture": wish.prefecture or None, "remote": wish.remote.value if wish.remote else None,
        "language": wish.language.value if wish.language else None, "paid": "1" if wish.is_paid else None, "hub": wish.hub_id,
        "q": wish.text or None,
    }  # fmt: skip


def _choices(language: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Name, label and values of each box to narrow by."""
    return [
        ("area", _("Priority area"), areas()),
        ("prefecture", _("Prefecture"), [(code, prefecture_name(code, language)) for code in CODES]),
        ("remote", _("Work from home"), [(k.value, v) for k, v in in_words(REMOTE_LABELS).items()]),
        ("language", _("Language at work"), [(k.value, v) for k, v in in_words(LANGUAGE_LABELS).items()]),
        ("hub", _("Hub"), [(str(number), name) for number, name in hub_names(language)]),
        ("paid", _("Remuneration"), [("1", _("Paid alone"))]),
    ]


def _shown(row: Any, names: dict[str, str], language: str) -> tuple[Any, ...]:
    number, title, company, area, prefecture, remote, weeks, unit, yen = row[:9]
    where, home = prefecture_name(prefecture, language), in_words(REMOTE_LABELS)[remote]
    return number, title, company, names.get(area, ""), where, home, weeks, pay_words(unit, yen)
