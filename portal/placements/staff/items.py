"""The checklist in the office's hand: done, waived, asked for, moved; and its documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import Form, refuse
from portal.core.i18n import _, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.checklist import RESPONSIBLE
from portal.domain.placements.placement_flow import OVER, PlacementState, Side
from portal.files.downloads import download
from portal.files.services import examine_upload
from portal.placements.enums import ITEM_HINTS, ITEM_LABELS, SIDE_LABELS
from portal.placements.forms.preparing import DueForm, PaperForm, WhyForm
from portal.placements.models import Placement, PlacementItem
from portal.placements.pages import paper_rows, registered_rows
from portal.placements.queries.checklist import item_of, paper_of, papers_of
from portal.placements.queries.placements import placement_for_office
from portal.placements.services import checklist
from portal.placements.services.moves import note_placement
from portal.placements.staff.blueprint import blueprint, office
from portal.placements.staff.placements import require_steering

Seen = tuple[Placement, PlacementItem]


@blueprint.get("/placements/items/<id:item_id>")
@office
def show_item(item_id: int) -> Response:
    """One item and its documents."""
    return _page(*_seen(item_id))


@blueprint.post("/placements/items/<id:item_id>/mark")
@office
def mark_item(item_id: int) -> Response:
    """It is done."""
    return _stepped(
        item_id, None, lambda given: checklist.do_item(**given, side=Side.OFFICE), _("Marked as done.")
    )


@blueprint.post("/placements/items/<id:item_id>/undo")
@office
def undo_item(item_id: int) -> Response:
    """It was not done after all."""
    return _stepped(
        item_id,
        None,
        lambda given: checklist.undo_item(**given, side=Side.OFFICE),
        _("The item is open again."),
    )


@blueprint.post("/placements/items/<id:item_id>/disable")
@office
def disable_item(item_id: int) -> Response:
    """Not needed here, and why."""
    form = WhyForm()
    said = _("The item is not needed any more.")
    return _stepped(
        item_id, form, lambda given: checklist.waive_item(**given, reason=form.reason.data or ""), said
    )


@blueprint.post("/placements/items/<id:item_id>/enable")
@office
def enable_item(item_id: int) -> Response:
    """Needed here after all."""
    return _stepped(
        item_id, None, lambda given: checklist.require_item(**given), _("The item is needed now.")
    )


@blueprint.post("/placements/items/<id:item_id>/due")
@office
def set_due(item_id: int) -> Response:
    """Another day by which it is due."""
    form = DueForm()
    said = _("The day is saved.")
    return _stepped(item_id, form, lambda given: checklist.move_item(**given, due_on=form.due_on.data), said)


@blueprint.post("/placements/items/<id:item_id>/papers")
@office
def add_paper(item_id: int) -> Response:
    """Add a document of the item."""
    _seen(item_id)
    form = PaperForm()
    try:
        upload = examine_upload(request.files.get("file"))
        placement, item = _seen(item_id)  # judging the file has ended the transaction
        require_steering(placement)
        checklist.add_paper(placement=placement, item=item, upload=upload, side=Side.OFFICE, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(*_seen(item_id), refused.status, form=form)
    flash(_("The document has been added."), "success")
    return redirect(url_for("placements_staff.show_item", item_id=item_id))


@blueprint.post("/placements/papers/<id:document_id>")
@office
def show_paper(document_id: int) -> Response:
    """The document itself; that it was opened stays in the trail."""
    paper, item = paper_of(document_id)
    placement, item = _seen(item.id)
    note_placement("placement.paper_opened", placement, actor(), changes={"item": item.kind}, is_private=True)
    return download(paper.file)


@blueprint.post("/placements/papers/<id:document_id>/remove")
@office
def remove_paper(document_id: int) -> Response:
    """Take back what the office added."""
    paper, item = paper_of(document_id)

    def step(given: dict[str, Any]) -> None:
        checklist.remove_paper(**given, paper=paper, side=Side.OFFICE)

    return _stepped(item.id, None, step, _("The document is taken back."))


def _seen(item_id: int) -> Seen:
    item = item_of(item_id)
    return placement_for_office(actor(), item.placement_id), item


def _stepped(item_id: int, form: Form | None, step: Callable[[dict[str, Any]], None], said: str) -> Response:
    placement, item = _seen(item_id)
    name = "moving" if isinstance(form, DueForm) else "waiving"
    if form is not None and not form.validate():
        return _page(placement, item, 422, **{name: form})
    try:
        require_steering(placement)
        step({"placement": placement, "item": item, "by": actor()})
    except Refused as refused:
        rollback()
        more: dict[str, Any] = {"refusal": refused.message}
        if form is not None and refused.field:
            refuse(form, refused)
            more = {name: form}
        return _page(*_seen(item_id), refused.status, **more)
    flash(said, "success")
    return redirect(url_for("placements_staff.show_item", item_id=item_id))


def _page(placement: Placement, item: PlacementItem, status: int | None = None, **more: Any) -> Response:
    is_open = placement.state is PlacementState.PREPARING
    papers = papers_of([item], Side.OFFICE).get(item.id, [])
    context = {
        "papers": paper_rows(papers, Side.OFFICE, may_remove=is_open),
        "form": PaperForm(formdata=None) if placement.state not in OVER else None,
        "registered": registered_rows(placement, item, Side.OFFICE, actor()),
        "waiving": WhyForm(formdata=None),
        "moving": DueForm(formdata=None, due_on=item.due_on),
    }
    return page(
        "staff/placements/show_item.html", status, placement=placement, item=item, is_open=is_open,
        label=ITEM_LABELS[item.kind], hint=ITEM_HINTS[item.kind], responsible=SIDE_LABELS[RESPONSIBLE[item.kind]],
        side_labels=in_words(SIDE_LABELS), **(context | more),
    )  # fmt: skip
