"""A company ranks its applicants until the lists lock: tiers, and who is not acceptable. Its own people alone read it."""

from __future__ import annotations

from sqlalchemy import update

from portal.audit.enums import Audience
from portal.audit.services import record
from portal.core import clock
from portal.core.access import Actor
from portal.core.conditional import add_or_find, change_one
from portal.core.errors import OutOfDate, Refused
from portal.core.i18n import _l
from portal.domain.internships.ranking import Ranking
from portal.domain.internships.timetable import Stage
from portal.internships.models import InternshipRound
from portal.internships.policy import hosting_organisations
from portal.internships.queries.interests import applicants_of
from portal.matching.models import CompanyRanking
from portal.matching.queries.lists import own_ranking
from portal.matching.services.lists import A_SITTING, NOT_OPEN

NOT_YOURS = _l("Applicants are ranked by the mentors and administrators of a company.")
CHANGED = _l(
    "The ranking was changed in another window or by a colleague. It stands here as it is now; your last step was not made, please make it again."
)
NO_APPLICANT = _l("You can rank those who show interest in an open posting of your company.")
TWICE = _l("Everybody can stand in one place only.")


def save_ranking(
    *, season: InternshipRound, organisation_id: int, ranking: Ranking, version: int, by: Actor
) -> CompanyRanking:  # fmt: skip
    """The company's tiers and those who are not acceptable; `version` is what the page showed, 0 for the first time.

    Raises Refused where somebody is no applicant, OutOfDate when it was changed meanwhile or ranking is not open.
    """
    if organisation_id not in hosting_organisations(by):
        raise Refused(NOT_YOURS)
    if season.stage is not Stage.RANKING:
        raise OutOfDate(NOT_OPEN)
    _check(ranking, organisation_id, season.id)
    said = {
        "tiers": [list(tier) for tier in ranking.tiers], "unacceptable": list(ranking.unacceptable),
        "changed_at": clock.now(), "changed_by_id": by.id,
    }  # fmt: skip
    standing = own_ranking(by, season.id, organisation_id)
    if standing is None:
        made = CompanyRanking(round_id=season.id, organisation_id=organisation_id, **said)
        return _begin(made, version, by)
    is_sitting = standing.changed_by_id == by.id and clock.now() - standing.changed_at < A_SITTING
    stands = update(CompanyRanking).where(CompanyRanking.id == standing.id, CompanyRanking.version == version)
    change_one(standing, stands.values(**said, version=version + 1), CHANGED)
    if not is_sitting:
        _note(standing, by)
    return standing


def _begin(made: CompanyRanking, version: int, by: Actor) -> CompanyRanking:
    if version != 0:
        raise OutOfDate(CHANGED)
    standing, is_ours = add_or_find(made, lambda: own_ranking(by, made.round_id, made.organisation_id))
    if not is_ours:
        raise OutOfDate(CHANGED)
    _note(standing, by)
    return standing


def _note(ranking: CompanyRanking, by: Actor) -> None:
    record(
        verb="ranking.saved", subject=ranking, organisation_id=ranking.organisation_id, by=by, audience=Audience.PARTY
    )  # fmt: skip


def _check(ranking: Ranking, organisation_id: int, round_id: int) -> None:
    everybody = [who for tier in ranking.tiers for who in tier] + list(ranking.unacceptable)
    if len(set(everybody)) < len(everybody):
        raise Refused(TWICE)
    applicants = {row.student_id for row in applicants_of(organisation_id, round_id)}
    if not applicants.issuperset(everybody):
        raise Refused(NO_APPLICANT)
