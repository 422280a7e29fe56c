"""The best that a stable matching can give each student, worked out a second time and in another way.

Cumulative offers (Hatfield & Milgrom 2005, "Matching with contracts"): offers are never withdrawn; whenever new ones have come,
a company chooses anew among all that it ever had, best first, within its postings and its places, and a cap deals its
places one by one to the company that is lowest over its target (Kamada & Kojima 2015). Who holds nothing offers the next
posting. What is held in the end is the student-optimal stable matching. The checker's own arithmetic: shares nothing with the
solvers.
"""

from __future__ import annotations

import hashlib
import hmac
from bisect import insort
from collections import Counter
from collections.abc import Iterator
from heapq import heapify, heappop, heapreplace

from portal.domain.matching.market import Cap, Market

Place = tuple[int, bytes, str]
"""Where a company has a student: tier, number drawn, id. Lower is better."""


class Standing:
    """Where each company has each student that it listed."""

    def __init__(self, market: Market) -> None:
        self._key = bytes.fromhex(market.lottery.secret) if market.lottery else b""
        self._round = market.lottery.round if market.lottery else ""
        self._drawn: dict[str, bytes] = {}
        self._of = {name: self._places(company.tiers) for name, company in market.companies.items()}
        self._market = market

    def _places(self, tiers: tuple[tuple[str, ...], ...]) -> dict[str, Place]:
        return {each: (tier, self.number(each), each) for tier, ids in enumerate(tiers) for each in ids}

    def number(self, name: str) -> bytes:
        """The number drawn."""
        if name not in self._drawn:
            message = f"{self._round}{name}".encode()
            self._drawn[name] = hmac.new(self._key, message, hashlib.sha256).digest()
        return self._drawn[name]

    def of(self, student: str, posting: str) -> Place | None:
        """The student's place at the posting's company; None when the pair is not possible."""
        if (student, posting) in self._market.vetoes:
            return None
        return self._of[self._market.postings[posting].company].get(student)


def best_for_students(market: Market, standing: Standing | None = None) -> dict[str, str]:
    """The student-optimal stable matching with the fixed pairs in it."""
    return _Offers(market, standing or Standing(market)).run() | dict(market.fixed)


class _Offers:
    def __init__(self, market: Market, standing: Standing) -> None:
        self.market, self.standing = market, standing
        self.next_offers = {s: self._possible(s) for s in sorted(market.students) if s not in market.fixed}
        self.taken_seats = Counter(market.fixed.values())
        self.taken_places = Counter(market.postings[p].company for p in market.fixed.values())
        self.cap_of = {company: cap for cap in market.caps for company in cap.targets}
        self.made: dict[str, list[tuple[Place, str]]] = {company: [] for company in market.companies}
        self.chosen: dict[str, list[tuple[str, str]]] = {company: [] for company in market.companies}
        self.held: dict[str, list[tuple[str, str]]] = {company: [] for company in market.companies}
        self.kept = dict.fromkeys(self.cap_of, 0)

    def _possible(self, student: str) -> Iterator[tuple[Place, str]]:
        for posting in self.market.students[student]:
            place = self.standing.of(student, posting)
            if place is not None:
                yield place, posting

    def run(self) -> dict[str, str]:
        free = list(self.next_offers)
        while free:
            offered, touched = self._offer(free)
            caps = self._choose_anew(touched)
            affected = touched.union(*(cap.targets for cap in caps))
            before = offered | self._holders(affected)
            for cap in caps:
                self._deal(cap)
            for company in affected:
                self.held[company] = self.chosen[company][: self.kept.get(company)]
            free = sorted(before - self._holders(affected))
        return {student: posting for pairs in self.held.values() for student, posting in pairs}

    def _offer(self, free: list[str]) -> tuple[set[str], set[str]]:
        """Who had a posting left to offer to, and the companies that were offered to."""
        offered, touched = set(), set()
        for student in free:
            place, posting = next(self.next_offers[student], (None, ""))
            if place is not None:
                company = self.market.postings[posting].company
                insort(self.made[company], (place, posting))
                offered.add(student)
                touched.add(company)
        return offered, touched

    def _holders(self, companies: set[str]) -> set[str]:
        return {student for company in companies for student, _posting in self.held[company]}

    def _choose(self, company: str) -> list[tuple[str, str]]:
        """Best first, whoever fits the seats of the posting and the places of the company."""
        left = self.market.companies[company].capacity - self.taken_places[company]
        seats: dict[str, int] = {}
        chosen: list[tuple[str, str]] = []
        for (_tier, _number, student), posting in self.made[company]:
            free = seats.setdefault(
                posting, self.market.postings[posting].capacity - self.taken_seats[posting]
            )
            if free > 0 and len(chosen) < left:
                seats[posting] = free - 1
                chosen.append((student, posting))
        return chosen

    def _choose_anew(self, companies: set[str]) -> list[Cap]:
        """Each chooses; gives the caps that have to deal again: a company that kept all whom it chose now chose more."""
        deal_again = {}
        for company in sorted(companies):
            chosen = self._choose(company)
            grows = len(chosen) > len(self.chosen[company]) == self.kept.get(company)
            if grows:
                cap = self.cap_of[company]
                deal_again[cap.kind, cap.name] = cap
            self.chosen[company] = chosen
        return list(deal_again.values())

    def _deal(self, cap: Cap) -> None:
        """One place after the other, to whoever is lowest over the target and has somebody for it."""
        self.kept.update(dict.fromkeys(cap.targets, 0))
        line = [self._level(cap, company) for company in cap.targets if self.chosen[company]]
        heapify(line)
        left = cap.cap - sum(self.taken_places[company] for company in cap.targets)
        while line and left > 0:
            company = line[0][2]
            self.kept[company] += 1
            left -= 1
            if self.kept[company] < len(self.chosen[company]):
                heapreplace(line, self._level(cap, company))
            else:
                heappop(line)

    def _level(self, cap: Cap, company: str) -> tuple[int, bytes, str]:
        over = self.taken_places[company] + self.kept[company] - cap.targets[company]
        return over, self.standing.number(company), company
