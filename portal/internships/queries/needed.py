"""Which agreements are needed in a round, and where they are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from portal.accounts.models import Organisation
from portal.accounts.queries import name_column
from portal.core import clock
from portal.core.db import ask, db, written
from portal.domain.internships.agreements import AgreementKind, needed_kinds, posting_lacks
from portal.domain.internships.periods import latest, stay_fits
from portal.domain.internships.posting_flow import PostingState
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.queries.agreements import holdings_of

GONE = (PostingState.WITHDRAWN, PostingState.LAPSED)
_work, _rounds = InternshipPosting.__table__.c, InternshipRound.__table__.c


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing for a company's postings in a round that has no result yet. `round_name`, `company`: for the reader."""

    round_id: int
    round_name: str
    locks_at: datetime
    organisation_id: int
    company: str
    kinds: tuple[AgreementKind, ...]


def soonest_start(publishes_at: datetime) -> date:
    """The first day on which an internship of a round may begin."""
    return clock.day_of(publishes_at) + timedelta(days=1)


def too_late_in(season: InternshipRound) -> list[InternshipPosting]:
    """Open postings whose stay no longer fits behind the minute of publication: nobody is placed there. One statement."""
    first = soonest_start(max(season.publishes_at, clock.now()))
    here = select(InternshipPosting).where(
        InternshipPosting.round_id == season.id, InternshipPosting.state == PostingState.PUBLISHED
    )
    return [
        each
        for each in db.session.scalars(here.order_by(InternshipPosting.id))
        if not stay_fits(
            from_on=None, until_on=None, starts_from=latest(each.starts_from, first), ends_by=each.ends_by, weeks=each.weeks
        )
    ]  # fmt: skip


def needs_of(
    season: InternshipRound, organisation_id: int, postings: Sequence[InternshipPosting]
) -> list[tuple[AgreementKind, bool]]:
    """Each kind that these postings need, or the round of all where there is none yet; True where it holds over all their days.

    One statement, none where nothing is needed.
    """
    asked = [(p.starts_from, p.ends_by, p.data_agreements) for p in postings if p.state not in GONE]
    asked = asked or [(None, None, [])]
    needed = needed_kinds(season.needed_agreements, [name for _first, _last, data in asked for name in data])
    if not needed:
        return []
    holdings = holdings_of([organisation_id]).get(organisation_id, [])
    missing = {
        kind
        for first, last, data in asked
        for kind in posting_lacks(
            season.needed_agreements, soonest_start(season.publishes_at), holdings, starts_from=first, ends_by=last,
            data_agreements=data,
        )
    }  # fmt: skip
    return [(kind, kind not in missing) for kind in needed]


def lacks_of(organisation_id: int, language: str) -> list[Lack]:
    """What a company has to see to, also for its drafts; two statements."""
    return _lacks(ask(_asked(language, for_office=False), company=organisation_id))


def all_lacks(language: str) -> list[Lack]:
    """The same of all companies that have sent a posting in, by round and company; two statements. For the office alone."""
    return _lacks(ask(_asked(language, for_office=True)))


@cache
def _asked(language: str, *, for_office: bool) -> Select[Any]:
    """Postings of rounds without a result, in the order of rounds and companies."""
    hidden = (*GONE, PostingState.DRAFT) if for_office else GONE
    name = _rounds.name_en if language == "en" else _rounds.name_ja
    statement = (
        select(
            _rounds.id, name, _rounds.locks_at, _work.organisation_id, name_column(language), _rounds.needed_agreements,
            _rounds.publishes_at, _work.starts_from, _work.ends_by, _work.data_agreements,
        )
        .join_from(InternshipPosting.__table__, InternshipRound.__table__, _rounds.id == _work.round_id)
        .join(Organisation.__table__, Organisation.__table__.c.id == _work.organisation_id)
        .where(_rounds.chosen_at.is_(None), _rounds.cancelled_at.is_(None), _work.state.not_in(written(*hidden)))
        .order_by(_rounds.locks_at, _rounds.id, Organisation.__table__.c.name_kana, _work.organisation_id, _work.id)
    )  # fmt: skip
    return statement if for_office else statement.where(_work.organisation_id == bindparam("company"))


def _lacks(rows: Sequence[Any]) -> list[Lack]:
    asking = [row for row in rows if needed_kinds(row[5], row[9])]
    holdings = holdings_of({row[3] for row in asking}) if asking else {}
    found: dict[tuple[int, int], tuple[Any, set[AgreementKind]]] = {}
    for row in asking:
        _row, kinds = found.setdefault((row[0], row[3]), (row, set()))
        kinds |= set(
            posting_lacks(
                row[5], soonest_start(row[6]), holdings.get(row[3], []), starts_from=row[7], ends_by=row[8],
                data_agreements=row[9],
            )
        )  # fmt: skip
    return [
        Lack(row[0], row[1], row[2], row[3], row[4], tuple(kind for kind in AgreementKind if kind in kinds))
        for row, kinds in found.values()
        if kinds
    ]
