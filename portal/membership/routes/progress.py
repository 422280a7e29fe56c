"""What stands around every page of an application: progress, comments, the way back."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.membership import queries
from portal.membership.models import Application
from portal.membership.pages import BY_NAME, Page, Step, pages_for, preceding
from portal.membership.routes.blueprint import blueprint


class SentIn(Exception):
    """The application cannot be changed now; its status page says why."""

    def __init__(self, application_id: int) -> None:
        super().__init__()
        self.application_id = application_id


@blueprint.errorhandler(SentIn)
def show_status_instead(sent: SentIn) -> Response:
    """Lead to the status page."""
    return redirect(url_for("membership.show_application", application_id=sent.application_id))


def editable(application_id: int) -> Application:
    """An application that the person who asks works on and may change; one that was sent in leads to its status."""
    application = queries.application_for(actor(), application_id)
    if not application.state.is_editable:
        raise SentIn(application.id)
    return application


def step_url(application: Application, name: str) -> str:
    """Where a page of an application is."""
    if name == "documents":
        return url_for("membership.list_attachments", application_id=application.id)
    if name == "confirm":
        return url_for("membership.confirm_application", application_id=application.id)
    return url_for("membership.edit_step", application_id=application.id, page=name)


def step_context(application: Application, name: str) -> dict[str, Any]:
    """For templates below membership/step.html."""
    before = preceding(name, application.draft)
    status = url_for("membership.show_application", application_id=application.id)
    return {
        "application": application,
        "here": BY_NAME[name],
        "progress": progress(application, name),
        "back_url": step_url(application, before.name) if before else status,
        "comments": comments_by_path(application),
        "place": _place_in_step(application, name),
    }


def progress(application: Application, name: str) -> list[dict[str, Any]]:
    """The six steps for the progress component."""
    pages = pages_for(application.draft)
    asked = {path.partition(".")[0] for path in comments_by_path(application)}
    return [
        _stage(application, step, [p.name for p in pages if p.step is step], name, asked) for step in Step
    ]


def comments_by_path(application: Application) -> dict[str, list[str]]:
    """What the reviewer asks for, while the application is with the applicant."""
    if not application.revision or not application.state.is_editable:
        return {}
    found: dict[str, list[str]] = {}
    for comment in queries.comments_on(application):
        found.setdefault(comment.path, []).append(comment.text)
    return found


def stops(application: Application) -> list[dict[str, Any]]:
    """Every page of a draft with whether it is complete, for its overview."""
    return [
        {
            "title": page.title,
            "url": step_url(application, page.name),
            "done": application.is_finished(page.name),
            "optional": page.name == "documents",
        }
        for page in pages_for(application.draft)
        if page.name != "confirm"
    ]


def resume_at(application: Application) -> str:
    """The first page with a comment, else the first that is not finished, else the confirmation."""
    names = [page.name for page in pages_for(application.draft)]
    asked = {path.partition(".")[0] for path in comments_by_path(application)}
    with_comment = next((name for name in names if name in asked), None)
    unfinished = next(
        (name for name in names if not _is_done(application, name) and name != "confirm"), "confirm"
    )
    return with_comment or unfinished


def _is_done(application: Application, name: str) -> bool:
    return name == "documents" or application.is_finished(name)


def _stage(
    application: Application, step: Step, names: list[str], here: str, asked: set[str]
) -> dict[str, Any]:
    done = step is not Step.CONFIRM and all(_is_done(application, name) for name in names)
    begun = any(application.page_version(name) for name in names)
    attention = bool(asked & set(names))
    state = "current" if here in names else "attention" if attention else "done" if done else "todo"
    reachable = begun or attention or step is Step.CONFIRM or here in names
    target = next((name for name in names if name in asked), names[0])
    return {"label": step.label, "url": step_url(application, target) if reachable else None, "state": state}


def _place_in_step(application: Application, name: str) -> tuple[int, int]:
    step = BY_NAME[name].step
    mine: list[Page] = [p for p in pages_for(application.draft) if p.step is step]
    return [p.name for p in mine].index(name) + 1, len(mine)
