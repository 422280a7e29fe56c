"""The link in the mail: renew or decline without a session."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.accounts.limits import limit_tries
from portal.accounts.models import Person
from portal.core import access
from portal.core.access import current_actor
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.email_keys import masked_address
from portal.membership.models import Renewal, RenewalLink
from portal.membership.queries import renewals as reads
from portal.membership.queries.renewals.asked import offer_before
from portal.membership.renewal_forms import DeclineForm, RenewForm, fill
from portal.membership.renewing import AnswerWay, present_words
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.renewals.confirm import (
    confirm_page,
    note_declined,
    renew_form,
    renewed_words,
    undo_and_refuse,
)
from portal.membership.services import renewals as verbs


@blueprint.route("/membership/renewals/open", methods=["GET", "POST"])
@limit_tries("open")
@access.public_or_signed_in
def open_renewal() -> Response:
    """The link in the mail: opening it changes nothing; a button renews at the offered tier, another declines.

    It serves the person whom it was mailed to, works once, and as long as one may answer.
    """
    secret = request.values.get("token", "")[:200]
    link = verbs.answer_link(secret)
    if link is None:
        return _spent()
    renewal = reads.renewal_of_link(link.renewal_id)
    if not verbs.is_answerable(renewal):
        return _spent()
    reader = db.session.get_one(Person, link.person_id)
    present = current_actor()
    if present is not None and present.id != reader.id:
        address = masked_address(reader.email)
        return page("membership/renewal_link_other.html", 403, address=address, token=secret)
    wants_out = request.values.get("answer") == "decline"
    return (
        _decline_by_link(link, renewal, reader, secret)
        if wants_out
        else _renew_by_link(link, renewal, reader, secret)
    )


def _renew_by_link(link: RenewalLink, renewal: Renewal, reader: Person, secret: str) -> Response:
    tier = renewal.tier
    form = renew_form(renewal, tier) if tier else RenewForm()
    status = None
    if tier is not None and form.validate_on_submit():
        try:
            verbs.spend_answer_link(link)
            verbs.renew(
                renewal=renewal, accepted=form.shown, by=reader.id, way=AnswerWay.MAIL, facts=form.facts,
                purchase_order=form.purchase_order.data or "", seen=form.seen_version,
            )  # fmt: skip
            return page("membership/renewal_answered.html", words=renewed_words(renewal), reader=reader)
        except (verbs.SpentAnswer, OutOfDate):
            return _spent()
        except Refused as refused:
            status = refused.status
            undo_and_refuse(form, refused)
            renewal = reads.renewal_of_link(renewal.id)
            tier = renewal.tier
    context: dict[str, Any] = {
        "reader": reader,
        "token": secret,
        "was_yen": offer_before(renewal, link.created_at),
    }
    if tier is None:
        return page("membership/renewal_link_choose.html", renewal=renewal, **context)
    return confirm_page("membership/open_renewal.html", status, form, renewal, tier, **context)


def _decline_by_link(link: RenewalLink, renewal: Renewal, reader: Person, secret: str) -> Response:
    form, present = DeclineForm(), present_words(renewal.from_term.last_day)
    if request.method != "POST":
        fill(form, seen=renewal.version)
    if form.validate_on_submit():
        try:
            verbs.spend_answer_link(link)
            note_declined(renewal, form, reader.id, AnswerWay.MAIL)
            return page("membership/renewal_answered.html", words=None, reader=reader, present=present)
        except (verbs.SpentAnswer, OutOfDate):
            return _spent()
    return page(
        "membership/open_decline.html",
        form=form,
        renewal=renewal,
        reader=reader,
        token=secret,
        present=present,
    )


def _spent() -> Response:
    rollback()
    return page("membership/renewal_link_spent.html", verbs.SpentAnswer.status, message=verbs.SPENT)
