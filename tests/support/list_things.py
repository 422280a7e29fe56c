"""What the office sets around a match, and a placement of each company that is being arranged beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.accounts.models import Organisation, Person
from portal.core import clock
from portal.core.db import db
from portal.core.transaction import transaction
from portal.domain.matching import CapKind
from portal.internships.models import InternshipRound
from portal.matching.enums import ExclusionKind, Side
from portal.matching.models import Prearrangement
from portal.matching.services import exclusions, limits
from tests.support import internships as given
from tests.support.academics import student
from tests.support.marks import Side as Company
from tests.support.marks import Thing


def list_things(
    sides: Sequence[Company], scholars: Mapping[str, Person], round_id: int, officer: Person
) -> dict[str, Thing]:
    """The visiting student is to come to company A, somebody else to B; B is kept apart from the student, limited and held back."""
    others = (scholars["student"], student(name="学術 third"))
    for side, who in zip(sides, others, strict=True):
        posting, now = int(side.things["internships.show_offer:posting_id"]), clock.now()
        with transaction() as session:
            made = Prearrangement(
                round_id=round_id, student_id=who.id, posting_id=posting, proposed_at=now, proposed_by_id=officer.id,
                proposed_as=Side.OFFICE, office_at=now, office_by_id=officer.id,
            )  # fmt: skip
            session.add(made)
        side.things |= {"pair_id": made.id}
    with given.acting(officer) as by:
        season, b = (
            db.session.get_one(InternshipRound, round_id),
            db.session.get_one(Organisation, sides[1].organisation_id),
        )
        apart = exclusions.add_exclusion(
            student=db.session.get_one(Person, others[0].id), company=b, kind=ExclusionKind.CONFLICT_OF_INTEREST,
            reason="共同研究の利害関係", by=by,
        )  # fmt: skip
        cap = limits.add_cap(
            season=season, kind=CapKind.REGION, name="関東", places=5, targets={b.id: 2}, by=by
        )
        hold = limits.hold_back(season=season, organisation_id=b.id, reason="協定が未締結", by=by)
        return {"exclusion_id": apart.id, "cap_id": cap.id, "hold_id": hold.id}
