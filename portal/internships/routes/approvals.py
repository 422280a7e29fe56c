"""Supervisors decide: by the link in their mail, or signed in. Opening the link changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.accounts.limits import limit_tries
from portal.core import access
from portal.core.access import actor, current_actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.internships.forms.approvals import APPROVE, ApprovalForm
from portal.internships.link_pages import dead_link_page
from portal.internships.pages import posting_facts, posting_texts
from portal.internships.queries import approvals as reads
from portal.internships.queries.approvals import Asked
from portal.internships.routes.blueprint import blueprint
from portal.internships.services.approvals import approve_pair, veto_pair

supervisors = access.roles(Role.SUPERVISOR)


@blueprint.get("/internships/supervision")
@supervisors
def list_approvals() -> Response:
    """All that the person's students are interested in."""
    return _list(reads.asked_of(actor()))


@blueprint.route("/internships/approvals/<id:approval_id>", methods=["GET", "POST"])
@supervisors
def decide_approval(approval_id: int) -> Response:
    """One posting, and the decision."""
    return _decide(reads.asked_for(actor(), approval_id), actor().id)


@blueprint.get("/internships/approvals/open")
@access.public_or_signed_in
def open_approvals() -> Response:
    """The link in the mail: all postings of the student in the round."""
    secret = _secret()
    link = reads.link_of(secret, current_actor())
    return dead_link_page(secret) if link is None else _list(reads.asked_by_link(link), secret)


@blueprint.route("/internships/approvals/open/<id:approval_id>", methods=["GET", "POST"])
@limit_tries("approve")
@access.public_or_signed_in
def open_approval(approval_id: int) -> Response:
    """One of them, and the decision, without an account."""
    secret = _secret()
    present = current_actor()
    link = reads.link_of(secret, present)
    if link is None:
        return dead_link_page(secret)
    asked = reads.one_of(reads.asked_by_link(link), approval_id)
    by = present.id if present is not None and present.id == asked.supervision.person_id else None
    return _decide(asked, by, secret)


def _secret() -> str:
    return request.args.get("token", "")[:200]


def _decide(asked: Asked, by: int | None, secret: str = "") -> Response:
    if not asked.is_open:
        return _pair(asked, None, secret, 409 if request.method == "POST" else None)
    if request.method != "POST":
        return _pair(asked, ApprovalForm.shown(asked), secret)
    form, number = ApprovalForm(), asked.approval.id
    if not form.validate():
        return _pair(asked, form, secret)
    try:
        _say(asked, form, by)
    except Refused as refused:
        rollback()
        refuse(form, refused)
        fresh = reads.asked_again(number)
        return _pair(fresh, form, secret, refused.status)
    flash(_("Your decision is saved. You can change it until the lists lock."), "success")
    return redirect(_address(secret), 303)


def _say(asked: Asked, form: ApprovalForm, by: int | None) -> None:
    version = form.version.data or 0
    if form.decision.data == APPROVE:
        approve_pair(
            asked=asked, from_on=form.from_on.data, until_on=form.until_on.data, version=version, by=by
        )
    else:
        veto_pair(asked=asked, reason=form.reason.data or "", version=version, by=by)


def _address(secret: str, approval_id: int | None = None) -> str:
    more: dict[str, Any] = {"approval_id": approval_id} if approval_id else {}
    if secret:
        endpoint = "internships.open_approval" if approval_id else "internships.open_approvals"
        return url_for(endpoint, token=secret, **more)
    return url_for("internships.decide_approval" if approval_id else "internships.list_approvals", **more)


def _list(asked: Sequence[Asked], secret: str = "") -> Response:
    students: dict[int, list[tuple[Asked, str]]] = {}
    for each in asked:
        students.setdefault(each.student.id, []).append((each, _address(secret, each.approval.id)))
    return page("internships/list_approvals.html", students=list(students.values()), is_linked=bool(secret))


def _pair(asked: Asked, form: ApprovalForm | None, secret: str, status: int | None = None) -> Response:
    return page(
        "internships/decide_approval.html", status, asked=asked, form=form, back=_address(secret), facts=posting_facts(asked.posting),
        texts=posting_texts(asked.posting), action=_address(secret, asked.approval.id),
    )  # fmt: skip
