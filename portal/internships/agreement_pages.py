"""What pages show of agreements, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from portal.core import clock
from portal.core.access import Actor
from portal.core.formats import day
from portal.core.i18n import _, current_language, in_words
from portal.core.links import url_for
from portal.domain.internships.agreements import AgreementKind, Holding
from portal.internships.enums import AGREEMENT_LABELS, AGREEMENT_STATE_LABELS
from portal.internships.models import InternshipAgreement, InternshipPosting, InternshipRound
from portal.internships.policy import administered_companies
from portal.internships.queries.needed import Lack, all_lacks, needs_of


def valid_words(from_on: date, until_on: date | None) -> str:
    """`from 1 Apr 2026 to 31 Mar 2027`, or without an end."""
    if until_on is None:
        return _("from %(start)s, without an end", start=day(from_on))
    return _("from %(start)s to %(end)s", start=day(from_on), end=day(until_on))


def kind_words(kinds: Iterable[AgreementKind]) -> str:
    """Their names in one line."""
    return _(", ").join(str(AGREEMENT_LABELS[kind]) for kind in kinds)


def listed(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Number, company, kind, signed, valid, state, its word: of rows of `queries.agreements.list_agreements`."""
    kinds, states, today = in_words(AGREEMENT_LABELS), in_words(AGREEMENT_STATE_LABELS), clock.today()
    found = []
    for number, company, kind, signed_on, from_on, until_on, ended_on in rows:
        state = Holding(AgreementKind(kind), from_on, until_on, ended_on).state_on(today)
        found.append(
            (number, company, kinds[AgreementKind(kind)], day(signed_on), valid_words(from_on, until_on), state.value, states[state])
        )  # fmt: skip
    return found


def agreement_facts(agreement: InternshipAgreement) -> list[tuple[str, str]]:
    """Its days, and how it ended."""
    found = [
        (_("Signed on"), day(agreement.signed_on)),
        (_("Valid"), valid_words(agreement.from_on, agreement.until_on)),
        (_("No longer holds from"), day(agreement.ended_on) if agreement.ended_on else ""),
        (_("Reason"), agreement.end_reason),
    ]
    return [(label, value) for label, value in found if value]


def lacks_by_company(round_id: int | None = None) -> list[tuple[Lack, str]]:
    """What is missing for rounds without a result, in words; of one round alone where it is named. For the office."""
    found = all_lacks(current_language())
    return [(lack, kind_words(lack.kinds)) for lack in found if round_id in (None, lack.round_id)]


def needed_of(
    season: InternshipRound, organisation_id: int, postings: Sequence[InternshipPosting], reader: Actor
) -> dict[str, Any]:
    """What the card of a round or a posting needs: kinds and whether they stand; the company's own page for its administrators."""
    needs = needs_of(season, organisation_id, postings)
    is_ours = organisation_id in administered_companies(reader)
    return {
        "needs": [(AGREEMENT_LABELS[kind], stands) for kind, stands in needs],
        "agreements_url": url_for("internships.list_agreements", organisation_id=organisation_id)
        if is_ours
        else None,
    }
