"""What pages of internships show of a posting, in the reader's words."""

from __future__ import annotations

from typing import Any

from portal.accounts.enums import Role
from portal.audit.labels import verb_label
from portal.audit.models import AuditEntry
from portal.audit.queries import timeline
from portal.core import clock
from portal.core.formats import day, moment, yen
from portal.core.i18n import _, current_language, ngettext
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.prefectures import prefecture_name
from portal.hubs.queries import hub_names
from portal.internships.enums import APPROVAL_LABELS, STEP_LABELS, DataAgreement, PayUnit
from portal.internships.models import InternshipAgreement, InternshipPosting, InternshipRound
from portal.membership.choices import areas
from portal.membership.queries import names_of

OFFICE_VERBS = frozenset({"posting.published", "posting.returned"})


def posting_facts(posting: InternshipPosting) -> list[tuple[str, str]]:
    """The short facts, label and value, without those that were left empty."""
    language = current_language()
    found = [
        (_("Priority area"), dict(areas()).get(posting.area, "")),
        (_("Hub"), dict(hub_names(language)).get(posting.hub_id or 0, "")),
        (_("Period"), period_words(posting)),
        (_("Place of work"), _place(posting)),
        (_("Work from home"), str(posting.remote.label) if posting.remote else ""),
        (_("Language at work"), str(posting.language.label) if posting.language else ""),
        (_("Remuneration"), pay_words(posting.pay_unit, posting.pay_yen)),
        (_("Travel and lodging"), posting.expenses),
        (_("Places for interns"), _places(posting)),
        (_("Mentor"), posting.mentor),
        (_("Agreements on data and materials"), _agreements(posting) or _("none needed")),
        (
            _("Export control"),
            _("has to be checked before the start") if posting.has_export_control else _("no check needed"),
        ),
    ]
    return [(label, value) for label, value in found if value]


def posting_texts(posting: InternshipPosting) -> list[tuple[str, str]]:
    """The long texts, heading and words, without those that were left empty."""
    found = [
        (_("Duties"), posting.duties),
        (_("Required knowledge"), posting.knowledge),
        (_("Required skills"), posting.skills),
        (_("Data and materials that the intern works with"), posting.data_used),
        (_("Intellectual property"), posting.rights),
        (_("Confidentiality"), posting.confidentiality),
    ]
    return [(heading, words) for heading, words in found if words]


def interest_badge(approval: ApprovalState) -> tuple[str, str]:
    """What a company reads of the supervisor's word: its state and its label, never why."""
    return approval.value, str(APPROVAL_LABELS[approval])


def timetable_steps(season: InternshipRound) -> list[dict[str, Any]]:
    """The six moments as steps: what is over, what runs, what is to come."""
    times = season.timetable.moments
    over = [step for step, at in times.items() if at <= clock.now()]
    return [
        {
            "label": _("%(step)s: %(moment)s", step=STEP_LABELS[step], moment=moment(at)),
            "url": None,
            "state": "current" if over and step == over[-1] else "done" if step in over else "todo",
        }
        for step, at in times.items()
    ]


def history(
    subject: InternshipPosting | InternshipRound | InternshipAgreement, *, for_staff: bool
) -> list[dict[str, Any]]:
    """What happened, the earliest first. A company reads the names of its own people; the office acts as one."""
    entries = timeline(subject, for_staff=for_staff)[::-1]
    names = names_of({entry.actor_id for entry in entries if entry.actor_id})
    office, by_itself = str(Role.CAREER_SUPPORT.label), _("Portal, by itself")

    def who(entry: AuditEntry) -> str:
        if entry.actor_id is None:
            return by_itself
        return office if not for_staff and entry.verb in OFFICE_VERBS else names.get(entry.actor_id, "")

    return [{"at": e.at, "what": verb_label(e.verb), "who": who(e), "note": e.note} for e in entries]


def period_words(posting: InternshipPosting) -> str:
    """How long, on how many days a week, and between which days; empty while one of them is open."""
    if posting.starts_from is None or posting.ends_by is None or posting.weeks is None:
        return ""
    between = _("between %(start)s and %(end)s", start=day(posting.starts_from), end=day(posting.ends_by))
    weeks = ngettext("%(num)d week", "%(num)d weeks", posting.weeks)
    if posting.days_a_week is None:
        return f"{weeks}, {between}"
    days = ngettext("%(num)d day a week", "%(num)d days a week", posting.days_a_week)
    return _("%(weeks)s, %(days)s, %(between)s", weeks=weeks, days=days, between=between)


def _place(posting: InternshipPosting) -> str:
    where = prefecture_name(posting.prefecture, current_language()) if posting.prefecture else ""
    if posting.workplace.startswith(where):
        return posting.workplace
    return f"{posting.workplace}, {where}" if current_language() == "en" else where + posting.workplace


def pay_words(unit: str | None, amount_yen: int | None) -> str:
    """`¥1,800 an hour`; empty where nothing was said."""
    amount = yen(amount_yen)
    words = {
        PayUnit.HOUR.value: _("%(amount)s an hour", amount=amount),
        PayUnit.DAY.value: _("%(amount)s a day", amount=amount),
        PayUnit.MONTH.value: _("%(amount)s a month", amount=amount),
        PayUnit.UNPAID.value: _("No remuneration"),
    }
    return words[unit] if unit else ""


def _places(posting: InternshipPosting) -> str:
    places = ngettext("%(num)d student", "%(num)d students", posting.places)
    if not posting.least_places:
        return places
    return _("%(places)s (wished for at least: %(least)s)", places=places, least=posting.least_places)


def _agreements(posting: InternshipPosting) -> str:
    return _(", ").join(str(DataAgreement(kind).label) for kind in posting.data_agreements)
