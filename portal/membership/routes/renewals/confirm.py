"""What is confirmed by renewing: the form, its page, and what is said when it cannot be."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.access import Actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import day, fiscal_year, yen
from portal.core.forms import refuse
from portal.core.i18n import _
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.renewal_flow import last_day_to_answer
from portal.membership import queries
from portal.membership.models import Renewal, Tier
from portal.membership.queries.renewals import receivable_of
from portal.membership.renewal_forms import DeclineForm, RenewForm, fill
from portal.membership.renewing import AnswerWay, DeclineReason
from portal.membership.routes.renewals.prices import price_shown
from portal.membership.services import renewals as verbs
from portal.membership.services.renewals.buyers import renewal_buyer


def note_declined(renewal: Renewal, form: DeclineForm, by: Actor | int, way: AnswerWay) -> None:
    """Decline with what was typed."""
    verbs.decline(
        renewal=renewal, reason=DeclineReason(form.reason.data), note=form.note.data or "", by=by, way=way,
        seen=form.seen_version,
    )  # fmt: skip


def to_renewal(renewal: Renewal) -> Response:
    """Back to its page."""
    return redirect(url_for("membership.show_renewal", renewal_id=renewal.id))


def answered_before(renewal: Renewal) -> Response:
    """Somebody was faster: nothing was done twice."""
    return page("membership/renewal_overtaken.html", OutOfDate.status, renewal=renewal)


def renewed_words(renewal: Renewal) -> str:
    """To whoever has just renewed: which invoice, how much, until when, and that paying it completes the renewal."""
    owed = receivable_of(renewal.term_id) if renewal.term_id else None
    if owed is None:
        return str(_("Thank you. Your company renews for %(year)s.", year=fiscal_year(renewal.fiscal_year)))
    invoice, receivable = owed
    return str(
        _(
            "Thank you. Your company renews for %(year)s. Paying invoice %(number)s (%(amount)s, by %(day)s) completes the renewal; it has been mailed to your billing contact.",
            year=fiscal_year(renewal.fiscal_year), number=invoice.number, amount=yen(invoice.total_yen),
            day=day(receivable.due_on),
        )
    )  # fmt: skip


def undo_and_refuse(form: RenewForm, refused: Refused) -> None:
    """Undo what was begun, and say what is wrong at its field."""
    rollback()
    refuse(form, refused)


def renew_form(renewal: Renewal, tier: Tier) -> RenewForm:
    """The form that renews, asking only for what is not known."""
    form = RenewForm()
    form.ask_only(verbs.facts_to_ask(renewal.organisation, tier))
    if request.method != "POST":
        fill(
            form, seen=renewal.version, versions=",".join(str(v.id) for v in queries.current_rules().values())
        )
        _prefill(form)
    return form


def _prefill(form: RenewForm) -> None:
    """What was told on the page before, where a tier was chosen."""
    employees, founded = request.args.get("employees", ""), request.args.get("founded", "")
    if "employees" in form and employees.isascii() and employees.isdigit() and len(employees) < 9:
        form.employees.data = int(employees)
    if "founded_on" in form:
        try:
            form.founded_on.data = date.fromisoformat(founded)
        except ValueError:
            return


def wanted_tier(renewal: Renewal) -> Tier | None:
    """The tier that was chosen on the page before, else the offered one."""
    code = request.values.get("tier", "")[:20]
    chosen = queries.tier_for(code, renewal.fiscal_year) if code else None
    return chosen or renewal.tier


def confirm_page(
    template: str, status: int | None, form: RenewForm, renewal: Renewal, tier: Tier, **context: Any
) -> Response:
    """Price, wordings and buyer beside the form."""
    buyer, _language = renewal_buyer(renewal.organisation, renewal.from_term)
    return page(
        template,
        status,
        form=form,
        renewal=renewal,
        rules=list(queries.current_rules().values()),
        buyer=buyer,
        last_day=last_day_to_answer(renewal.standing, renewal.campaign.season),
        refusal=" ".join(str(words) for words in form.form_errors),
        **price_shown(renewal, tier),
        **context,
    )
