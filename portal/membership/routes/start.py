"""Begin an application: at once when signed in, by a link in a mail for a stranger."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.services.doors import request_start
from portal.core import access
from portal.core.access import Actor, current_actor
from portal.core.errors import Refused
from portal.core.formats import fiscal_year
from portal.core.forms import refuse
from portal.core.i18n import _, current_language
from portal.core.limiting import Limit, everybody, is_known, limit_posts, network_address, typed_address
from portal.core.pages import page
from portal.domain.application_flow import ApplicationState
from portal.membership import queries
from portal.membership.forms import StartForm, StrangerForm, offered
from portal.membership.models import Application, Tier
from portal.membership.policy import ACTING_ROLES
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.tiers import chosen_year, shown_years, year_data
from portal.membership.services import start_application as begin

ANOTHER_COMPANY = 0


@blueprint.route("/membership/start", methods=["GET", "POST"])
@limit_posts(
    "start",
    Limit("30 per hour", network_address, is_known),
    Limit("5 per hour", typed_address, is_known),
    Limit("300 per hour", everybody, is_known),
)
@access.public_or_signed_in
def start_application() -> Response:
    """Whoever is signed in begins; a stranger is mailed a link. Outside the windows the page says when they open."""
    person = current_actor()
    if not queries.open_windows():
        windows = queries.windows()
        years = [year_data(year, windows) for year in shown_years(windows)]
        return page("membership/start_closed.html", 200 if request.method != "POST" else 422, years=years)
    return _begin(person) if person is not None else _welcome()


def _begin(person: Actor) -> Response:
    windows = queries.open_windows()
    form = StartForm(data=_first_choices(person))
    form.fiscal_year.choices = offered((w.fiscal_year, fiscal_year(w.fiscal_year)) for w in windows)
    form.organisation.choices = offered(_companies(person))
    tier = _chosen_tier(form.fiscal_year.data)
    if form.validate_on_submit():
        try:
            application = begin(
                fiscal_year=form.fiscal_year.data,
                organisation_id=form.organisation.data or None,
                tier_code=tier.code if tier else "",
                once=form.once.data,
                by=person,
            )
            return redirect(_first_page(application))
        except Refused as refused:
            refuse(form, refused)
    drafts = [a for a in queries.applications_of(person).items if a.state.is_editable]
    return page("membership/start.html", form=form, drafts=drafts, windows=windows, tier=tier)


def _welcome() -> Response:
    form = StrangerForm()
    windows = queries.open_windows()
    year = chosen_year([window.fiscal_year for window in windows], windows)
    tier = _chosen_tier(year)
    onward = url_for("membership.start_application", year=year, tier=tier.code if tier else None)
    if form.validate_on_submit():
        try:
            request_start(
                email=form.email.data, name=form.name.data, language=current_language(), next_path=onward
            )
            return page("membership/start_sent.html", email=form.email.data)
        except Refused as refused:
            refuse(form, refused)
    return page("membership/start_stranger.html", form=form, year=year, tier=tier, onward=onward)


def _chosen_tier(year: int | None) -> Tier | None:
    """The tier whose button led here, if that year has it; the company may still choose another."""
    wanted = request.args.get("tier", "")
    return queries.tier_for(wanted, year) if wanted and year is not None else None


def _first_choices(person: Actor) -> dict[str, int]:
    windows = queries.open_windows()
    year = chosen_year([window.fiscal_year for window in windows], windows)
    companies = person.organisations_with(*ACTING_ROLES)
    return {"fiscal_year": year, "organisation": companies[0] if companies else ANOTHER_COMPANY}


def _companies(person: Actor) -> list[tuple[int, str]]:
    names = {m.organisation_id: m.organisation_name for m in person.mandates}
    own = [(number, names[number]) for number in person.organisations_with(*ACTING_ROLES)]
    return [*own, (ANOTHER_COMPANY, _("Another company") if own else _("A company that is not here yet"))]


def _first_page(application: Application) -> str:
    if application.state is not ApplicationState.DRAFT:
        return url_for("membership.show_application", application_id=application.id)
    return url_for("membership.edit_step", application_id=application.id, page="company")
