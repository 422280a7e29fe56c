"""What a company's ranking shows to its own people: tiers, who is undecided, who is not acceptable."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from portal.core.access import Actor
from portal.core.i18n import _, current_language, ngettext
from portal.domain.internships.interest_flow import ApprovalState
from portal.domain.internships.posting_flow import PostingState
from portal.domain.internships.ranking import Ranking
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipPosting, InternshipRound
from portal.internships.queries.interests import applicants_of
from portal.internships.queries.postings import postings_of
from portal.internships.queries.rounds import places_of
from portal.matching.list_pages import saved_words
from portal.matching.models import CompanyRanking
from portal.matching.queries.lists import own_ranking
from portal.matching.queries.prearranged import settled_with


@dataclass
class Candidate:
    """One applicant: in which postings they show interest, and whether a supervisor has approved any."""

    student_id: int
    name: str
    postings: list[str] = field(default_factory=list)
    approvals: list[ApprovalState] = field(default_factory=list)
    stands: str = ""

    @property
    def hint(self) -> str:
        """What keeps them from being placed here as things stand."""
        if ApprovalState.APPROVED in self.approvals:
            return ""
        if ApprovalState.ASKED in self.approvals:
            return _("The supervisor has not answered yet.")
        return _("The supervisor has not approved it.")


@dataclass(frozen=True, slots=True)
class RankingView:
    """A company's ranking of a round. `places`: students in all."""

    tiers: Sequence[Sequence[Candidate]]
    undecided: Sequence[Candidate]
    unacceptable: Sequence[Candidate]
    places: int
    version: int
    saved: str
    is_open: bool
    settled: Sequence[str]  # names of those whom the company takes by a placement arranged beforehand


def ranking_view(person: Actor, season: InternshipRound, organisation_id: int) -> RankingView:
    """What the page shows; five statements."""
    kept, offers = own_ranking(person, season.id, organisation_id), postings_of(season.id, organisation_id)
    settled = settled_with(season.id, organisation_id)
    people = _candidates(season.id, organisation_id, offers)
    ranking = standing_ranking(kept, people)
    refused = [people[who] for who in ranking.unacceptable]
    for each in refused:
        each.stands = _("%(name)s: not acceptable.", name=each.name)
    decided = ranking.ranked | set(ranking.unacceptable)
    return RankingView(
        tiers=[_told(n, [people[who] for who in tier]) for n, tier in enumerate(ranking.tiers, 1)],
        unacceptable=refused, undecided=[each for who, each in people.items() if who not in decided | settled.keys()],
        places=_places(season.id, organisation_id, offers), version=kept.version if kept else 0,
        saved=saved_words(kept.changed_at) if kept else "", is_open=season.stage is Stage.RANKING,
        settled=sorted(settled.values()),
    )  # fmt: skip


def standing_ranking(kept: CompanyRanking | None, people: Collection[int]) -> Ranking:
    """What was saved, of those who are still applicants."""
    if kept is None:
        return Ranking()
    tiers = [[who for who in tier if who in people] for tier in kept.tiers]
    return Ranking.of(tiers, [who for who in kept.unacceptable if who in people])


def _candidates(
    round_id: int, organisation_id: int, offers: Sequence[InternshipPosting]
) -> Mapping[int, Candidate]:
    """A company's applicants by number, in the order in which they came."""
    titles = {each.id: each.name(current_language()) for each in offers}
    found: dict[int, Candidate] = {}
    for row in applicants_of(organisation_id, round_id):
        one = found.setdefault(row.student_id, Candidate(row.student_id, row.name))
        one.postings.append(titles.get(row.posting_id, ""))
        one.approvals.append(row.approval)
    return found


def _told(place: int, tier: list[Candidate]) -> list[Candidate]:
    others = len(tier) - 1
    for each in tier:
        each.stands = (
            ngettext(
                "%(name)s: place %(place)s, tied with %(num)d other.", "%(name)s: place %(place)s, tied with %(num)d others.",
                others, name=each.name, place=place,
            )
            if others
            else _("%(name)s: place %(place)s, alone.", name=each.name, place=place)
        )  # fmt: skip
    return tier


def _places(round_id: int, organisation_id: int, offers: Sequence[InternshipPosting]) -> int:
    host = places_of(round_id, organisation_id)
    offered = sum(each.places for each in offers if each.state is PostingState.PUBLISHED)
    return offered if host is None else min(offered, host.places)
