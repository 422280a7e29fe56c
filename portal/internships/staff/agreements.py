"""The register of agreements with host companies, and what a round needs of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import company_called
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.formats import file_size
from portal.core.forms import refuse
from portal.core.i18n import _, _l, current_language
from portal.core.pages import cursor_argument, page
from portal.core.transaction import rollback
from portal.domain.internships.agreements import AgreementKind, AgreementState
from portal.files.downloads import download
from portal.files.services import examine_upload
from portal.internships.agreement_pages import agreement_facts, lacks_by_company, listed
from portal.internships.enums import AGREEMENT_LABELS, AGREEMENT_STATE_LABELS
from portal.internships.forms.agreements import AgreementForm, EndForm, NeededForm
from portal.internships.models import InternshipAgreement
from portal.internships.pages import history
from portal.internships.policy import may_set_needed
from portal.internships.queries.agreements import agreement_for_office
from portal.internships.queries.agreements import list_agreements as read_register
from portal.internships.queries.rounds import round_for_office
from portal.internships.services import agreements as verbs
from portal.internships.staff.blueprint import blueprint, office

NO_COMPANY = _l("No company has this corporate number, or more than one has this name.")


@blueprint.get("/internships/agreements")
@office
def list_agreements() -> Response:
    """The register, the newest first; on top what is missing for rounds without a result."""
    words = request.args.get("q", "").strip()[:200].replace("\x00", "")
    kind = next((k for k in AgreementKind if k.value == request.args.get("kind")), None)
    state = next((s for s in AgreementState if s.value == request.args.get("state")), None)
    found = read_register(
        actor(), words=words, kind=kind, state=state, language=current_language(), cursor=cursor_argument()
    )
    kept = {"q": words or None, "kind": kind, "state": state}
    is_whole = not any(kept.values()) and not request.args.get("after")
    return page(
        "staff/internships/list_agreements.html", rows=listed(found.items), next_cursor=found.next_cursor, kept=kept,
        kinds=_chips("kind", AGREEMENT_LABELS, kept), states=_chips("state", AGREEMENT_STATE_LABELS, kept),
        lacks=lacks_by_company() if is_whole else [],
    )  # fmt: skip


@blueprint.route("/internships/agreements/new", methods=["GET", "POST"])
@office
def add_agreement() -> Response:
    """Enter a signed agreement. Pressed twice, one is entered."""
    form = AgreementForm()
    form.offer()
    if form.validate_on_submit():
        try:
            return _entered(form)
        except Refused as refused:
            rollback()
            refuse(form, refused)
            return page("staff/internships/add_agreement.html", refused.status, form=form)
    if not form.is_submitted():
        form.company.data = request.args.get("company", "")[:200]
    return page("staff/internships/add_agreement.html", form=form)


def _entered(form: AgreementForm) -> Response:
    if company_called(form.company.data) is None:
        raise Refused(NO_COMPANY, field="company")
    upload = examine_upload(form.file.data)
    company = company_called(form.company.data)  # judging the file has ended the transaction
    if company is None:
        raise Refused(NO_COMPANY, field="company")
    made = verbs.register_agreement(
        company=company, kind=AgreementKind(form.kind.data), signed_on=form.signed_on.data, from_on=form.from_on.data,
        until_on=form.until_on.data, upload=upload, note=form.note.data or "", once=form.once.data, by=actor(),
    )  # fmt: skip
    flash(_("The agreement stands in the register."), "success")
    return redirect(url_for("internships_staff.show_agreement", agreement_id=made.id))


@blueprint.get("/internships/agreements/<id:agreement_id>")
@office
def show_agreement(agreement_id: int) -> Response:
    """One agreement: its days, its document, what happened to it."""
    return _page(agreement_for_office(actor(), agreement_id), EndForm(formdata=None))


@blueprint.post("/internships/agreements/<id:agreement_id>/end")
@office
def end_agreement(agreement_id: int) -> Response:
    """It ends before its time, with a reason."""
    agreement, form = agreement_for_office(actor(), agreement_id), EndForm()
    if not form.validate():
        return _page(agreement, form)
    try:
        verbs.end_agreement(agreement=agreement, by=actor(), **form.values())
    except Refused as refused:
        rollback()
        refuse(form, refused)
        return _page(agreement_for_office(actor(), agreement_id), form, refused.status)
    flash(_("The agreement has ended early."), "success")
    return redirect(url_for("internships_staff.show_agreement", agreement_id=agreement_id))


@blueprint.post("/internships/agreements/<id:agreement_id>/document")
@office
def show_agreement_paper(agreement_id: int) -> Response:
    """The signed document; that it was opened stays in the trail."""
    agreement = agreement_for_office(actor(), agreement_id)
    verbs.note_reading(agreement=agreement, by=actor())
    return download(agreement.file)


@blueprint.route("/internships/rounds/<id:round_id>/agreements", methods=["GET", "POST"])
@office
def set_needed_agreements(round_id: int) -> Response:
    """What every company needs before the match of a round, and who lacks what."""
    season, form, status = round_for_office(actor(), round_id), NeededForm(), None
    form.offer()
    if form.validate_on_submit():
        try:
            verbs.set_needed(season=season, kinds=form.kinds(), by=actor())
            flash(_("Saved. Companies see what is needed on the page of the round."), "success")
            return redirect(url_for("internships_staff.show_round", round_id=round_id))
        except Refused as refused:
            rollback()
            refuse(form, refused)
            status, season = refused.status, round_for_office(actor(), round_id)
    elif not form.is_submitted():
        form.needed.data = list(season.needed_agreements)
    return page(
        "staff/internships/set_needed_agreements.html", status, form=form, season=season, lacks=lacks_by_company(round_id),
        may_set=may_set_needed(season),
    )  # fmt: skip


def _page(agreement: InternshipAgreement, form: EndForm, status: int | None = None) -> Response:
    file = {
        "name": agreement.file.name, "size": file_size(agreement.file.size), "posts": True,
        "url": url_for("internships_staff.show_agreement_paper", agreement_id=agreement.id),
    }  # fmt: skip
    return page(
        "staff/internships/show_agreement.html", status, agreement=agreement, form=form, file=file,
        label=AGREEMENT_LABELS[agreement.kind], facts=agreement_facts(agreement), entries=history(agreement, for_staff=True),
        may_end=agreement.ended_on is None and agreement.organisation_id not in actor().organisation_ids,
    )  # fmt: skip


def _chips(name: str, labels: dict[Any, Any], kept: dict[str, Any]) -> list[dict[str, Any]]:
    def chip(value: Any, label: Any) -> dict[str, Any]:
        address = url_for("internships_staff.list_agreements", **(kept | {name: value}))
        return {"label": label, "url": address, "active": kept[name] is value}

    return [chip(None, _("All")), *(chip(value, label) for value, label in labels.items())]
