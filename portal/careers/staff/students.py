"""Students, as the office sees them."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.queries import find_person
from portal.audit.labels import verb_label
from portal.audit.queries import timeline
from portal.careers.enums import FILES, ITEM_LABELS, ProfileItem
from portal.careers.pages import profile_sheet, time_span
from portal.careers.policy import may_read_notes
from portal.careers.queries.consultations import consultations_of
from portal.careers.queries.profiles import file_names, part_of, profile_of
from portal.careers.queries.students import list_students as listed
from portal.careers.queries.students import student_for_office
from portal.careers.queries.supervision import supervision_of
from portal.careers.services.papers import open_paper
from portal.careers.staff.blueprint import blueprint, office
from portal.core.access import actor
from portal.core.errors import NotFound
from portal.core.formats import day, file_size
from portal.core.i18n import _, current_language, in_words
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page
from portal.files.downloads import download

TRAINED = {"yes": True, "no": False}
OURS = ("credential", "profile", "supervision", "consultation")


@blueprint.get("/careers/students")
@office
def list_students() -> Response:
    """Everybody who is a doctoral student today; search, and whether the training is completed."""
    text = request.args.get("q", "").strip()[:200].replace("\x00", "")
    wanted = request.args.get("training", "")
    found = listed(
        actor(),
        text=text,
        is_trained=TRAINED.get(wanted),
        cursor=cursor_argument(),
        language=current_language(),
    )
    kept = {"q": text or None, "training": wanted if wanted in TRAINED else None}
    rows = [(*row[:4], day(row[4]) if row[4] else "", row[5] or "") for row in found.items]
    return page(
        "staff/careers/list_students.html", rows=rows, next_cursor=found.next_cursor, text=text, kept=kept,
        chips=_chips(kept),
    )  # fmt: skip


@blueprint.get("/careers/students/<id:student_id>")
@office
def show_student(student_id: int) -> Response:
    """One student: university, training, the whole profile, what happened."""
    student, profile = student_for_office(actor(), student_id), profile_of(student_id)
    words = in_words(ITEM_LABELS)
    supervision = supervision_of(student_id)
    return page(
        "staff/careers/show_student.html", student=student, entries=_history(student_id), supervision=supervision,
        is_elsewhere=supervision is not None and _domain(supervision.email) != _domain(student.email), talks=_talks(student_id), reads_notes=may_read_notes(actor()),
        sheet=profile_sheet(part_of(profile, tuple(ProfileItem))), opened=[words[item] for item in profile.opened],
        files=_files(student_id, file_names(profile)),
    )  # fmt: skip


@blueprint.post("/careers/students/<id:student_id>/documents/<document>")
@office
def download_document(student_id: int, document: str) -> Response:
    """The CV or the summary; the trail remembers who opened it."""
    student = student_for_office(actor(), student_id)
    item = next((item for item in FILES if item.value == document), None)
    if item is None:
        raise NotFound
    return download(open_paper(student_id=student.id, item=item, by=actor()))


def _files(student_id: int, names: dict[ProfileItem, tuple[str, int]]) -> list[dict[str, Any]]:
    words = in_words(ITEM_LABELS)
    return [
        {
            "name": name,
            "size": file_size(size),
            "kind": words[item],
            "url": url_for("careers_staff.download_document", student_id=student_id, document=item.value),
            "posts": True,
        }
        for item, (name, size) in names.items()
    ]


def _talks(student_id: int) -> list[tuple[int, str, bool]]:
    return [
        (each.slot_id, time_span(each.slot.starts_at, each.slot.ends_at), each.cancelled_at is not None)
        for each in consultations_of(student_id)
    ]


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _history(student_id: int) -> list[dict[str, Any]]:
    told = [e for e in timeline(find_person(student_id), for_staff=True) if e.verb.partition(".")[0] in OURS]
    return [{"at": e.at, "what": verb_label(e.verb), "note": e.note} for e in told[::-1]]


def _chips(kept: dict[str, str | None]) -> list[dict[str, object]]:
    words = {None: _("All"), "no": _("Training not completed"), "yes": _("Training completed")}
    return [
        {
            "label": label,
            "url": url_for("careers_staff.list_students", training=value, q=kept["q"]),
            "active": value == kept["training"],
        }
        for value, label in words.items()
    ]
