"""Public pages: the consortium, how to join, questions and answers."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core import access
from portal.core.access import current_actor
from portal.core.facts import rows
from portal.core.pages import page
from portal.home.faq import QUESTIONS
from portal.home.routes.blueprint import blueprint
from portal.hubs.queries import hubs_with_institutions


@blueprint.get("/")
@access.public
def show_consortium() -> Response:
    """What the consortium is and who takes part."""
    areas = [row for row in rows("priority_areas") if row["scheme"] == "priority_six"]
    groups = [row for row in rows("working_groups") if row["status"] == "named"]
    return page("home/show_consortium.html", areas=areas, groups=groups, hubs=hubs_with_institutions())


@blueprint.get("/how-to-join")
@access.public
def show_how_to_join() -> Response:
    """The way from comparing tiers to being a member, step by step."""
    return page("home/show_how_to_join.html")


@blueprint.get("/faq")
@access.public
def show_faq() -> Response:
    """Questions that companies ask."""
    return page("home/show_faq.html", questions=QUESTIONS)


@blueprint.get("/go")
@access.public
def go_home() -> Response:
    """To the home of whoever asks: the office's, the company's, or the public page."""
    person = current_actor()
    if person is None:
        return redirect(url_for("home.show_consortium"))
    return redirect(url_for("home_staff.show_office" if person.is_staff else "home.show_home"))
