"""The offer, or what became of it: the page of a member's renewal."""

from __future__ import annotations

from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.billing.policy import paying_organisations
from portal.core import access
from portal.core.access import actor
from portal.core.formats import day, yen
from portal.core.pages import page
from portal.domain.renewal_flow import RenewalState, last_day_to_answer, last_day_to_pay
from portal.membership import queries
from portal.membership.models import Renewal
from portal.membership.queries import renewals as reads
from portal.membership.queries.bills import fee_bill
from portal.membership.renewing import OFFER_CHANGED, present_words
from portal.membership.routes.blueprint import blueprint
from portal.membership.routes.renewals.prices import price_shown
from portal.membership.services import renewals as verbs

TONES = {
    "renewal.renewed": "good",
    "renewal.paid": "good",
    "renewal.declined": "over",
    "renewal.missed": "warn",
    "renewal.suspended": "bad",
    "renewal.lapsed": "bad",
    "renewal.offered": "info",
}


MOVES_DAY = frozenset({"renewal.extended", "renewal.reinstated"})
BY_MEMBERS = frozenset({"renewal.renewed", "renewal.declined"})


@blueprint.get("/membership/renewals/<id:renewal_id>")
@access.signed_in
def show_renewal(renewal_id: int) -> Response:
    """The offer, or what became of it, and what has happened."""
    renewal = reads.renewal_for(actor(), renewal_id)
    return page(
        "membership/show_renewal.html",
        renewal=renewal,
        is_open=verbs.is_answerable(renewal),
        last_day=last_day_to_answer(renewal.standing, renewal.campaign.season),
        entries=entries_of(renewal),
        notices=reads.notices_of(renewal),
        present=present_words(renewal.from_term.last_day),
        **_money(renewal),
        **price_shown(renewal, renewal.tier),
    )


def _money(renewal: Renewal) -> dict[str, Any]:
    """Until when the fee can be paid (in grace to its last day), whether it came too late, whether nobody is asked for it, and the invoice of the new contract for
    those who may see invoices."""
    found = reads.receivable_of(renewal.term_id) if renewal.term_id else None
    if found is None:
        return {"invoice": None, "pay_until": None, "came_late": False, "is_quiet": False}
    invoice, receivable = found
    return {
        "invoice": invoice if renewal.organisation_id in paying_organisations(actor()) else None,
        "pay_until": last_day_to_pay(renewal.state, renewal.next_on) or receivable.due_on,
        "is_quiet": receivable.written_off_yen > 0,
        "came_late": renewal.state is RenewalState.LAPSED and _is_fee_paid(renewal),
    }


def _is_fee_paid(renewal: Renewal) -> bool:
    fee = fee_bill(renewal.term_id) if renewal.term_id else None
    return fee is not None and fee.debt.is_paid


def _moved(entry: AuditEntry) -> str:
    """From which day to which a deadline moved, or an offer's price; empty where none did."""
    if entry.verb == OFFER_CHANGED:
        return " → ".join(yen(each) for each in entry.changes["total_yen"] if each)
    if entry.verb not in MOVES_DAY:
        return ""
    moved = entry.changes.get("pay_by") or entry.changes.get("deadline_on")
    each = moved if isinstance(moved, list) else [moved] if moved else []
    return " → ".join(day(date.fromisoformat(one)) for one in each if one)


def entries_of(renewal: Renewal) -> list[dict[str, Any]]:
    """The timeline as the company sees it: the office stands as one, colleagues by name."""
    found = timeline(renewal, for_staff=False)
    names = queries.names_of({e.actor_id for e in found if e.actor_id and e.verb in BY_MEMBERS})
    return [
        {
            "at": entry.at,
            "what": verb_label(entry.verb),
            "who": names.get(entry.actor_id or 0, "") if entry.verb in BY_MEMBERS else "",
            "note": "\n".join(each for each in (_moved(entry), entry.note) if each),
            "tone": TONES.get(entry.verb, "neutral"),
        }
        for entry in found
    ]
