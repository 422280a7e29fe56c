"""Limits of several companies together, and companies that are held back, of one round."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, _l, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.matching import CapKind
from portal.internships.models import InternshipRound
from portal.internships.queries.rounds import round_for_office
from portal.matching.forms.registers import CHOOSE, CapForm, HoldForm
from portal.matching.models import MatchCap
from portal.matching.pages import CAPS
from portal.matching.queries.registers import (
    cap_for_office,
    caps_in,
    hold_for_office,
    holds_in,
    hosts_of,
)
from portal.matching.services import limits as verbs
from portal.matching.staff.blueprint import blueprint, office

BAD_SHARE = _l("Please write the shares as whole numbers from 0 to 9,999.")


@blueprint.get("/matching/rounds/<id:round_id>/limits")
@office
def list_limits(round_id: int) -> Response:
    """What binds several companies, and who is held back."""
    return _page(round_for_office(actor(), round_id))


@blueprint.route("/matching/rounds/<id:round_id>/limits/new", methods=["GET", "POST"])
@office
def add_cap(round_id: int) -> Response:
    """A new limit."""
    return _edit(round_for_office(actor(), round_id), None)


@blueprint.route("/matching/limits/<id:cap_id>/edit", methods=["GET", "POST"])
@office
def edit_cap(cap_id: int) -> Response:
    """Another number, or other shares."""
    cap = cap_for_office(actor(), cap_id)
    return _edit(round_for_office(actor(), cap.round_id), cap)


@blueprint.post("/matching/limits/<id:cap_id>/remove")
@office
def remove_cap(cap_id: int) -> Response:
    """No limit any more."""
    cap = cap_for_office(actor(), cap_id)
    season = round_for_office(actor(), cap.round_id)
    return _step(
        season, lambda: verbs.remove_cap(season=season, cap=cap, by=actor()), _("The limit is removed.")
    )


@blueprint.post("/matching/rounds/<id:round_id>/holds")
@office
def add_hold(round_id: int) -> Response:
    """A company takes no part until something is agreed."""
    season, form = round_for_office(actor(), round_id), HoldForm()
    _offer(form, season)
    if not form.validate():
        return _page(season, 422, form)
    try:
        verbs.hold_back(
            season=season, organisation_id=int(form.organisation_id.data), reason=form.reason.data, by=actor()
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(round_for_office(actor(), round_id), refused.status, form)
    flash(_("The company is held back."), "success")
    return redirect(url_for("matching_staff.list_limits", round_id=round_id))


@blueprint.post("/matching/holds/<id:hold_id>/end")
@office
def end_hold(hold_id: int) -> Response:
    """The company takes part again."""
    hold = hold_for_office(actor(), hold_id)
    season = round_for_office(actor(), hold.round_id)
    return _step(
        season,
        lambda: verbs.lift_hold(season=season, hold=hold, by=actor()),
        _("The company takes part again."),
    )


def _step(season: InternshipRound, verb: object, said: str) -> Response:
    number = season.id
    try:
        verb()  # type: ignore[operator]
    except Refused as refused:
        rollback()
        return _page(round_for_office(actor(), number), refused.status, refusal=refused.message)
    flash(said, "success")
    return redirect(url_for("matching_staff.list_limits", round_id=number))


def _edit(season: InternshipRound, cap: MatchCap | None) -> Response:
    form, number = CapForm(obj=cap), season.id
    form.kind.choices = [(kind.value, label) for kind, label in CAPS.items()]
    shares = {n: str(share) for n, share in cap.targets.items()} if cap else {}
    if cap is not None:
        form.kind.data, form.name.data = cap.kind.value, cap.name
    if form.is_submitted():
        shares = {
            name.removeprefix("share-"): value.strip()
            for name, value in request.form.items()
            if name.startswith("share-")
        }
        if form.validate():
            try:
                _save(season, cap, form, shares)
            except Refused as refused:
                rollback()
                refuse(form, refused)
                return _cap_page(round_for_office(actor(), number), cap, form, shares, refused.status)
            flash(_("The limit is saved."), "success")
            return redirect(url_for("matching_staff.list_limits", round_id=number))
    return _cap_page(season, cap, form, shares)


def _save(season: InternshipRound, cap: MatchCap | None, form: CapForm, shares: Mapping[str, str]) -> None:
    typed = {number: share for number, share in shares.items() if share}
    if not all(share.isdecimal() and len(share) <= 4 for share in typed.values()):
        raise Refused(BAD_SHARE, field="targets")
    hosts = {str(each.id) for each in hosts_of(season.id)} | set(cap.targets if cap else ())
    targets = {int(number): int(share) for number, share in typed.items() if number in hosts}
    said = {"places": form.places.data, "targets": targets, "by": actor()}
    if cap is None:
        verbs.add_cap(season=season, kind=CapKind(form.kind.data), name=form.name.data, **said)
    else:
        verbs.change_cap(season=season, cap=cap, version=form.version.data, **said)


def _cap_page(
    season: InternshipRound, cap: MatchCap | None, form: CapForm, shares: Mapping[str, str], status: int | None = None
) -> Response:  # fmt: skip
    return page(
        "staff/matching/edit_cap.html", status, season=season, cap=cap, form=form, shares=shares, hosts=hosts_of(season.id)
    )  # fmt: skip


def _offer(form: HoldForm, season: InternshipRound) -> None:
    language = current_language()
    form.organisation_id.choices = [
        CHOOSE,
        *((str(each.id), each.name(language)) for each in hosts_of(season.id)),
    ]


def _page(
    season: InternshipRound, status: int | None = None, form: HoldForm | None = None, refusal: object = ""
) -> Response:
    if form is None:
        form = HoldForm(formdata=None)
        _offer(form, season)
    names = {str(each.id): each.name(current_language()) for each in hosts_of(season.id)}
    return page(
        "staff/matching/list_limits.html", status, season=season, form=form, caps=caps_in(actor(), season.id), kinds=CAPS,
        holds=holds_in(actor(), season.id), names=names, may_set=verbs.may_set(season), refusal=refusal,
    )  # fmt: skip
