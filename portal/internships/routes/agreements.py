"""A company's agreements, for its administrators."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from portal.accounts.enums import Role
from portal.core import access
from portal.core.access import actor
from portal.core.formats import file_size
from portal.core.i18n import current_language
from portal.core.pages import page
from portal.files.downloads import download
from portal.internships.agreement_pages import agreement_facts, kind_words
from portal.internships.enums import AGREEMENT_LABELS
from portal.internships.policy import hosting_companies
from portal.internships.queries.agreements import agreement_for_company, agreements_of
from portal.internships.queries.needed import lacks_of
from portal.internships.routes.blueprint import blueprint

administrators = access.roles(Role.COMPANY_ADMIN)


@blueprint.get("/internships/companies/<id:organisation_id>/agreements")
@administrators
def list_agreements(organisation_id: int) -> Response:
    """All that stand in the register, the newest first, and what is missing for rounds without a result."""
    shown = [
        (
            each, AGREEMENT_LABELS[each.kind], agreement_facts(each),
            {"name": each.file.name, "size": file_size(each.file.size),
             "url": url_for("internships.show_agreement_paper", agreement_id=each.id)},
        )
        for each in agreements_of(actor(), organisation_id)
    ]  # fmt: skip
    lacks = [(lack, kind_words(lack.kinds)) for lack in lacks_of(organisation_id, current_language())]
    return page(
        "internships/list_agreements.html", shown=shown, lacks=lacks, company_name=hosting_companies(actor())[organisation_id]
    )  # fmt: skip


@blueprint.get("/internships/agreements/<id:agreement_id>/document")
@administrators
def show_agreement_paper(agreement_id: int) -> Response:
    """The signed document."""
    return download(agreement_for_company(actor(), agreement_id).file)
