"""Items of the checklist and their documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.checklist import PARTIES, RESPONSIBLE, may_add_paper, may_do
from portal.domain.placements.placement_flow import OVER, PlacementState, Side
from portal.files.downloads import download
from portal.files.services import examine_upload
from portal.placements.enums import ITEM_HINTS, ITEM_LABELS, SIDE_LABELS
from portal.placements.forms.preparing import PaperForm
from portal.placements.models import Placement, PlacementItem
from portal.placements.pages import paper_rows, registered_rows
from portal.placements.policy import side_of
from portal.placements.queries.checklist import item_of, paper_of, papers_of
from portal.placements.queries.placements import placement_for
from portal.placements.routes.blueprint import blueprint
from portal.placements.services import checklist


@blueprint.get("/placements/items/<id:item_id>")
@access.signed_in
def show_item(item_id: int) -> Response:
    """One item: whose hand it is in, by when, its documents."""
    return _page(*_seen(item_id))


@blueprint.post("/placements/items/<id:item_id>/mark")
@access.signed_in
def mark_item(item_id: int) -> Response:
    """It is done."""
    return _stepped(item_id, checklist.do_item, _("Marked as done."))


@blueprint.post("/placements/items/<id:item_id>/undo")
@access.signed_in
def undo_item(item_id: int) -> Response:
    """It was not done after all."""
    return _stepped(item_id, checklist.undo_item, _("The item is open again."))


@blueprint.post("/placements/items/<id:item_id>/papers")
@access.signed_in
def add_paper(item_id: int) -> Response:
    """Hand in a document."""
    placement, item, side = _seen(item_id)
    form = PaperForm()
    try:
        if side is None or not may_add_paper(item.kind, side):
            raise Refused(_("This step belongs to somebody else."))
        upload = examine_upload(request.files.get("file"))
        placement, item, side = _seen(item_id)  # judging the file has ended the transaction
        if side is None:
            raise NotFound
        checklist.add_paper(placement=placement, item=item, upload=upload, side=side, by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(*_seen(item_id), refused.status, form=form)
    flash(_("The document has been added."), "success")
    return redirect(url_for("placements.show_item", item_id=item_id))


@blueprint.get("/placements/papers/<id:document_id>")
@access.signed_in
def show_paper(document_id: int) -> Response:
    """The document itself, for those to whom it belongs."""
    paper, item = paper_of(document_id)
    _placement, item, side = _seen(item.id)
    if side not in PARTIES[item.kind]:
        raise NotFound
    return download(paper.file)


@blueprint.post("/placements/papers/<id:document_id>/remove")
@access.signed_in
def remove_paper(document_id: int) -> Response:
    """Take back what one's own side handed in."""
    paper, item = paper_of(document_id)
    placement, item, side = _seen(item.id)
    if side not in PARTIES[item.kind] or side is None:
        raise NotFound
    try:
        checklist.remove_paper(placement=placement, paper=paper, item=item, side=side, by=actor())
    except Refused as refused:
        rollback()
        return _page(*_seen(item.id), refused.status, refusal=refused.message)
    flash(_("The document is taken back."), "success")
    return redirect(url_for("placements.show_item", item_id=item.id))


def _seen(item_id: int) -> tuple[Placement, PlacementItem, Side | None]:
    item = item_of(item_id)
    placement = placement_for(actor(), item.placement_id)
    return placement, item, side_of(actor(), placement)


def _stepped(item_id: int, step: Callable[..., None], said: str) -> Response:
    placement, item, side = _seen(item_id)
    try:
        if side is None:
            raise Refused(_("This step belongs to somebody else."))
        step(placement=placement, item=item, side=side, by=actor())
    except Refused as refused:
        rollback()
        return _page(*_seen(item_id), refused.status, refusal=refused.message)
    flash(said, "success")
    return redirect(url_for("placements.show_placement", placement_id=placement.id))


def _page(
    placement: Placement, item: PlacementItem, side: Side | None, status: int | None = None, **more: Any
) -> Response:
    papers = papers_of([item], side).get(item.id, [])
    is_open = placement.state is PlacementState.PREPARING
    adds = side is not None and placement.state not in OVER and may_add_paper(item.kind, side)
    context = {
        "papers": paper_rows(papers, side, may_remove=is_open) if side else [],
        "registered": registered_rows(placement, item, side, actor()),
        "sees_papers": side in PARTIES[item.kind],
        "may_do": is_open and side is not None and item.is_needed and may_do(item.kind, side),
        "form": PaperForm(formdata=None) if adds else None,
    }
    return page(
        "placements/show_item.html", status, placement=placement, item=item, label=ITEM_LABELS[item.kind],
        hint=ITEM_HINTS[item.kind], responsible=SIDE_LABELS[RESPONSIBLE[item.kind]], side_labels=in_words(SIDE_LABELS),
        **(context | more),
    )  # fmt: skip
