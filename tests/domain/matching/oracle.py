"""All stable matchings of a small market by trying every matching. Straight from the definitions; slow, and meant to be."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

from portal.domain.matching import Market

Matching = dict[str, str]


class Oracle:
    """Fixed pairs are part of every matching. Ties are settled by the lottery."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.students = [each for each in sorted(market.students) if each not in market.fixed]
        self.order = {name: self._order(name) for name in market.companies}
        self.cap_of = {company: cap for cap in market.caps for company in cap.targets}

    def _number(self, name: str) -> str:
        lottery = self.market.lottery
        key, message = (bytes.fromhex(lottery.secret), lottery.round) if lottery else (b"", "")
        return hmac.new(key, (message + name).encode(), hashlib.sha256).hexdigest()

    def _order(self, company: str) -> list[str]:
        tiers = self.market.companies[company].tiers
        return [each for tier in tiers for each in sorted(tier, key=self._number)]

    def company(self, posting: str) -> str:
        return self.market.postings[posting].company

    def possible(self, student: str) -> list[str]:
        """The student's list without what cannot be."""
        return [
            p
            for p in self.market.students[student]
            if (student, p) not in self.market.vetoes and student in self.order[self.company(p)]
        ]

    def matchings(self) -> Iterator[Matching]:
        """Every feasible matching."""
        yield from self._extend(dict(self.market.fixed), self.students)

    def _extend(self, so_far: Matching, rest: list[str]) -> Iterator[Matching]:
        if not rest:
            yield so_far
            return
        yield from self._extend(so_far, rest[1:])
        for posting in self.possible(rest[0]):
            longer = so_far | {rest[0]: posting}
            if self.has_room(longer, posting):
                yield from self._extend(longer, rest[1:])

    def at_company(self, matching: Matching, company: str) -> list[str]:
        return [s for s, p in matching.items() if self.company(p) == company]

    def has_room(self, matching: Matching, posting: str) -> bool:
        company, on_posting = self.company(posting), [s for s, p in matching.items() if p == posting]
        if len(on_posting) > self.market.postings[posting].capacity:
            return False
        if len(self.at_company(matching, company)) > self.market.companies[company].capacity:
            return False
        cap = self.cap_of.get(company)
        return cap is None or sum(len(self.at_company(matching, c)) for c in cap.targets) <= cap.cap

    def blocking_pairs(self, matching: Matching) -> Iterator[tuple[str, str]]:
        """Pairs who would both change: tried out, by making the change and looking whether it can be."""
        for student in self.students:
            wanted = self.possible(student)
            better = wanted[: wanted.index(matching[student])] if student in matching else wanted
            for posting in better:
                if self._can_change(matching, student, posting):
                    yield student, posting

    def _can_change(self, matching: Matching, student: str, posting: str) -> bool:
        company = self.company(posting)
        moved = matching | {student: posting}
        order = self.order[company]
        worse = [
            s
            for s in self.at_company(matching, company)
            if s not in self.market.fixed and s != student and order.index(s) > order.index(student)
        ]
        if any(self.has_room({s: p for s, p in moved.items() if s != loser}, posting) for loser in worse):
            return True
        if not self.has_room(moved, posting):
            return False
        return self._is_legitimate(matching, moved, student, company)

    def _is_legitimate(self, matching: Matching, moved: Matching, student: str, company: str) -> bool:
        cap = self.cap_of.get(company)
        old = self.company(matching[student]) if student in matching else None
        if cap is None or old == company:
            return True
        if sum(len(self.at_company(matching, c)) for c in cap.targets) < cap.cap:
            return True
        if old not in cap.targets:
            return False
        new_level = len(self.at_company(moved, company)) - cap.targets[company]
        return new_level <= len(self.at_company(moved, old)) - cap.targets[old]

    def stable(self) -> list[Matching]:
        """All without a blocking pair."""
        return [each for each in self.matchings() if not any(self.blocking_pairs(each))]

    def choice(self, offers: list[tuple[str, str]]) -> set[tuple[str, str]]:
        """What companies and caps choose among offers: a company best first within its seats and places; a cap deals its
        places one by one to the lowest over the target."""
        chosen: dict[str, list[tuple[str, str]]] = {company: [] for company in self.market.companies}
        fixed = dict(self.market.fixed)
        for company, order in self.order.items():
            mine = sorted(
                (o for o in offers if self.company(o[1]) == company), key=lambda o: order.index(o[0])
            )
            for student, posting in mine:
                together = [*fixed.items(), *chosen[company], (student, posting)]
                on_posting = sum(p == posting for _s, p in together)
                at_company = sum(self.company(p) == company for _s, p in together)
                if (
                    on_posting <= self.market.postings[posting].capacity
                    and at_company <= self.market.companies[company].capacity
                ):
                    chosen[company].append((student, posting))
        for cap in self.market.caps:
            before = {c: len(self.at_company(fixed, c)) for c in cap.targets}
            line = sorted(
                (before[c] + n - cap.targets[c], self._number(c), c)
                for c in cap.targets
                for n in range(len(chosen[c]))
            )[: max(0, cap.cap - sum(before.values()))]
            for company in cap.targets:
                chosen[company] = chosen[company][: sum(c == company for _level, _number, c in line)]
        return {pair for pairs in chosen.values() for pair in pairs}

    def stable_by_choice(self) -> list[Matching]:
        """All in which companies and caps choose exactly those whom they have, among all who would come to them."""
        found = []
        for matching in self.matchings():
            offers = []
            for student in self.students:
                wanted = self.possible(student)
                last = wanted.index(matching[student]) + 1 if student in matching else len(wanted)
                offers += [(student, posting) for posting in wanted[:last]]
            held = {(s, p) for s, p in matching.items() if s not in self.market.fixed}
            if self.choice(offers) == held:
                found.append(matching)
        return found

    def rank(self, student: str, matching: Matching) -> int:
        wanted = self.possible(student)
        return wanted.index(matching[student]) if student in matching else len(wanted)

    def best_of(self, matchings: list[Matching]) -> Matching:
        """The one that every student likes at least as well as any other; raises when there is none."""
        for best in matchings:
            if all(self.rank(s, best) <= self.rank(s, other) for s in self.students for other in matchings):
                return best
        raise AssertionError("no best matching for students")
