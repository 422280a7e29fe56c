"""A student's profile: write it, open items, see what a company will see."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.careers.enums import ITEM_LABELS
from portal.careers.forms.profile import ProfileForm
from portal.careers.models import StudentProfile
from portal.careers.pages import profile_sheet
from portal.careers.queries.profiles import file_names, missing_items, opened_part, profile_of
from portal.careers.routes.blueprint import blueprint, students
from portal.careers.services.profiles import save_profile as save
from portal.core.access import actor
from portal.core.drafts import draft_answer
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import day, moment
from portal.core.forms import refuse
from portal.core.i18n import _, in_words
from portal.core.pages import page
from portal.core.transaction import rollback


@blueprint.route("/careers/profile", methods=["GET", "POST"])
@students
def edit_profile() -> Response:
    """All items, each with its own switch; a newer version is shown beside what was typed."""
    profile = profile_of(actor().id)
    form = ProfileForm(obj=profile, data={"seen": profile.version})
    if not form.validate_on_submit():
        return _show(profile, form)
    try:
        _save(form)
    except OutOfDate:
        rollback()
        return _compare(profile_of(actor().id), form)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _show(profile_of(actor().id), form, refused.status)
    flash(_("Your profile is saved."), "success")
    return redirect(url_for("careers.edit_profile"))


@blueprint.post("/careers/profile/draft")
@students
def save_profile() -> Response:
    """Autosave: 200 with the time, 409 when another page saved a newer version, 422 with what is wrong."""
    form = ProfileForm()
    return draft_answer(
        form,
        lambda: _save(form),
        lambda: {"at": moment(profile_of(actor().id).changed_at), "by": actor().name},
    )


@blueprint.get("/careers/profile/preview")
@students
def preview_profile() -> Response:
    """What a company reads once the student shows interest in a posting of it."""
    profile = profile_of(actor().id)
    shown, words, names = opened_part(profile), in_words(ITEM_LABELS), file_names(profile)
    return page(
        "careers/preview_profile.html", sheet=profile_sheet(shown), person=actor(),
        files=[(words[item], names[item][0]) for item in shown.files],
    )  # fmt: skip


def _save(form: ProfileForm) -> int:
    return save(
        values=form.profile_values(), opened=form.opened.data or (), seen=form.seen.data, editor=form.once.data,
        overwrite="overwrite" in request.form, by=actor(),
    )  # fmt: skip


def _show(profile: StudentProfile, form: ProfileForm, status: int | None = None, **more: Any) -> Response:
    words = in_words(ITEM_LABELS)
    return page(
        "careers/edit_profile.html", status, form=form, switches={option.data: option for option in form.opened},
        names=file_names(profile), words=words, missing=[words[item] for item in missing_items(profile)], **more,
    )  # fmt: skip


def _compare(profile: StudentProfile, form: ProfileForm) -> Response:
    """Both versions: mine in the fields, the other one beside them; saving now takes mine."""
    form.seen.data, form.seen.raw_data = profile.version, None
    mine = form.profile_values()
    differing = [name for name, value in mine.items() if (value or None) != (getattr(profile, name) or None)]
    found = [
        {"field": form[name].label.text, "old": _plain(getattr(profile, name)), "new": _plain(mine[name])}
        for name in differing
    ]
    if set(form.opened.data or ()) != set(profile.opened):
        found.append(
            {
                "field": form.opened.label.text,
                "old": _items(profile.opened),
                "new": _items(form.opened.data or []),
            }
        )
    return _show(profile, form, 409, differences=found, saved_at=profile.changed_at)


def _items(items: list[str]) -> str:
    words = in_words(ITEM_LABELS)
    return _(", ").join(words[item] for item in items)


def _plain(value: Any) -> str:
    return "" if value is None else str(value) if isinstance(value, str | int) else day(value)
