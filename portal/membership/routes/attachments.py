"""Files of an application: list, add, remove, open."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import file_size
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.files.downloads import download
from portal.files.kinds import MOST_BYTES
from portal.membership import queries
from portal.membership.enums import AttachmentKind
from portal.membership.forms import DocumentsForm
from portal.membership.models import Application
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.progress import editable, step_context, step_url
from portal.membership.services import add_attachment, remove_attachment


@blueprint.route("/membership/applications/<id:application_id>/attachments", methods=["GET", "POST"])
@access.signed_in
def list_attachments(application_id: int) -> Response:
    """The page of the documents: none is required, each is sent on its own."""
    application = editable(application_id)
    form = DocumentsForm()
    if form.validate_on_submit():
        try:
            add_attachment(
                application=application,
                storage=request.files.get("file"),
                kind=AttachmentKind(form.kind.data),
                by=actor(),
            )
            flash(_("The file has been added."), "success")
            return redirect(url_for("membership.list_attachments", application_id=application.id))
        except OutOfDate:
            raise
        except Refused as refused:
            refuse(form, refused)
    return page(
        "membership/steps/documents.html",
        form=form,
        files=files_of(application, removable=True),
        onward=step_url(application, "confirm"),
        most_bytes=MOST_BYTES,
        **step_context(application, "documents"),
    )


@blueprint.post("/membership/applications/<id:application_id>/attachments/<id:attachment_id>/remove")
@access.signed_in
def remove_file(application_id: int, attachment_id: int) -> Response:
    """Take a file off."""
    application = editable(application_id)
    attachment = queries.attachment_in(application, attachment_id)
    remove_attachment(application=application, attachment=attachment, by=actor())
    flash(_("The file has been removed."), "success")
    return redirect(url_for("membership.list_attachments", application_id=application.id))


@blueprint.get("/membership/applications/<id:application_id>/attachments/<id:attachment_id>")
@access.signed_in
def show_attachment(application_id: int, attachment_id: int) -> Response:
    """The file itself, always to be saved."""
    application = queries.application_for(actor(), application_id)
    return download(queries.attachment_in(application, attachment_id).file)


def files_of(application: Application, *, removable: bool = False) -> list[dict[str, object]]:
    """The files for the list component."""

    def address(endpoint: str, attachment_id: int) -> str:
        return url_for(endpoint, application_id=application.id, attachment_id=attachment_id)

    return [
        {
            "name": attachment.file.name,
            "kind": attachment.kind.label,
            "size": file_size(attachment.file.size),
            "url": address("membership.show_attachment", attachment.id),
            "remove_url": address("membership.remove_file", attachment.id) if removable else None,
        }
        for attachment in queries.attachments_of(application)
    ]
