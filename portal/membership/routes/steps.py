"""The question pages of an application: show, save as it is typed, leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.limits import count_try
from portal.accounts.queries import find_person
from portal.accounts.services.organisations import NotInvited
from portal.core import access, clock
from portal.core.access import actor
from portal.core.errors import NotFound, OutOfDate, Refused
from portal.core.formats import moment
from portal.core.forms import refuse
from portal.core.i18n import _, _l, current_language
from portal.core.pages import json_body
from portal.core.pages import page as show_page
from portal.membership import queries
from portal.membership.forms import FORMS, StepForm, filled_form, make_form, typed_words
from portal.membership.models import Application
from portal.membership.pages import following, learners_wanted, pages_for
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.progress import editable, step_context, step_url
from portal.membership.services import NewerVersion, finish_page, judge, price_now, save_draft
from portal.membership.summary import label_of, shown
from portal.membership.wording import verdict_lines

COMPANIES = "20 per day"  # numbers that a person may try: the answer tells whether a company is here
MANY_COMPANIES = _l("You have tried many companies today. Please try again tomorrow, or ask the secretariat.")


@blueprint.route("/membership/applications/<id:application_id>/steps/<page>", methods=["GET", "POST"])
@access.signed_in
def edit_step(application_id: int, page: str) -> Response:
    """One page of questions; leaving it needs answers that make sense, saving does not."""
    application = editable(application_id)
    if page not in FORMS:
        raise NotFound
    if page not in [p.name for p in pages_for(application.draft)]:
        return redirect(step_url(application, following("tier", application.draft).name))
    if request.method != "POST":
        form = filled_form(page, application, codes(application))
        if "me" in request.args:
            _enter_reader(form)
        return _show(application, page, form)
    return _save(application, page)


@blueprint.post("/membership/applications/<id:application_id>/draft/<page>")
@access.signed_in
def save_step(application_id: int, page: str) -> Response:
    """Autosave: a form body or JSON. 200 with the time, 409 when a newer version was saved elsewhere, 422 with the field."""
    application = queries.application_for(actor(), application_id)
    if page not in FORMS:
        raise NotFound
    try:
        sent = _sent()
        form = make_form(page, application.draft, codes(application))
        version = save_draft(
            application=application,
            page=page,
            typed=typed_words(form, sent),
            editor=_first(sent, "once")[:64],
            seen=_whole(_first(sent, "seen")),
            overwrite=bool(_first(sent, "overwrite")),
            by=actor(),
        )
    except NewerVersion as newer:
        return _told(409, newer.message, saved=last_saving(newer.application, page))
    except Refused as refused:
        return _told(refused.status, refused.message, field=refused.field)
    return jsonify(saved_at=moment(clock.now()), version=version)


def codes(application: Application) -> list[str]:
    """Tiers on offer in the application's year."""
    return [tier.code for tier in queries.tiers_for(application.fiscal_year)]


def last_saving(application: Application, name: str) -> dict[str, str]:
    """Who saved a page last, and when, in words."""
    mark = application.marks.get(name)
    if not mark:
        return {"by": "", "at": ""}
    people = queries.names_of({mark["by"]})
    return {"by": people.get(mark["by"], ""), "at": moment(datetime.fromisoformat(mark["at"]))}


def _enter_reader(form: StepForm) -> None:
    """Fill in what the portal knows of the reader; nothing is saved before the page is."""
    reader = find_person(actor().id)
    known = {
        "name": reader.name,
        "kana": reader.name_kana,
        "telephone": reader.telephone,
        "email": reader.email,
    }
    for name in known.keys() & form._fields.keys():
        form._fields[name].data = known[name] or form._fields[name].data
    if "same_as_representative" in form._fields:
        form._fields["same_as_representative"].data = False


def _save(application: Application, name: str) -> Response:
    form = make_form(name, application.draft, codes(application))
    leaving = request.form.get("onward") == "later"
    makes_sense = form.validate_on_submit()
    try:
        if name == "company" and makes_sense and not leaving and application.organisation_id is None:
            count_try("company", actor().id, COMPANIES, message=MANY_COMPANIES, field="corporate_number")
        # before anything is said of mistakes: who is told of another version first loses neither
        save_draft(
            application=application,
            page=name,
            typed=typed_words(form, request.form.to_dict(flat=False)),
            editor=form.once.data,
            seen=form.seen_version,
            overwrite="overwrite" in request.form,
            by=actor(),
        )
        if leaving:
            flash(_("Saved. You can continue here or on another device."), "success")
            return redirect(url_for("membership.show_application", application_id=application.id))
        if not makes_sense:
            return _show(application, name, form)
        _require_eligible(application, name, form)
        finish_page(application=application, page=name, values=form.values(), by=actor())
    except NewerVersion as newer:
        return _compare(newer.application, name, form)
    except OutOfDate as late:
        refuse(form, late)
        return _show(application, name, form, late.status)
    except NotInvited as refused:
        refuse(form, refused)
        return _show(application, name, form, ask_url=_ask_url(refused))
    except Refused as refused:
        if makes_sense or leaving:
            refuse(form, refused)
        return _show(application, name, form)
    return redirect(step_url(application, following(name, application.draft).name))


def _ask_url(refused: NotInvited) -> str:
    return url_for("accounts.request_invitation", number=refused.number)


def _require_eligible(application: Application, name: str, form: StepForm) -> None:
    """On the tier's page: the chosen one must be open today."""
    if name != "tier":
        return
    values = form.values()
    judged = judge({**application.draft, "tier": values}, application.fiscal_year)
    chosen = next((verdict for tier, verdict in judged if tier.code == values["tier"]), None)
    if chosen is not None and not chosen.is_eligible:
        why = " ".join(words for words, stands_in_way in verdict_lines(chosen) if stands_in_way)
        raise Refused(_("Your company cannot choose this tier. %(why)s", why=why), field="tier")


def _show(
    application: Application, name: str, form: StepForm, status: int | None = None, **more: Any
) -> Response:
    context = step_context(application, name) | more
    if name in ("tier", "learners"):
        context["arranged_from"] = _arranged_from(application)
        context["learners"] = learners_wanted(application.draft)
    if name == "tier":
        context["offers"] = _offers(application, form)
    return show_page(f"membership/steps/{name}.html", status, form=form, **context)


def _compare(application: Application, name: str, form: StepForm) -> Response:
    """Both versions: mine in the fields, the other one beside them; a third one meanwhile is shown again."""
    form.seen.data = str(application.page_version(name))
    theirs = application.drafted(name)
    mine = typed_words(form, request.form.to_dict(flat=False))
    names = {tier.code: tier.name(current_language()) for tier in queries.tiers_for(application.fiscal_year)}
    paths = [
        (field, f"{name}.{field}")
        for field in {**theirs, **mine}
        if (theirs.get(field) or "") != (mine.get(field) or "")
    ]
    differences = [
        {
            "field": label_of(path),
            "old": shown(path, theirs.get(field), names),
            "new": shown(path, mine.get(field), names),
        }
        for field, path in paths
    ]
    return _show(application, name, form, 409, differences=differences, saved=last_saving(application, name))


def _arranged_from(application: Application) -> int | None:
    """From how many learners on the terms are agreed with the secretariat, in any tier of the year."""
    tiers = queries.tiers_for(application.fiscal_year)
    return min((t.arrangement_from_learners for t in tiers if t.arrangement_from_learners), default=None)


def _offers(application: Application, form: StepForm) -> list[dict[str, Any]]:
    """Each tier with its price and verdict as of today."""
    wanted = {"learners_wanted": form.values().get("learners_wanted")}
    return [
        {
            "tier": tier,
            "price": price_now(tier, application.fiscal_year),
            "verdict": verdict,
            "lines": verdict_lines(verdict),
        }
        for tier, verdict in judge({**application.draft, "tier": wanted}, application.fiscal_year)
    ]


def _sent() -> dict[str, list[str]]:
    """The fields of a form body or of a JSON object; anything else is refused."""
    if not request.is_json:
        return request.form.to_dict(flat=False)
    data = json_body()
    if data is None:
        raise Refused(_("This request could not be read."))
    fields: dict[str, list[str]] = {}
    for name, value in list(data.items())[:200]:
        parts = value if isinstance(value, list) else [value]
        fields[str(name)] = [str(part) for part in parts if isinstance(part, str | int) and part is not False]
    return fields


def _first(sent: Mapping[str, list[str]], name: str) -> str:
    values = sent.get(name) or [""]
    return values[0]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _told(status: int, message: Any, **more: Any) -> Response:
    response = jsonify(message=str(message), **more)
    response.status_code = status
    return response
