"""A change in two steps: typed, then shown with its effect, then made. Going back keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.core.formats import day, moment, number
from portal.core.forms import Form
from portal.core.i18n import _
from portal.core.pages import page

NOT_KEPT = frozenset({"csrf_token", "step"})


class Step(StrEnum):
    """Where a two-step change stands."""

    TYPE = "type"
    PREVIEW = "preview"
    MAKE = "make"


def step_of(form: Form) -> Step:
    """Typing (also when something is wrong or the reader went back), preview, or making it so."""
    if request.method != "POST" or not form.validate():
        return Step.TYPE
    wanted = request.form.get("step", "")
    return {"make": Step.MAKE, "type": Step.TYPE}.get(wanted, Step.PREVIEW)


def preview(*, title: str, confirm: str, changes: list[dict[str, str]], effects: Iterable[str]) -> Response:
    """The page that says what will happen; it carries everything that was typed."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
    return page(
        "staff/preview_change.html",
        title=title,
        confirm=confirm,
        changes=changes,
        effects=[effect for effect in effects if effect],
        kept=kept,
    )


def differences(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, Any] = {}
) -> list[dict[str, str]]:  # noqa: B006
    """What differs, under the labels of the form's fields."""
    found = []
    for name, new in after.items():
        old = before.get(name)
        if _same(old, new):
            continue
        label = labels.get(name) or (form[name].label.text if name in form else name)
        found.append({"field": str(label), "old": _shown(old), "new": _shown(new)})
    return found


def _same(old: Any, new: Any) -> bool:
    return old == new or (old in (None, "") and new in (None, ""))


def _shown(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return number(value) if isinstance(value, int) and abs(value) >= 10_000 else str(value)
