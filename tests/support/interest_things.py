"""Students who are interested in the two companies' postings: the visitor in A's, somebody else in B's."""

from __future__ import annotations

from collections.abc import Sequence

from portal.accounts.models import Person
from tests.support.academics import student
from tests.support.interests import show
from tests.support.marks import Side


def interest_things(sides: Sequence[Side], visitor: Person) -> None:
    """One interest in each company's open posting."""
    for side, who in zip(sides, (visitor, student(name="学術 other")), strict=True):
        posting = side.things["internships.show_offer:posting_id"]
        side.things |= {"interest_id": show(who, posting), "internships.show_interest:posting_id": posting}
