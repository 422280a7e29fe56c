"""Evaluation sheet and certificate: the holder's, the company's, and the page on which anybody makes sure of one."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l, current_language
from portal.core.limiting import Limit, everybody, limit_posts, network_address
from portal.core.pages import page
from portal.domain.numbering import DocumentKind, NotADocumentNumber, parse_number
from portal.files.downloads import download
from portal.placements.certificate_pages import shown_papers, verified
from portal.placements.forms.certificates import VerifyForm
from portal.placements.policy import side_of
from portal.placements.queries.certificates import (
    KINDS,
    READERS,
    Paper,
    certificate_numbered,
    certificate_of,
    certificates_of,
    is_code,
)
from portal.placements.queries.placements import placement_for
from portal.placements.routes.blueprint import blueprint

NOT_OURS = _l(
    "We have issued no document with this number and this check code. If you typed both as they stand on the document, do not trust it."
)


@blueprint.get("/placements/<id:placement_id>/papers")
@access.signed_in
def show_papers(placement_id: int) -> Response:
    """The papers that one may open, in both languages."""
    placement = placement_for(actor(), placement_id)
    side = side_of(actor(), placement)
    if side is None:
        raise NotFound
    papers = shown_papers(certificates_of(placement_id, side), "placements")
    return page("placements/show_papers.html", placement=placement, side=side, papers=papers)


@blueprint.get("/placements/certificates/<id:certificate_id>")
@access.signed_in
def show_certificate(certificate_id: int) -> Response:
    """One paper in the language that the address asks for; what is void is opened no more."""
    paper = certificate_of(certificate_id)
    side = side_of(actor(), placement_for(actor(), paper.row.placement_id))
    if side not in READERS[paper.row.kind] or not paper.holds:
        raise NotFound
    language = request.args.get("language") or current_language()
    return download(paper.row.file_en if language == "en" else paper.row.file_ja)


@blueprint.route("/certificates/verify", methods=["GET", "POST"])
@limit_posts("verify_paper", Limit("60 per hour", network_address), Limit("2000 per hour", everybody))
@access.public
def verify_paper() -> Response:
    """Whether a paper is genuine and holds, and what it says; nothing without the check code that stands on it."""
    form = VerifyForm()
    if not form.validate_on_submit():
        return page("placements/verify_paper.html", form=form, found=None)
    try:
        found = verified(_found(form))
    except Refused as refused:
        refuse(form, refused)
        return page("placements/verify_paper.html", form=form, found=None)
    return page("placements/verify_paper.html", form=form, found=found)


def _found(form: VerifyForm) -> Paper:
    """The paper of number and code together: numbers count up, so a number alone proves nothing."""
    try:
        number = parse_number(form.number.data or "")
    except NotADocumentNumber as error:
        raise Refused(_("Please write the number as it stands on the document."), field="number") from error
    paper = certificate_numbered(str(number)) if DocumentKind(number.kind) in KINDS else None
    if paper is None or not is_code(paper, form.code.data or ""):
        raise Refused(NOT_OURS, field="code")
    return paper
