"""Issue evaluation sheets and certificates, declare them void, issue others in their place."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse, tell_apart
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.placements.placement_flow import PlacementState, Side
from portal.domain.romanisation import latin_name
from portal.files.downloads import download
from portal.placements.certificate_pages import shown_papers
from portal.placements.forms.certificates import IssueForm, VoidForm
from portal.placements.hours_pages import hours_summary
from portal.placements.models import Placement
from portal.placements.policy import may_steer
from portal.placements.queries.certificates import KINDS, certificate_of, certificates_of
from portal.placements.queries.placements import placement_for_office
from portal.placements.services import certificates
from portal.placements.services.moves import note_placement
from portal.placements.staff.blueprint import blueprint, office
from portal.placements.staff.placements import require_steering


@blueprint.get("/placements/<id:placement_id>/papers")
@office
def show_papers(placement_id: int) -> Response:
    """All papers, also void ones."""
    return _page(placement_for_office(actor(), placement_id))


@blueprint.post("/placements/<id:placement_id>/papers/issue")
@office
def issue_papers(placement_id: int) -> Response:
    """Sheet and certificate, as far as none stands."""
    placement, form = placement_for_office(actor(), placement_id), IssueForm()
    if not form.validate():
        return _page(placement, 422, issuing=form)
    try:
        require_steering(placement)
        certificates.issue_papers(placement=placement, by=actor(), **form.values())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        more: dict[str, Any] = {"issuing": form} if refused.field else {"refusal": refused.message}
        return _page(placement_for_office(actor(), placement_id), refused.status, **more)
    flash(_("Sheet and certificate are issued; the student has been told."), "success")
    return redirect(url_for("placements_staff.show_papers", placement_id=placement_id))


@blueprint.post("/placements/certificates/<id:certificate_id>")
@office
def show_certificate(certificate_id: int) -> Response:
    """The paper; that it was opened stays in the trail."""
    paper = certificate_of(certificate_id)
    placement = placement_for_office(actor(), paper.row.placement_id)
    changes = {"number": paper.row.number}
    note_placement("placement.paper_opened", placement, actor(), changes=changes, is_private=True)
    return download(paper.row.file_en if request.args.get("language") == "en" else paper.row.file_ja)


@blueprint.post("/placements/certificates/<id:certificate_id>/revoke")
@office
def revoke_certificate(certificate_id: int) -> Response:
    """Void; with `again` in the form another is issued in its place at once."""
    paper, form = certificate_of(certificate_id), VoidForm()
    placement = placement_for_office(actor(), paper.row.placement_id)
    if not form.validate():
        return _page(placement, 422, voiding={certificate_id: form})
    is_again = "again" in request.form
    verb: Any = certificates.reissue_paper if is_again else certificates.void_paper
    try:
        require_steering(placement)
        verb(placement=placement, paper=paper, reason=form.reason.data or "", by=actor())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        more: dict[str, Any] = (
            {"voiding": {certificate_id: form}} if refused.field else {"refusal": refused.message}
        )
        placement = placement_for_office(actor(), certificate_of(certificate_id).row.placement_id)
        return _page(placement, refused.status, **more)
    flash(
        _("It is void; another was issued in its place.") if is_again else _("The document is void."),
        "success",
    )
    return redirect(url_for("placements_staff.show_papers", placement_id=placement.id))


def _page(placement: Placement, status: int | None = None, **more: Any) -> Response:
    papers = certificates_of(placement.id, Side.OFFICE)
    missing = len(KINDS) - sum(paper.holds for paper in papers)
    voiding = {paper.row.id: VoidForm(formdata=None) for paper in papers} | more.pop("voiding", {})
    for number, form in voiding.items():
        tell_apart(form, number)
    student = placement.student
    read = latin_name(student.name, student.name_kana)
    shown = {"issuing": IssueForm(formdata=None, holder_en=read), **hours_summary(placement)} | more
    return page(
        "staff/placements/show_papers.html", status, placement=placement, papers=shown_papers(papers, "placements_staff"),
        may_issue=may_steer(actor(), placement) and placement.state is PlacementState.EVALUATED and missing > 0,
        may_void=may_steer(actor(), placement), voiding=voiding, may_wait=not papers, **shown,
    )  # fmt: skip
