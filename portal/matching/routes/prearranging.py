"""Placements arranged before the match, for students, companies and supervisors; supervisors also by the link in their mail."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.accounts.limits import limit_tries
from portal.careers.models import Supervision
from portal.core import access
from portal.core.access import actor, current_actor
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.timetable import CHOOSING
from portal.internships.link_pages import dead_link_page
from portal.internships.models import ApprovalLink, InternshipPosting
from portal.internships.policy import HOSTING_ROLES, hosting_companies
from portal.internships.queries.approvals import link_of
from portal.matching.answering import about_postings, answer
from portal.matching.enums import Side
from portal.matching.forms.prearranging import ProposeForm
from portal.matching.proposing import applicants, own_pairs
from portal.matching.queries.prearranged import (
    Arranged,
    arranged_by_link,
    arranged_for,
    arranged_with,
    sides_of,
)
from portal.matching.routes.blueprint import blueprint
from portal.matching.services.prearranging import propose_placement as propose

parties = access.roles(Role.STUDENT, Role.SUPERVISOR, *HOSTING_ROLES)
proposers = access.roles(Role.STUDENT, *HOSTING_ROLES)


@blueprint.get("/matching/prearrangements")
@parties
def list_prearrangements() -> Response:
    """Those in which the person has a say, and a form to propose one."""
    return _list(_form())


@blueprint.post("/matching/prearrangements")
@proposers
def propose_placement() -> Response:
    """Ask the other three."""
    form = _form()
    if not form.validate():
        return _list(form)
    student, _colon, number = form.pair.data.partition(":")
    posting = db.session.get_one(InternshipPosting, int(number))
    side = Side.STUDENT if int(student) == actor().id else Side.COMPANY
    try:
        made = propose(
            posting=posting, student_id=int(student), side=side, words=form.words.data or "", by=actor()
        )
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _list(form, refused.status)
    flash(_("The others are asked by mail. It stands once all four have agreed."), "success")
    return redirect(url_for("matching.show_prearrangement", pair_id=made.id))


@blueprint.get("/matching/prearrangements/<id:pair_id>")
@parties
def show_prearrangement(pair_id: int) -> Response:
    """One of them: who has agreed, and the reader's own answer."""
    return _show(arranged_for(actor(), pair_id))


@blueprint.post("/matching/prearrangements/<id:pair_id>/answer")
@parties
def decide_prearrangement(pair_id: int) -> Response:
    """Agree, decline, or take one's word back."""
    arranged = arranged_for(actor(), pair_id)
    try:
        is_yes = answer(arranged, _own_sides(arranged), actor().id)
    except Refused as refused:
        rollback()
        return _show(arranged_for(actor(), pair_id), refused.status, refused.message)
    flash(_("You have agreed.") if is_yes else _("It has ended. The others are told."), "success")
    return redirect(url_for("matching.show_prearrangement", pair_id=pair_id))


@blueprint.route("/matching/prearrangements/open", methods=["GET", "POST"])
@limit_tries("approve")
@access.public_or_signed_in
def open_prearrangements() -> Response:
    """The supervisor's link: the student's placements of the round, answered without an account. Opening it changes nothing."""
    secret = request.args.get("token", "")[:200]
    link = link_of(secret, current_actor())
    if link is None:
        return dead_link_page(secret)
    if request.method != "POST":
        return _open(link)
    wanted = request.form.get("pair", "")
    arranged = next((each for each in _linked(link) if str(each.pair.id) == wanted), None)
    if arranged is None:
        raise NotFound
    try:
        is_yes = answer(arranged, (Side.SUPERVISOR,), _present(link))
    except Refused as refused:
        rollback()
        found = link_of(secret, current_actor())
        return dead_link_page(secret) if found is None else _open(found, refused.status, refused.message)
    flash(_("You have agreed.") if is_yes else _("It has ended. The others are told."), "success")
    return redirect(url_for("matching.open_prearrangements", token=secret), 303)


def _guidance(link: ApprovalLink) -> Supervision:
    return db.session.get_one(Supervision, link.supervision_id)


def _present(link: ApprovalLink) -> int | None:
    present = current_actor()
    return present.id if present is not None and present.id == _guidance(link).person_id else None


def _linked(link: ApprovalLink) -> list[Arranged]:
    return list(arranged_by_link(_guidance(link).student_id, link.round_id))


def _open(link: ApprovalLink, status: int | None = None, refusal: object = "") -> Response:
    rows = _linked(link)
    return page(
        "matching/open_prearrangements.html", status, rows=rows, refusal=refusal, side=Side.SUPERVISOR,
        about=about_postings(rows),
    )  # fmt: skip


def _own_sides(arranged: Arranged) -> tuple[Side, ...]:
    return tuple(side for side in sides_of(actor(), arranged) if side is not Side.OFFICE)


def _show(arranged: Arranged, status: int | None = None, refusal: object = "") -> Response:
    return page(
        "matching/show_prearrangement.html", status, arranged=arranged, sides=_own_sides(arranged), refusal=refusal,
        about=about_postings([arranged]),
        is_open=arranged.season.stage in CHOOSING,
    )  # fmt: skip


def _form() -> ProposeForm:
    form = ProposeForm()
    if not hosting_companies(actor()):
        form.pair.label.text = _("Posting")
    form.pair.choices = [("", _("Please choose")), *own_pairs(actor()), *applicants(actor())]
    return form


def _list(form: ProposeForm, status: int | None = None) -> Response:
    rows = arranged_with(actor())
    return page(
        "matching/list_prearrangements.html",
        status,
        rows=rows,
        form=form,
        may_propose=len(form.pair.choices) > 1,
    )
