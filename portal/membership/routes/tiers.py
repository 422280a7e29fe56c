"""The public table of tiers, and quotes before applying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response

from portal.accounts.models import Organisation
from portal.billing.models import Quote
from portal.core import access, clock
from portal.core.access import current_actor
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.forms import refuse
from portal.core.i18n import current_language
from portal.core.limiting import Limit, everybody, is_known, limit_posts, visitor
from portal.core.links import url_for
from portal.core.pages import page
from portal.domain.documents import PartySnapshot
from portal.files.downloads import download
from portal.files.models import StoredFile
from portal.membership import queries
from portal.membership.enums import WindowState
from portal.membership.forms import QuoteForm, offered
from portal.membership.models import ApplicationWindow, Tier
from portal.membership.policy import ACTING_ROLES
from portal.membership.prices import Price
from portal.membership.routes.blueprint import blueprint
from portal.membership.services import prices_now, quote_tier

Windows = Sequence[ApplicationWindow]


@dataclass(frozen=True, slots=True)
class Year:
    """A fiscal year on the page."""

    year: int
    window: ApplicationWindow | None
    state: WindowState
    tiers: tuple[tuple[Tier, Price], ...]


def shown_years(windows: Windows) -> list[int]:
    """This fiscal year, the next one, and any further one whose window is set."""
    first = queries.this_year()
    planned = {w.fiscal_year for w in windows if w.fiscal_year >= first}
    return sorted({first, first + 1} | planned)[:3]


def year_data(year: int, windows: Windows) -> Year:
    """Tiers with prices, and the window."""
    window = next((each for each in windows if each.fiscal_year == year), None)
    tiers = queries.tiers_for(year)
    priced = tuple(zip(tiers, prices_now(tiers, year), strict=True))
    return Year(year, window, queries.window_state(window), priced)


def chosen_year(years: list[int], windows: Windows) -> int:
    """The year in the URL or the form; else the nearest that takes applications; else the last."""
    text = request.values.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in years:
        return int(text)
    now = clock.now()
    opened = [
        w.fiscal_year for w in windows if w.state_at(now) is WindowState.OPEN and w.fiscal_year in years
    ]
    return min(opened) if opened else years[-1]


def chosen_data() -> tuple[list[int], Year]:
    """The years that are shown, and the chosen one."""
    windows = queries.windows()
    years = shown_years(windows)
    return years, year_data(chosen_year(years, windows), windows)


@blueprint.get("/membership/tiers")
@access.public
def list_tiers() -> Response:
    """What each tier costs and includes, and when one may apply."""
    years, shown = chosen_data()
    places = queries.places_in(shown.window) if shown.window else None
    tabs = [
        {"label": year, "url": url_for("membership.list_tiers", year=year), "active": year == shown.year}
        for year in years
    ]
    return page("membership/list_tiers.html", shown=shown, tabs=tabs, places=places, WindowState=WindowState)


@blueprint.route("/membership/quote", methods=["GET", "POST"])
@limit_posts(
    "quote",
    Limit("20 per hour", visitor),
    Limit("60 per day", visitor),
    Limit("300 per day", everybody, is_known),
)
@access.public_or_signed_in
def show_quote() -> Response:
    """A quote as PDF, for a typed company or one's own."""
    _years, shown = chosen_data()
    form = _quote_form(shown)
    if form.validate_on_submit():
        try:
            quote = _make_quote(form, shown)
        except Refused as refused:
            refuse(form, refused)
        else:
            return _hand_over(quote)
    return page("membership/show_quote.html", form=form, shown=shown)


def _hand_over(quote: Quote) -> Response:
    """Whoever is signed in finds it on its page; a stranger gets the paper itself."""
    if current_actor() is not None:
        return redirect(url_for("billing.show_quote", quote_id=quote.id))
    return download(db.session.get_one(StoredFile, quote.file_id))


def _quote_form(shown: Year) -> QuoteForm:
    own, language, person = _own_company(), current_language(), current_actor()
    known: dict[str, Any] = {"tier": request.args.get("tier") or None}
    if own is not None and person is not None:
        known |= {"company": own.name(language), "postal_code": own.postal_code}
        known |= {"address": own.address, "person": person.name}
    form = QuoteForm(data=known)
    form.tier.choices = offered((tier.code, tier.name(language)) for tier, _price in shown.tiers)
    return form


def _own_company() -> Organisation | None:
    person = current_actor()
    ids = person.organisations_with(*ACTING_ROLES) if person else ()
    return db.session.get(Organisation, ids[0]) if ids else None


def _make_quote(form: QuoteForm, shown: Year) -> Quote:
    tier, price = next(pair for pair in shown.tiers if pair[0].code == form.tier.data)
    own = _own_company()
    is_own = own is not None and form.company.data in (own.name_ja, own.name_en)
    buyer: dict[str, Any] = {
        name: getattr(form, name).data or "" for name in ("department", "person", "postal_code", "address")
    }
    return quote_tier(
        tier=tier,
        fiscal_year=shown.year,
        price=price.as_document(),
        buyer=PartySnapshot(name=form.company.data, **buyer),
        organisation=own if is_own else None,
        language=current_language(),
        once=form.once.data,
        by=current_actor(),
    )
