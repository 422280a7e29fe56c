"""Steps in lists: a student's order of postings, a company's tiers of students. Numbers in, new lists out; nothing is changed in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What a button does with one entry. A step that leads nowhere changes nothing."""

    FIRST = "first"
    UP = "up"
    DOWN = "down"
    LAST = "last"  # also: put on the list
    REMOVE = "remove"  # off the list; of a company: undecided again
    REFUSE = "refuse"  # of a company: not acceptable
    TIE = "tie"  # of a company: at the same place as those one place above


OF_ONE_LIST = tuple(
    step for step in Step if step not in (Step.REFUSE, Step.TIE)
)  # what a student's list knows


def rearranged(order: Sequence[int], item: int, step: Step) -> list[int]:
    """A list after one step. What is not on it can be put first or last."""
    here = order.index(item) if item in order else None
    others = [each for each in order if each != item]
    if step is Step.REMOVE:
        return others
    if here is None and step not in (Step.FIRST, Step.LAST):
        return others
    place = {Step.FIRST: 0, Step.UP: (here or 0) - 1, Step.DOWN: (here or 0) + 1, Step.LAST: len(others)}[
        step
    ]
    return put(others, item, place)


def put(order: Sequence[int], item: int, place: int) -> list[int]:
    """A list with `item` at `place` (from 0, of the list without it)."""
    others = [each for each in order if each != item]
    place = min(max(place, 0), len(others))
    return [*others[:place], item, *others[place:]]


@dataclass(frozen=True, slots=True)
class Ranking:
    """A company's students: tiers, the best first, and who is not acceptable. Who stands nowhere is undecided."""

    tiers: tuple[tuple[int, ...], ...] = ()
    unacceptable: tuple[int, ...] = ()

    @classmethod
    def of(cls, tiers: Sequence[Sequence[int]], unacceptable: Sequence[int]) -> Ranking:
        """From plain lists; empty tiers fall away."""
        return cls(tuple(tuple(tier) for tier in tiers if tier), tuple(unacceptable))

    @property
    def ranked(self) -> frozenset[int]:
        """Everybody in a tier."""
        return frozenset(who for tier in self.tiers for who in tier)

    def without(self, who: int) -> Ranking:
        """The same with `who` undecided."""
        kept = [tuple(each for each in tier if each != who) for tier in self.tiers]
        return Ranking.of(kept, [each for each in self.unacceptable if each != who])

    def step(self, who: int, step: Step) -> Ranking:
        """After one step. Up and down always end at a place of one's own: nobody is tied by a step that does not say so."""
        others = self.without(who)
        if step is Step.REMOVE:
            return others
        if step is Step.REFUSE:
            return Ranking(others.tiers, (*others.unacceptable, who))
        if step is Step.FIRST:
            return others.alone(who, 0)
        if step is Step.LAST:
            return others.alone(who, len(others.tiers))
        return self._moved(who, step)

    def alone(self, who: int, place: int) -> Ranking:
        """With `who` in a tier of their own before tier `place` of the ranking without them."""
        tiers = self.without(who).tiers
        place = min(max(place, 0), len(tiers))
        return Ranking.of((*tiers[:place], (who,), *tiers[place:]), self.without(who).unacceptable)

    def between(self, who: int, gap: int) -> Ranking:
        """With `who` in a tier of their own before tier `gap` of the ranking as it stands, `who` included."""
        return self.alone(who, sum(1 for tier in self.tiers[:gap] if tier != (who,)))

    def with_rest(self, rest: Sequence[int]) -> Ranking:
        """With everybody of `rest` who is undecided tied in one last tier."""
        undecided = [who for who in rest if who not in self.ranked and who not in self.unacceptable]
        return Ranking.of((*self.tiers, undecided), self.unacceptable)

    def tied(self, who: int, with_whom: int) -> Ranking:
        """With `who` in the tier of somebody else; unchanged where that one is in none."""
        if who == with_whom or with_whom not in self.ranked:
            return self
        others = self.without(who)
        tiers = [(*tier, who) if with_whom in tier else tier for tier in others.tiers]
        return Ranking.of(tiers, others.unacceptable)

    def _moved(self, who: int, step: Step) -> Ranking:
        here = next((n for n, tier in enumerate(self.tiers) if who in tier), None)
        if here is None:
            return self
        if step is Step.TIE:
            return self.tied(who, self.tiers[here - 1][0]) if here else self
        is_alone = len(self.tiers[here]) == 1
        return self.alone(who, (here - is_alone if step is Step.UP else here + 1))
