"""What stands around every page of an application: progress, comments, the way back."""

from __future__ import annotations

from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.membership import queries
from portal.membership.models import Application
from portal.membership.pages import BY_NAME, OPTIONAL, Page, Step, pages_for, preceding
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.corrections import comments_by_path, pages_to_correct, settled_paths


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
        "settled": settled_paths(application),
        "place": _place_in_step(application, name),
    }


def progress(application: Application, name: str) -> list[dict[str, Any]]:
    """The six steps for the progress component."""
    pages = pages_for(application.draft)
    asked = pages_to_correct(application)
    return [
        _stage(application, step, [p.name for p in pages if p.step is step], name, asked) for step in Step
    ]


def stops(application: Application) -> list[dict[str, Any]]:
    """Every page of a draft with whether it is complete, for its overview."""
    return [
        {
            "title": page.title,
            "url": step_url(application, page.name),
            "done": application.is_finished(page.name),
            "optional": page.name in OPTIONAL,
        }
        for page in pages_for(application.draft)
        if page.name != "confirm"
    ]


def resume_at(application: Application) -> str:
    """The first page that is to be corrected, else the first that was never left complete, else the confirmation."""
    names = [page.name for page in pages_for(application.draft)]
    asked = pages_to_correct(application)
    to_correct = next((name for name in names if name in asked), None)
    unseen = next((name for name in names[:-1] if not _is_left(application, name)), "confirm")
    return to_correct or unseen


def _is_left(application: Application, name: str) -> bool:
    return name == "documents" or application.is_finished(name)


def _is_done(application: Application, name: str) -> bool:
    return name in OPTIONAL or application.is_finished(name)


def _may_be_sent(application: Application) -> bool:
    """Whether there is something of every page that has to be filled in."""
    needed = [page.name for page in pages_for(application.draft)[:-1] if page.name not in OPTIONAL]
    return all(application.page_version(name) for name in needed)


def _stage(
    application: Application, step: Step, names: list[str], here: str, asked: frozenset[str]
) -> dict[str, Any]:
    last = step is Step.CONFIRM
    done = not last and all(_is_done(application, name) for name in names)
    begun = _may_be_sent(application) if last else any(application.page_version(name) for name in names)
    attention = bool(asked & set(names))
    state = "current" if here in names else "attention" if attention else "done" if done else "todo"
    reachable = begun or attention or here in names
    target = next((name for name in names if name in asked), names[0])
    return {"label": step.label, "url": step_url(application, target) if reachable else None, "state": state}


def _place_in_step(application: Application, name: str) -> tuple[int, int]:
    step = BY_NAME[name].step
    mine: list[Page] = [p for p in pages_for(application.draft) if p.step is step]
    return [p.name for p in mine].index(name) + 1, len(mine)
