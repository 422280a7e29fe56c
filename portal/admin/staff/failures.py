"""Work that failed, mails first of all, and trying it again."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.admin.policy import CHANGING_ROLES
from portal.admin.services import retry_failure
from portal.admin.staff.blueprint import blueprint
from portal.core import access
from portal.core.access import actor
from portal.core.i18n import _
from portal.core.pages import cursor_argument, page
from portal.jobs.queries import failed_jobs, find_job, stumbling_jobs
from portal.notifications.queries import messages_by_id

MAIL_JOB = "notifications.deliver"


@blueprint.get("/failures")
@access.roles(*CHANGING_ROLES)
def list_failures() -> Response:
    """Jobs that gave up, or (`state=waiting`) that will be tried again by themselves."""
    waits = request.args.get("state") == "waiting"
    found = (stumbling_jobs if waits else failed_jobs)(cursor=cursor_argument())
    mails = messages_by_id(int(job.arguments["message_id"]) for job in found.items if job.name == MAIL_JOB)
    return page("staff/admin/list_failures.html", jobs=found, mails=mails, waits=waits, mail_job=MAIL_JOB)


@blueprint.post("/failures/<id:job_id>/try-again")
@access.roles(*CHANGING_ROLES)
def try_again(job_id: int) -> Response:
    """Try one again at once."""
    job = find_job(job_id)
    retry_failure(job=job, by=actor())
    flash(_("It is being tried again. The result shows here in a moment."), "success")
    return redirect(url_for("admin.list_failures"))
