"""What pages of placements show, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.enums import Role
from portal.accounts.models import Affiliation, Person
from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.core import clock
from portal.core.access import Actor
from portal.core.db import db
from portal.core.formats import day, file_size
from portal.core.i18n import _, current_language, in_words
from portal.core.links import url_for
from portal.domain.placements.checklist import RESPONSIBLE, ItemKind
from portal.domain.placements.duties import Duty, Task, for_office
from portal.domain.placements.placement_flow import Side
from portal.internships.agreement_pages import kind_words, valid_words
from portal.internships.models import InternshipAgreement
from portal.internships.policy import administered_companies
from portal.placements.enums import ITEM_LABELS, SIDE_LABELS, TASK_LABELS
from portal.placements.models import Placement, PlacementItem, PlacementPaper
from portal.placements.queries.checklist import registered_for

PLACES = {
    Task.AGREE: "show_placement",
    Task.START: "show_placement",
    Task.ENTER: "show_hours",
    Task.CONFIRM: "show_hours",
    Task.CORRECT: "show_hours",
    Task.CHECK: "edit_check",
    Task.EVALUATE: "edit_evaluation",
    Task.ENDING: "show_placement",
    Task.PAPERS: "show_papers",
    Task.CONCERN: "show_evaluations",
}
# The office reads what the sides are late with.
STAFF_PLACES = PLACES | dict.fromkeys((Task.CHECK, Task.EVALUATE), "show_evaluations")
ANCHORS = {Task.AGREE: "period", Task.START: "period", Task.ENDING: "ending"}


def placement_facts(placement: Placement) -> list[tuple[str, str]]:
    """Who, where, when."""
    language = current_language()
    return [
        (_("Student"), placement.student.name),
        (_("Company"), placement.organisation.name(language)),
        (_("Posting"), placement.posting.name(language)),
        (_("Mentor"), placement.posting.mentor),
        (_("Period"), period_words(placement)),
        (_("Round"), placement.round.name(language)),
    ]


def period_words(placement: Placement) -> str:
    """`1 Sep to 20 Nov`; empty where nobody has proposed one."""
    if placement.starts_on is None or placement.ends_on is None:
        return ""
    return _("%(start)s to %(end)s", start=day(placement.first_day), end=day(placement.last_day))


def duty_words(duty: Duty) -> str:
    """What is to be done."""
    return str(ITEM_LABELS[duty.item] if duty.item else TASK_LABELS[duty.task])


def task_rows(
    placement: Placement, waiting: Iterable[Duty], side: Side, items: Sequence[PlacementItem] = ()
) -> list[dict[str, Any]]:
    """A side's duties as the task list wants them; several weeks are one row. The office's hold what is late on other sides."""
    today, numbers = clock.today(), {item.kind: item.id for item in items}
    mine = for_office(list(waiting), today) if side is Side.OFFICE else [d for d in waiting if d.side is side]
    rows: dict[Any, dict[str, Any]] = {}
    for duty in mine:
        rows.setdefault(
            (duty.side, duty.task, duty.item),
            {
                "title": duty_words(duty), "due": duty.due_on, "days_left": (duty.due_on - today).days, "action": _("See"),
                "detail": "" if duty.side is side else _("Late: %(side)s", side=SIDE_LABELS[duty.side]),
                "url": _place(placement, duty, side, numbers),
            },
        )  # fmt: skip
    return list(rows.values())


def waiting_rows(waiting: Iterable[Duty]) -> list[tuple[str, str, Any, bool]]:
    """What waits for whom: words, side, day, late or not."""
    today = clock.today()
    rows = dict.fromkeys(
        (duty_words(d), str(SIDE_LABELS[d.side]), d.due_on, d.due_on < today) for d in waiting
    )
    return list(rows)


def words_of_items() -> dict[str, Any]:
    """What the checklist's table asks for."""
    return {"sides": in_words(SIDE_LABELS), "item_labels": in_words(ITEM_LABELS), "responsible": RESPONSIBLE}


def paper_rows(papers: Sequence[PlacementPaper], side: Side, *, may_remove: bool) -> list[dict[str, Any]]:
    """Documents for the list component; the office opens them by POST, since the trail remembers it."""
    is_office = side is Side.OFFICE
    room = "placements_staff" if is_office else "placements"
    return [
        {
            "name": paper.file.name, "size": file_size(paper.file.size), "posts": is_office,
            "note": f"{SIDE_LABELS[paper.side]} · {day(paper.added_at)}", "url": url_for(f"{room}.show_paper", document_id=paper.id),
            "remove_url": url_for(f"{room}.remove_paper", document_id=paper.id) if may_remove and paper.side is side else None,
        }
        for paper in papers
    ]  # fmt: skip


def registered_rows(
    placement: Placement, item: PlacementItem, side: Side | None, reader: Actor
) -> list[tuple[str, str | None]]:
    """The item's paper as it stands in the register of agreements: words, and where the reader finds it."""
    is_ours = placement.organisation_id in administered_companies(reader)

    def where(agreement: InternshipAgreement) -> str | None:
        if side is Side.OFFICE:
            return url_for("internships_staff.show_agreement", agreement_id=agreement.id)
        ours = placement.organisation_id
        return url_for("internships.list_agreements", organisation_id=ours) if is_ours else None

    return [
        (
            _(
                "%(agreement)s, signed on %(day)s, valid %(period)s", agreement=kind_words([each.kind]), day=day(each.signed_on),
                period=valid_words(each.from_on, each.until_on),
            ),
            where(each),
        )
        for each in registered_for(placement, item, side)
    ]  # fmt: skip


def history(placement: Placement, *, for_staff: bool, of: Any = None) -> list[dict[str, Any]]:
    """What happened to it, or to a part `of` it, the earliest first. The parties read each other's names; the office acts as
    one."""
    entries = timeline(placement if of is None else of, for_staff=for_staff)[::-1]
    names = _names(placement, {e.actor_id for e in entries if e.actor_id}, for_staff)
    office, by_itself = str(Role.CAREER_SUPPORT.label), _("Portal, by itself")

    def who(entry: AuditEntry) -> str:
        return by_itself if entry.actor_id is None else names.get(entry.actor_id, office)

    return [{"at": e.at, "what": verb_label(e.verb), "who": who(e), "note": _note(e)} for e in entries]


def _note(entry: AuditEntry) -> str:
    item = entry.changes.get("item")
    words = str(ITEM_LABELS[ItemKind(item)]) if item in set(ItemKind) else ""
    return " · ".join(part for part in (words, entry.note) if part)


def _names(placement: Placement, numbers: set[int], for_staff: bool) -> dict[int, str]:
    """Of the student and of the company's people; for the office of everybody."""
    theirs = select(Affiliation.person_id).where(Affiliation.organisation_id == placement.organisation_id)
    wanted = select(Person.id, Person.name).where(Person.id.in_(numbers))
    if not for_staff:
        wanted = wanted.where((Person.id == placement.student_id) | Person.id.in_(theirs))
    return {row.id: row.name for row in db.session.execute(wanted)}


def _place(placement: Placement, duty: Duty, side: Side, numbers: dict[ItemKind, int]) -> str:
    is_office = side is Side.OFFICE
    room, places = ("placements_staff", STAFF_PLACES) if is_office else ("placements", PLACES)
    if duty.item in numbers:
        return url_for(f"{room}.show_item", item_id=numbers[duty.item])
    if duty.item:
        return url_for(f"{room}.show_placement", placement_id=placement.id)
    if (
        duty.task is Task.AGREE
        and not is_office
        and (placement.starts_on is None or side in placement.agreed)
    ):
        return url_for("placements.propose_period", placement_id=placement.id)
    return url_for(f"{room}.{places[duty.task]}", placement_id=placement.id, _anchor=ANCHORS.get(duty.task))
