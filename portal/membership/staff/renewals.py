"""One member's renewal as the office sees it, and what the office does by hand: fill in, see the effect, confirm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.billing.policy import may_keep_books
from portal.core.access import actor
from portal.core.errors import OutOfDate, Refused
from portal.core.formats import day
from portal.core.forms import refuse
from portal.core.i18n import _, _l, current_language
from portal.core.integrity import as_refusal
from portal.core.pages import page
from portal.core.transaction import rollback
from portal.domain.renewal_flow import Act, Party, allowed_acts, next_step
from portal.membership import queries
from portal.membership.models import Renewal
from portal.membership.policy import may_keep_renewals
from portal.membership.queries import renewals as reads
from portal.membership.renewal_forms import AnswerForm, fill
from portal.membership.renewing import (
    DECLINE_LABELS,
    REASON_WORDS,
    RENEWAL_LABELS,
    WAY_LABELS,
    DeclineReason,
)
from portal.membership.services import renewals as verbs
from portal.membership.services.rehearsal import rehearse
from portal.membership.staff.blueprint import blueprint, keepers, readers
from portal.membership.staff.renewal_forms import TelephoneForm, UntilForm

SHOW = "membership_staff.show_renewal"
CONFIRM, CHANGE = "confirm", "change"
TONES = {
    "renewal.renewed": "good",
    "renewal.paid": "good",
    "renewal.declined": "over",
    "renewal.missed": "warn",
    "renewal.paid_late": "warn",
    "renewal.suspended": "bad",
    "renewal.lapsed": "bad",
    "renewal.offered": "info",
    "renewal.extended": "info",
    "renewal.reinstated": "info",
}
FACTS = {
    "tier": _l("Tier"),
    "deadline_on": _l("Answer by"),
    "pay_by": _l("Pay by"),
    "number": _l("Invoice"),
    "answer_way": _l("Answered"),
    "decline_reason": _l("Reason"),
    "reason": _l("Reason"),
}


class Step(StrEnum):
    """What the office does by hand."""

    EXTEND = "extend"
    DECLINE = "decline"
    REINSTATE = "reinstate"

    @property
    def label(self) -> Any:
        return STEP_LABELS[self]

    @property
    def act(self) -> Act:
        """In the flow."""
        return Act(self.value)


STEP_LABELS = {
    Step.EXTEND: _l("Give more time"),
    Step.DECLINE: _l("Record that it does not renew"),
    Step.REINSTATE: _l("Take up again"),
}
DONE = {
    Step.EXTEND: _l("More time is given. The company has been told."),
    Step.DECLINE: _l("It is recorded that the company does not renew. The company has been told."),
    Step.REINSTATE: _l("The renewal is taken up again. The company has been told."),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """How a step is taken: its form and its verb."""

    step: Step
    form: type[AnswerForm]
    act: Callable[[Renewal, Any], Any]


@blueprint.get("/membership/renewals/members/<id:renewal_id>")
@readers
def show_renewal(renewal_id: int) -> Response:
    """Where it stands and why, what comes next and when, reminders, the invoice, everything that has happened."""
    renewal = reads.renewal_for_review(actor(), renewal_id)
    owed = reads.receivable_of(renewal.term_id) if renewal.term_id else None
    window = queries.window_of(renewal.fiscal_year)
    return page(
        "staff/membership/show_renewal.html",
        renewal=renewal,
        upcoming=_upcoming(renewal),
        actions=_actions(renewal),
        notices=reads.notices_of(renewal),
        acceptances=reads.acceptances_of_renewal(renewal),
        invoice=owed[0] if owed else None,
        receivable=owed[1] if owed else None,
        opens_invoice=may_keep_books(actor()),
        entries=entries_of(renewal),
        answered_by=queries.names_of({renewal.answered_by_id} if renewal.answered_by_id else set()),
        places=queries.places_in(window) if window else None,
    )


@blueprint.route("/membership/renewals/members/<id:renewal_id>/extend", methods=["GET", "POST"])
@keepers
def extend_renewal(renewal_id: int) -> Response:
    """More time for one member."""
    return _take(renewal_id, EXTEND)


@blueprint.route("/membership/renewals/members/<id:renewal_id>/decline", methods=["GET", "POST"])
@keepers
def decline_renewal(renewal_id: int) -> Response:
    """The company said on the telephone that it does not renew."""
    return _take(renewal_id, DECLINE)


@blueprint.route("/membership/renewals/members/<id:renewal_id>/reinstate", methods=["GET", "POST"])
@keepers
def reinstate_renewal(renewal_id: int) -> Response:
    """Take a suspended, lapsed or declined renewal up again."""
    return _take(renewal_id, REINSTATE)


def _take(renewal_id: int, turn: Turn) -> Response:
    renewal = reads.renewal_for_review(actor(), renewal_id)
    form = turn.form()
    if request.method != "POST":
        fill(form, seen=renewal.version)
        return _show(renewal, turn, form)
    progress = request.form.get("step")
    if progress == CHANGE or not form.validate():
        return _show(renewal, turn, form)
    try:
        if progress == CONFIRM:
            turn.act(renewal, form)
            flash(DONE[turn.step], "success")
            return redirect(url_for(SHOW, renewal_id=renewal_id))
        plan = rehearse(lambda: turn.act(renewal, form), current_language())
    except OutOfDate as late:
        rollback()
        now = reads.renewal_for_review(actor(), renewal_id)
        return page("staff/membership/renewal_overtaken.html", late.status, renewal=now, message=late.message)
    except (Refused, IntegrityError) as error:
        _refuse(form, error)
        return _show(reads.renewal_for_review(actor(), renewal_id), turn, form)
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "step")
    ]
    return page(
        "staff/membership/preview_renewal.html", renewal=reads.renewal_for_review(actor(), renewal_id), plan=plan,
        step=turn.step, said=_said(form), kept=kept, confirm=CONFIRM, change=CHANGE,
    )  # fmt: skip


def _show(renewal: Renewal, turn: Turn, form: AnswerForm) -> Response:
    window = queries.window_of(renewal.fiscal_year)
    places = queries.places_in(window) if window else None
    return page(
        "staff/membership/step_renewal.html",
        renewal=renewal,
        form=form,
        step=turn.step,
        hurdle=_hurdle(renewal, turn.step),
        awaited_on=renewal.standing.awaited_on,
        is_full=places is not None and places.is_full,
    )


def _hurdle(renewal: Renewal, step: Step) -> str:
    """What stands in the way of a step; empty when nothing does."""
    if not may_keep_renewals(actor(), renewal.organisation_id):
        return _("You belong to this company, so somebody else has to act on its renewal.")
    if step.act not in _possible(renewal):
        return _("This step is not open now. The renewal is: %(state)s.", state=RENEWAL_LABELS[renewal.state])
    return ""


def _possible(renewal: Renewal) -> tuple[Act, ...]:
    return allowed_acts(renewal.state, Party.OFFICE, agreed=renewal.is_agreed)


def _actions(renewal: Renewal) -> list[dict[str, Any]]:
    """The steps that are open to the reader."""
    if not may_keep_renewals(actor(), renewal.organisation_id):
        return []
    possible = _possible(renewal)
    return [
        {"label": step.label, "url": url_for(f"membership_staff.{step.value}_renewal", renewal_id=renewal.id)}
        for step in Step
        if step.act in possible
    ]


def _upcoming(renewal: Renewal) -> dict[str, Any] | None:
    """What the calendar does next, and why it stands here until then."""
    step = next_step(renewal.standing, renewal.campaign.season)
    if step is None:
        return None
    on = renewal.next_on or step.on
    return {"on": on, "state": RENEWAL_LABELS[step.new], "why": REASON_WORDS[step.reason]}


def _said(form: AnswerForm) -> list[tuple[str, str]]:
    found = []
    for name, field in form._fields.items():
        if name in ("csrf_token", "once", "seen") or field.data in (None, ""):
            continue
        labels = {c.value: c.label for c in getattr(field, "choices", None) or ()}
        words = day(field.data) if isinstance(field.data, date) else labels.get(field.data, field.data)
        found.append((str(field.label.text), str(words)))
    return found


def _refuse(form: AnswerForm, error: Refused | IntegrityError) -> None:
    refusal = error if isinstance(error, Refused) else as_refusal(error)
    rollback()
    if refusal is None:
        raise error
    refuse(form, refusal)


def entries_of(renewal: Renewal) -> list[dict[str, Any]]:
    """Everything that happened to it and to its contract, the newest first."""
    found = [*timeline(renewal, for_staff=True)]
    if renewal.term is not None:
        found += timeline(renewal.term, for_staff=True)
    found.sort(key=lambda entry: (entry.at, entry.id), reverse=True)
    names = queries.names_of({entry.actor_id for entry in found if entry.actor_id})
    return [_entry(entry, names) for entry in found]


def _entry(entry: AuditEntry, names: Mapping[int, str]) -> dict[str, Any]:
    said = [
        _("%(term)s: %(value)s", term=str(FACTS[name]), value=_shown(value))
        for name, value in entry.changes.items()
        if name in FACTS and value
    ]
    return {
        "at": entry.at,
        "what": verb_label(entry.verb),
        "who": _("Portal, by itself") if entry.actor_id is None else names.get(entry.actor_id, ""),
        "note": "\n".join([*said, *([entry.note] if entry.note else [])]),
        "tone": TONES.get(entry.verb, "neutral"),
    }


_WORDS: dict[str, Any] = {
    **{way.value: words for way, words in WAY_LABELS.items()},
    **{reason.value: words for reason, words in DECLINE_LABELS.items()},
    **{reason.value: words for reason, words in REASON_WORDS.items()},
}


def _shown(value: Any) -> str:
    """A day, a word of ours, or old → new."""
    if isinstance(value, list):
        return " → ".join(_shown(part) for part in value)
    try:
        return day(date.fromisoformat(str(value)))
    except ValueError:
        return str(_WORDS.get(str(value), value))


EXTEND = Turn(
    Step.EXTEND,
    UntilForm,
    act=lambda renewal, form: verbs.extend(
        renewal=renewal, until=form.until.data, reason=form.reason.data, by=actor(), seen=form.seen_version
    ),
)
DECLINE = Turn(
    Step.DECLINE,
    TelephoneForm,
    act=lambda renewal, form: verbs.decline_by_telephone(
        renewal=renewal,
        reason=DeclineReason(form.reason.data),
        note=form.note.data,
        by=actor(),
        seen=form.seen_version,
    ),
)
REINSTATE = Turn(
    Step.REINSTATE,
    UntilForm,
    act=lambda renewal, form: verbs.reinstate(
        renewal=renewal, until=form.until.data, reason=form.reason.data, by=actor(), seen=form.seen_version
    ),
)
