"""The way of a posting: the company writes it, the office reviews it, students see it.

No state waits for ever: what is open when the lists of its round lock is closed by the calendar.
"""

from __future__ import annotations

from enum import StrEnum


class PostingState(StrEnum):
    """Where a posting stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # with the office
    RETURNED = "returned"  # to be corrected by the company
    PUBLISHED = "published"  # students see it
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # not published in time

    @property
    def is_editable(self) -> bool:
        """The company may change all of it."""
        return self in (PostingState.DRAFT, PostingState.RETURNED)

    @property
    def is_final(self) -> bool:
        """Nothing follows."""
        return not NEXT[self]


class Mover(StrEnum):
    """Who takes a step."""

    COMPANY = "company"
    OFFICE = "office"
    CALENDAR = "calendar"


NEXT: dict[PostingState, dict[PostingState, frozenset[Mover]]] = {
    PostingState.DRAFT: {
        PostingState.SUBMITTED: frozenset({Mover.COMPANY}),
        PostingState.WITHDRAWN: frozenset({Mover.COMPANY}),
        PostingState.LAPSED: frozenset({Mover.CALENDAR}),
    },
    PostingState.SUBMITTED: {
        PostingState.DRAFT: frozenset({Mover.COMPANY}),
        PostingState.RETURNED: frozenset({Mover.OFFICE}),
        PostingState.PUBLISHED: frozenset({Mover.OFFICE}),
        PostingState.WITHDRAWN: frozenset({Mover.COMPANY}),
        PostingState.LAPSED: frozenset({Mover.CALENDAR}),
    },
    PostingState.RETURNED: {
        PostingState.SUBMITTED: frozenset({Mover.COMPANY}),
        PostingState.WITHDRAWN: frozenset({Mover.COMPANY}),
        PostingState.LAPSED: frozenset({Mover.CALENDAR}),
    },
    PostingState.PUBLISHED: {
        PostingState.RETURNED: frozenset({Mover.OFFICE}),
        PostingState.WITHDRAWN: frozenset({Mover.COMPANY, Mover.OFFICE}),
    },
    PostingState.WITHDRAWN: {},
    PostingState.LAPSED: {},
}


def may_move(before: PostingState, after: PostingState, mover: Mover) -> bool:
    """Whether `mover` may take the posting from one state to another."""
    return mover in NEXT[before].get(after, frozenset())
