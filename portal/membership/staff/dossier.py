"""Everything that the office needs to see beside an application, gathered for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.accounts.queries.members import members_of
from portal.core.formats import fiscal_year
from portal.core.i18n import _, current_language
from portal.domain.application_flow import Change
from portal.membership import queries
from portal.membership.enums import AttachmentKind, Shown
from portal.membership.models import Application, ApplicationRevision, FieldComment, Tier
from portal.membership.queries.members import applications_of_company
from portal.membership.staff.answers import label_at
from portal.membership.staff.warnings import address_warnings
from portal.membership.summary import ATTACHMENTS, shown_changes
from portal.membership.wording import evidence_words

FILES = "files"  # how the diff names the attachments


@dataclass(frozen=True, slots=True)
class TierVerdict:
    """Whether a tier is open to the company, and why."""

    name: str
    is_chosen: bool
    is_eligible: bool
    is_by_arrangement: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Correction:
    """A remark of the office, and what became of the answer; one on the whole has none (`is_on_answer`)."""

    label: str
    remark: str
    old: str
    new: str
    is_changed: bool
    is_on_answer: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two versions: what was asked for, and the rest."""

    earlier: int
    later: int
    corrections: tuple[Correction, ...]
    others: tuple[dict[str, str], ...]


def verdicts(application: Application, tiers: Sequence[Tier]) -> list[TierVerdict]:
    """Every tier as it was judged when the application was sent in, the chosen one first."""
    evidence = application.eligibility or {}
    names = {tier.code: tier.name(current_language()) for tier in tiers}
    judged = [evidence, *evidence.get("others", [])]
    return [
        TierVerdict(
            names.get(one["tier"], one["tier"]),
            one is evidence,
            bool(one["is_eligible"]),
            bool(one["by_arrangement"]),
            tuple(evidence_words(one)),
        )
        for one in judged
    ]


def comparison(application: Application, tiers: Sequence[Tier], earlier: int) -> Comparison | None:
    """What changed since version `earlier`; None when there is nothing to compare."""
    if not 1 <= earlier < application.revision:
        return None
    changes = {_path(change): change for change in queries.changes_since(application, earlier)}
    asked = queries.comments_on(application, earlier)
    corrections = tuple(_correction(comment, changes.get(comment.path), tiers) for comment in asked)
    touched = {comment.path for comment in asked}
    rest = [change for path, change in changes.items() if path not in touched]
    others = tuple(shown_changes(rest, tiers, current_language()))
    return Comparison(earlier, application.revision, corrections, others)


def _path(change: Change) -> str:
    return ATTACHMENTS if change.path == FILES else change.path


def _correction(comment: FieldComment, change: Change | None, tiers: Sequence[Tier]) -> Correction:
    shown = shown_changes([change], tiers, current_language())[0] if change else {"old": "", "new": ""}
    return Correction(
        label_at(comment.path),
        comment.text,
        shown["old"],
        shown["new"],
        is_changed=change is not None,
        is_on_answer=bool(comment.path),
    )


def remarks(application: Application) -> list[tuple[str, str]]:
    """What the applicant is asked to correct now: pairs of label and remark."""
    return [(label_at(comment.path), comment.text) for comment in queries.comments_on(application)]


def attachments(application: Application, revision: ApplicationRevision) -> list[dict[str, Any]]:
    """The files of a version, for the list of files."""
    return [
        {
            "name": file["name"],
            "url": url_for(
                "membership_staff.download_attachment",
                application_id=application.id,
                attachment_id=file["id"],
            ),
            "kind": str(AttachmentKind(file["kind"]).label),
            "note": f"SHA-256 {file['sha256'][:12]}…",
            "posts": True,
        }
        for file in revision.files
    ]


def acceptances(application: Application) -> list[dict[str, Any]]:
    """Who accepted which wording with the version that is being reviewed."""
    found = [a for a in queries.acceptances_of(application) if a.revision == application.revision]
    names = queries.names_of({a.person_id for a in found})
    return [
        {
            "kind": a.rules_version.kind.label,
            "version": a.rules_version.version,
            "who": names.get(a.person_id, ""),
            "at": a.accepted_at,
            "url": url_for("membership.show_rules", version_id=a.rules_version.id),
        }
        for a in found
    ]


def elsewhere(application: Application) -> list[dict[str, Any]]:
    """The company's other applications and its contracts, newest first."""
    company_id = application.organisation_id or 0
    others = [a for a in applications_of_company(company_id) if a.id != application.id]
    lines: list[tuple[int, dict[str, Any]]] = [
        (
            a.fiscal_year,
            _line(
                _("Application %(number)s", number=a.receipt_number or ""), a.fiscal_year, a.shown_state, a.id
            ),
        )
        for a in others
    ]
    language = current_language()
    lines += [
        (
            t.fiscal_year,
            _line(_("Contract: %(tier)s", tier=t.tier_name(language)), t.fiscal_year, t.shown_state),
        )
        for t in queries.terms_of(company_id)
    ]
    return [line for _year, line in sorted(lines, key=lambda pair: -pair[0])]


def _line(label: str, year: int, state: Shown, application_id: int | None = None) -> dict[str, Any]:
    url = (
        url_for("membership_staff.show_application", application_id=application_id) if application_id else ""
    )
    return {"label": label, "year": fiscal_year(year), "state": state, "url": url}


def price_lines(application: Application) -> list[dict[str, Any]]:
    """The price as it was fixed when the application was sent in."""
    price = application.price or {}
    return [
        {"label": _("Annual fee (tax excluded)"), "amount": price["fee_yen"]},
        {"label": _("Consumption tax (%(percent)s%%)", percent=price["percent"]), "amount": price["tax_yen"]},
        {"label": _("Total (tax included)"), "amount": price["total_yen"]},
    ]


def warnings(application: Application, revision: ApplicationRevision) -> list[str]:
    """Addresses to look at twice."""
    people = [member.person.email for member in members_of(application.organisation_id or 0)]
    return address_warnings(revision, people)
