"""Students who are interested in the two companies' postings: the visitor in A's, somebody else in B's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.accounts.models import Person
from tests.support.academics import student
from tests.support.interests import approval_of, guided, secret_of, show, write_profile
from tests.support.marks import Side, Thing


def interest_things(
    sides: Sequence[Side], scholars: Mapping[str, Person], shared: Mapping[str, Thing]
) -> None:
    """One interest in each company's open posting; the visiting supervisor guides the visiting student."""
    write_profile(scholars["student"], "about", "cv")
    other = student(name="学術 other")
    guides = guided(scholars["student"], scholars["supervisor"]), guided(other)
    for side, who, guide in zip(sides, (scholars["student"], other), guides, strict=True):
        posting = side.things["internships.show_offer:posting_id"]
        interest = show(who, posting)
        side.things |= {"interest_id": interest, "internships.show_interest:posting_id": posting}
        side.things |= {
            "approval_id": approval_of(interest).id,
            "approval_token": secret_of(guide, shared["round_id"]),
        }
