"""The student's CV and summary of research."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.careers.enums import FILES, ITEM_LABELS, ProfileItem
from portal.careers.forms.profile import PaperForm
from portal.careers.queries.profiles import file_of, profile_of
from portal.careers.routes.blueprint import blueprint, students
from portal.careers.services import papers
from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, in_words
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.files.downloads import download


@blueprint.route("/careers/profile/documents/<document>", methods=["GET", "POST"])
@students
def add_document(document: str) -> Response:
    """Hand in the file, in the place of the one before."""
    item, form = paper_named(document), PaperForm()
    if form.validate_on_submit():
        try:
            papers.add_paper(item=item, storage=request.files.get("file"), by=actor())
            flash(_("The file has been added."), "success")
            return redirect(url_for("careers.edit_profile"))
        except Refused as refused:
            rollback()
            refuse(form, refused)
    file = file_of(profile_of(actor().id), item)
    return page(
        "careers/add_document.html",
        form=form,
        file=file,
        document=document,
        label=in_words(ITEM_LABELS)[item],
    )


@blueprint.post("/careers/profile/documents/<document>/remove")
@students
def remove_document(document: str) -> Response:
    """Delete it."""
    papers.remove_paper(item=paper_named(document), by=actor())
    flash(_("The file has been removed."), "success")
    return redirect(url_for("careers.edit_profile"))


@blueprint.get("/careers/profile/documents/<document>/file")
@students
def download_document(document: str) -> Response:
    """One's own file, to be saved."""
    file = file_of(profile_of(actor().id), paper_named(document))
    if file is None:
        raise NotFound
    return download(file)


def paper_named(document: str) -> ProfileItem:
    """The item that an address names; raises NotFound."""
    found = next((item for item in FILES if item.value == document), None)
    if found is None:
        raise NotFound
    return found
