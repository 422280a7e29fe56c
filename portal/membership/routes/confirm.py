"""The last page: everything once more, the price, the wordings, one button."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.membership import queries
from portal.membership.enums import RulesKind
from portal.membership.forms import ConfirmForm, read_answers
from portal.membership.models import Application
from portal.membership.pages import BY_NAME
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.progress import editable, step_context, step_url
from portal.membership.routes.steps import codes
from portal.membership.services import judge, price_now, submit_application
from portal.membership.summary import sections
from portal.membership.wording import verdict_lines


@blueprint.route("/membership/applications/<id:application_id>/confirm", methods=["GET", "POST"])
@access.signed_in
def confirm_application(application_id: int) -> Response:
    """Send the application in. Pressed twice, it is sent once."""
    application = editable(application_id)
    answers, unfinished = read_answers(application, codes(application))
    form = ConfirmForm()
    status = None
    if form.validate_on_submit():
        try:
            _refuse_unfinished(unfinished)
            submit_application(
                application=application, answers=answers, accepted=form.shown, once=form.once.data, by=actor()
            )
            return redirect(url_for("membership.show_application", application_id=application.id))
        except OutOfDate as late:
            refuse(form, late)
            status = late.status
        except Refused as refused:
            refuse(form, refused)
    if request.method != "POST" or form.errors or form.form_errors:
        form.versions.data = ",".join(str(version.id) for version in queries.current_rules().values())
    return _show(application, form, answers, unfinished, status)


def _refuse_unfinished(unfinished: list[str]) -> None:
    if unfinished:
        raise Refused(_("Some pages are not complete yet. They are listed below."))


def _show(
    application: Application,
    form: ConfirmForm,
    answers: dict[str, Any],
    unfinished: list[str],
    status: int | None,
) -> Response:
    tiers = queries.tiers_for(application.fiscal_year)
    judged = judge(answers, application.fiscal_year)
    chosen, verdict = next(
        ((tier, verdict) for tier, verdict in judged if tier.code == answers["tier"].get("tier")),
        (None, None),
    )
    return page(
        "membership/steps/confirm.html",
        status,
        form=form,
        sections=sections(answers, tiers, current_language()),
        unfinished=[BY_NAME[name] for name in unfinished],
        attachments=queries.attachments_of(application),
        rules=queries.current_rules(),
        kinds=list(RulesKind),
        chosen=chosen,
        price=price_now(chosen, application.fiscal_year) if chosen else None,
        verdict=verdict,
        lines=verdict_lines(verdict) if verdict else [],
        step_url=step_url,
        **step_context(application, "confirm"),
    )
