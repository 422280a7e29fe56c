"""Places offered one by one: a company makes offers, a student takes one or declines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.access import actor
from portal.core.errors import NotFound, Refused
from portal.core.forms import moment_of, refuse
from portal.core.i18n import _, current_language
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipRound
from portal.internships.pages import pay_words, period_words
from portal.internships.policy import hosting_companies
from portal.internships.queries.postings import posting_for_company, postings_of
from portal.matching.enums import OfferState
from portal.matching.forms.offers import OfferForm
from portal.matching.models import RollingOffer
from portal.matching.queries.offers import (
    offer_for_company,
    offer_for_student,
    offers_by,
    offers_to,
    postings_of_offers,
)
from portal.matching.queries.places import places_left
from portal.matching.queries.results import round_out
from portal.matching.routes.blueprint import blueprint, hosts, students
from portal.matching.services import offers
from portal.matching.services.openings import free_applicants, openings_in


@blueprint.get("/matching/rounds/<id:round_id>/companies/<id:organisation_id>/offers")
@hosts
def list_company_offers(round_id: int, organisation_id: int) -> Response:
    """A company's offers, and the form for another."""
    return _company_page(round_id, organisation_id, OfferForm(formdata=None))


@blueprint.post("/matching/rounds/<id:round_id>/companies/<id:organisation_id>/offers")
@hosts
def add_offer(round_id: int, organisation_id: int) -> Response:
    """Offer an open place. Pressed twice, one offer is made."""
    form, season = OfferForm(), _round(round_id, organisation_id)
    try:
        offers.require_time(season)
        _offer(form, season, organisation_id)
        if not form.validate():
            return _company_page(round_id, organisation_id, form)
        offers.make_offer(
            posting=posting_for_company(actor(), form.posting_id.data), student_id=form.student_id.data, once=form.once.data,
            expires_at=moment_of(form.expires_on.data, form.expires_time.data), words=form.words.data or "", by=actor(),
        )  # fmt: skip
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _company_page(round_id, organisation_id, form, refused.status)
    flash(_("The place is offered. The student has been told by mail."), "success")
    return redirect(
        url_for("matching.list_company_offers", round_id=round_id, organisation_id=organisation_id)
    )


@blueprint.post("/matching/offers/<id:offer_id>/withdraw")
@hosts
def withdraw_offer(offer_id: int) -> Response:
    """Take an offer back before it is answered."""
    offer = offer_for_company(actor(), offer_id)
    round_id, company = offer.round_id, offer.organisation_id
    try:
        offers.withdraw_offer(offer=offer, by=actor())
    except Refused as refused:
        rollback()
        return _company_page(
            round_id, company, OfferForm(formdata=None), refused.status, refusal=refused.message
        )
    flash(_("The offer is taken back."), "success")
    return redirect(url_for("matching.list_company_offers", round_id=round_id, organisation_id=company))


@blueprint.get("/matching/offers")
@students
def list_offers() -> Response:
    """The student's offers."""
    return _student_page()


@blueprint.post("/matching/offers/<id:offer_id>/take")
@students
def take_offer(offer_id: int) -> Response:
    """Come to this company."""
    return _answer(offer_id, offers.take_offer, _("You have taken this place. The company has been told."))


@blueprint.post("/matching/offers/<id:offer_id>/decline")
@students
def decline_offer(offer_id: int) -> Response:
    """Not come; the place is free for another."""
    return _answer(offer_id, offers.decline_offer, _("You have declined. The company has been told."))


def _answer(offer_id: int, act: Callable[..., None], said: str) -> Response:
    offer: RollingOffer = offer_for_student(actor(), offer_id)
    try:
        act(offer=offer, by=actor())
    except Refused as refused:
        rollback()
        return _student_page(refused.status, refused.message)
    flash(said, "success")
    return redirect(url_for("matching.list_offers"))


def _student_page(status: int | None = None, refusal: Any = None) -> Response:
    rows = offers_to(actor(), current_language())
    postings = postings_of_offers(rows)
    facts = {
        posting.id: [
            (_("Period"), period_words(posting)), (_("Remuneration"), pay_words(posting.pay_unit, posting.pay_yen)),
        ]
        for posting in postings
    }  # fmt: skip
    readable = {posting.id for posting in postings if posting.state is PostingState.PUBLISHED}
    return page(
        "matching/list_offers.html", status, rows=rows, facts=facts, readable=readable, refusal=refusal, open_state=OfferState.OPEN,
    )  # fmt: skip


def _round(round_id: int, organisation_id: int) -> InternshipRound:
    """A round with results, to whoever offers places for the company; raises NotFound."""
    if organisation_id not in hosting_companies(actor()):
        raise NotFound
    return round_out(round_id)


def _offer(form: OfferForm, season: InternshipRound, organisation_id: int) -> bool:
    """Open places and whom they may be offered to; whether there are both."""
    language, openings = current_language(), openings_in(season)
    left = places_left(season.id, openings.used)
    seen = [
        p
        for p in postings_of(season.id, organisation_id)
        if p.state is PostingState.PUBLISHED and left.get(p.id)
    ]
    form.posting_id.choices = [(posting.id, posting.name(language)) for posting in seen]
    form.student_id.choices = sorted(
        free_applicants(openings, season.id, organisation_id, seen).items(), key=lambda each: each[1]
    )
    return bool(form.posting_id.choices and form.student_id.choices)


def _company_page(
    round_id: int, organisation_id: int, form: OfferForm, status: int | None = None, *, refusal: Any = None
) -> Response:  # fmt: skip
    season = _round(round_id, organisation_id)
    may_offer = offers.may_be_offered(season) and _offer(form, season, organisation_id)
    return page(
        "matching/list_company_offers.html", status, season=season, form=form, company=organisation_id, refusal=refusal,
        company_name=hosting_companies(actor())[organisation_id], may_offer=may_offer, open_state=OfferState.OPEN,
        rows=offers_by(round_id, organisation_id, current_language()),
    )  # fmt: skip
