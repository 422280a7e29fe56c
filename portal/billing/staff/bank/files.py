"""Files of the bank: looked at first, then imported, kept for good."""

from __future__ import annotations

import hashlib
from io import BytesIO

from flask import flash, redirect, request, send_file
from sqlalchemy import delete
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from portal.billing.queries import bank
from portal.billing.queries.bank import UPLOADED
from portal.billing.services.archives import open_paper
from portal.billing.services.bank.importing import Imported, import_file
from portal.billing.services.bank.reading import FilePlan, plan_file
from portal.billing.services.bank.sample import sample_file
from portal.billing.services.bank.taking_back import taken_back
from portal.billing.services.bank.twins import known_before
from portal.billing.staff.bank.forms import UploadForm
from portal.billing.staff.blueprint import blueprint, books
from portal.core import clock
from portal.core.access import actor
from portal.core.context import current_settings
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l, ngettext
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page
from portal.files.downloads import download
from portal.files.enums import Confidentiality
from portal.files.kinds import MOST_BYTES, display_name
from portal.files.models import StoredFile
from portal.settings import Mode

ZENGIN = "zengin"
MOST_SHOWN = 50


@blueprint.get("/billing/bank-files")
@books
def list_bank_files() -> Response:
    """Every file that was imported."""
    cursor = cursor_argument()
    return page(
        "staff/billing/list_bank_files.html", found=bank.list_bank_files(cursor=cursor), cursor=cursor
    )


@blueprint.post("/billing/bank-files/<id:bank_file_id>/file")
@books
def download_bank_file(bank_file_id: int) -> Response:
    """The file as the bank gave it."""
    return download(open_paper(bank.find_bank_file(bank_file_id).file_id, by=actor()))


@blueprint.get("/billing/bank-files/sample")
@books
def download_sample_file() -> Response:
    """For trying the import, in the demonstration alone: transfers for what is owed now."""
    if current_settings().mode is not Mode.DEMO:
        raise NotFound
    return send_file(
        BytesIO(sample_file()),
        mimetype="text/plain",
        as_attachment=True,
        download_name="zengin-sample.txt",
        max_age=0,
    )


@blueprint.route("/billing/bank-files/import", methods=["GET", "POST"])
@books
def import_bank_file() -> Response:
    """Choose a file; the next page says what importing it does."""
    form = UploadForm()
    form.account.choices = [SelectChoice(ZENGIN, _("Zengin file (01 or 03)"))] + [
        SelectChoice(each.key, _("The CSV of account %(account)s", account=each.name or each.key))
        for each in bank.bank_accounts()
    ]
    if not form.is_submitted():
        form.account.data = ZENGIN
    if form.validate_on_submit():
        try:
            upload = _keep_for_a_look(form)
            key = form.account.data
            return redirect(url_for("billing_staff.preview_bank_file", upload_id=upload.id, account=key), 303)
        except Refused as refused:
            refuse(form, refused)
    return page("staff/billing/import_bank_file.html", form=form)


@blueprint.get("/billing/bank-files/look/<id:upload_id>")
@books
def preview_bank_file(upload_id: int) -> Response:
    """What importing the file would do; nothing is written."""
    upload = bank.find_upload(upload_id)
    account = _account()
    plan, problem = _plan(upload, account)
    return page(
        "staff/billing/preview_bank_file.html",
        200 if problem is None else 422,
        upload=upload,
        plan=plan,
        problem=problem,
        account=account,
        shown=plan.deposits[:MOST_SHOWN] if plan else (),
        cancelled=plan.cancellations[:MOST_SHOWN] if plan else (),
        taken_back=taken_back(plan, MOST_SHOWN) if plan else {},
        before=known_before(plan) if plan and not plan.already else {},
    )


@blueprint.post("/billing/bank-files/look/<id:upload_id>/confirm")
@books
def confirm_bank_file(upload_id: int) -> Response:
    """Import the file; pressed twice, it is imported once."""
    upload = bank.find_upload(upload_id)
    done = import_file(
        content=upload.content, name=upload.name, account_key=_account_key(_account()), by=actor()
    )
    db.session.delete(upload)
    if done.is_new:
        _say(done)
    else:
        flash(_("This very file was imported before; nothing was added."), "info")
    return redirect(url_for("billing_staff.list_deposits"), 303)


def _say(done: Imported) -> None:
    """How many of what came in."""
    count, back = done.file.deposits, len(done.plan.cancellations)
    flash(ngettext("%(num)s deposit was imported.", "%(num)s deposits were imported.", count), "success")
    if back:
        taken = ngettext(
            "%(num)s transfer was taken back by the bank.",
            "%(num)s transfers were taken back by the bank.",
            back,
        )
        flash(taken, "info")


def _keep_for_a_look(form: UploadForm) -> StoredFile:
    """The file until somebody imports it, or looks at another one. Raises Refused at `file` when it cannot be read."""
    sent = form.file.data
    if not sent or not sent.filename:
        raise Refused(_l("Please choose a file."), field="file")
    content = sent.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(_l("This file is larger than 10 MB. Please choose a smaller one."), field="file")
    plan_file(content, account_key=_account_key(form.account.data))
    mine = (
        StoredFile.uploaded_by_id == actor().id,
        StoredFile.media_type == UPLOADED,
        StoredFile.is_kept.is_(False),
    )
    db.session.execute(delete(StoredFile).where(*mine))
    upload = StoredFile(
        name=display_name(sent.filename),
        media_type=UPLOADED,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        confidentiality=Confidentiality.RESTRICTED,
        uploaded_by_id=actor().id,
        created_at=clock.now(),
        content=content,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def _plan(upload: StoredFile, account: str) -> tuple[FilePlan | None, Refused | None]:
    try:
        return plan_file(upload.content, account_key=_account_key(account)), None
    except Refused as refused:
        return None, refused


def _account() -> str:
    """Which account's CSV it is, or that it is a Zengin file."""
    return request.values.get("account", ZENGIN)[:40].replace("\x00", "")


def _account_key(chosen: str) -> str:
    return "" if chosen == ZENGIN else chosen
