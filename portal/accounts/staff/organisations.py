"""Organisations, as the office sees them."""

from __future__ import annotations

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from portal.accounts.enums import OrganisationKind, Role, industry_words
from portal.accounts.forms.staff import OrganisationForm
from portal.accounts.policy import may_govern
from portal.accounts.queries import directory
from portal.accounts.queries.members import invitations_of, members_of
from portal.accounts.services.offers import is_expired
from portal.accounts.services.organisations import update_organisation
from portal.accounts.staff.blueprint import blueprint
from portal.audit.labels import verb_label
from portal.audit.queries import timeline
from portal.core import access
from portal.core.access import actor
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.links import url_for
from portal.core.pages import cursor_argument, page

office = access.roles(Role.SECRETARIAT, Role.ADMINISTRATOR)


@blueprint.get("/organisations")
@office
def list_organisations() -> Response:
    """All organisations by kana; filter by kind, search by name or number."""
    text = request.args.get("q", "").strip()[:200].replace("\x00", "")
    kind = next((k for k in OrganisationKind if k.value == request.args.get("kind")), None)
    found = directory.list_organisations(
        kind=kind, text=text, cursor=cursor_argument(), language=current_language()
    )
    return page(
        "staff/accounts/list_organisations.html",
        found=found,
        kind_labels={each: str(each.label) for each in OrganisationKind},
        kind=kind,
        text=text,
        kinds=_chips(kind, text),
    )


@blueprint.get("/organisations/<id:organisation_id>")
@office
def show_organisation(organisation_id: int) -> Response:
    """One organisation: data, people, invitations, trail."""
    organisation = directory.find_organisation(organisation_id)
    entries = [
        {"at": e.at, "what": verb_label(e.verb), "note": e.note}
        for e in timeline(organisation, for_staff=True)
    ]
    return page(
        "staff/accounts/show_organisation.html",
        industry=industry_words(organisation.industry),
        organisation=organisation,
        members=members_of(organisation_id),
        invitations=[pair for pair in invitations_of(organisation_id) if pair[0].answered_at is None],
        is_expired=is_expired,
        entries=entries[::-1][:30],
        may_govern=may_govern(actor()),
    )


@blueprint.route("/organisations/<id:organisation_id>/edit", methods=["GET", "POST"])
@office
def edit_organisation(organisation_id: int) -> Response:
    """Correct an organisation's data; what is frozen elsewhere (terms, invoices) stays as it was."""
    organisation = directory.find_organisation(organisation_id)
    form = OrganisationForm(obj=organisation)
    if form.validate_on_submit():
        try:
            update_organisation(organisation=organisation, by=actor(), **form.values())
            flash(_("The data of %(name)s are saved.", name=organisation.name_ja), "success")
            return redirect(url_for("accounts_staff.show_organisation", organisation_id=organisation_id))
        except Refused as refused:
            refuse(form, refused)
    return page("staff/accounts/edit_organisation.html", form=form, organisation=organisation)


def _chips(chosen: OrganisationKind | None, text: str) -> list[dict[str, object]]:
    def link(kind: OrganisationKind | None) -> str:
        return url_for("accounts_staff.list_organisations", kind=kind.value if kind else None, q=text or None)

    every: list[dict[str, object]] = [{"label": _("All"), "url": link(None), "active": chosen is None}]
    return every + [
        {"label": kind.label, "url": link(kind), "active": kind is chosen} for kind in OrganisationKind
    ]
