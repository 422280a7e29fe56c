"""A round's lists as a market of the exchange format (docs/matching.md)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from portal.domain.matching.canonical import FORMAT
from portal.internships.models import InternshipRound
from portal.matching.drawing import lottery_of
from portal.matching.queries.market_rows import MarketRows
from portal.matching.services.gates import Gate, Left, gate_of

Document = dict[str, Any]


def market_of(season: InternshipRound) -> Document:
    """The round's market in the exchange format (docs/matching.md); ids "s12", "p3", "c7". The same tables, the same market."""
    return market_with_left(season)[0]


def market_with_left(season: InternshipRound) -> tuple[Document, tuple[Left, ...]]:
    """The market, and who was left out of it with the reason; sixteen statements however many take part."""
    gate = gate_of(season)
    return market_behind(season, gate), gate.left


def market_behind(season: InternshipRound, gate: Gate) -> Document:
    """The market of those whom the gate lets through; no statement."""
    return _Assembly(season, gate.rows, gate).document()


@dataclass(frozen=True)
class _Assembly:
    season: InternshipRound
    rows: MarketRows
    gate: Gate

    def document(self) -> Document:
        return {
            "format": FORMAT,
            "students": {f"s{s}": [f"p{p}" for p in wanted] for s, wanted in self.lists.items()},
            "postings": self._postings(),
            "companies": self._companies(),
            "vetoes": [[f"s{s}", f"p{p}"] for s, p in self._vetoes()],
            "fixed": [[f"s{s}", f"p{p}"] for s, p in sorted(self.fixed.items())],
            **self._caps(),
            "lottery": asdict(lottery_of(self.season)),
        }

    @property
    def offers(self) -> dict[int, Any]:
        """Postings that take part, by number."""
        return self.gate.offers

    @cached_property
    def gone(self) -> dict[int, int]:
        """Listed postings that cannot be had any more, with their companies: no places, so that the answer says so."""
        listed = {posting for wanted in self.lists.values() for posting in wanted}
        return {
            row[0]: row[1] for row in self.rows.postings if row[0] in listed and row[0] not in self.offers
        }

    @property
    def fixed(self) -> dict[int, int]:
        """What all four sides agreed upon, and counts."""
        return self.gate.fixed

    @cached_property
    def lists(self) -> dict[int, list[int]]:
        """Each student's postings for which the interest stands, best first; who is settled or listed nothing has none."""
        shown, found = {(row[0], row[1]) for row in self.rows.interests}, {}
        for student, wanted in sorted(self.rows.lists, key=lambda row: row[0]):
            kept = [posting for posting in wanted if (student, posting) in shown]
            if kept and student in self.gate.students and student not in self.fixed:
                found[student] = kept
        return found

    @cached_property
    def taken(self) -> Counter[int]:
        """Seats of each posting that are settled: they stay, even where the company offers fewer now."""
        return Counter(self.fixed.values())

    def _postings(self) -> Document:
        found: Document = {
            f"p{n}": {"company": f"c{company}", "capacity": 0} for n, company in self.gone.items()
        }
        for number, row in sorted(self.offers.items()):
            found[f"p{number}"] = {"company": f"c{row[1]}", "capacity": max(row[2], self.taken[number])}
            if row[3]:
                found[f"p{number}"]["minimum"] = row[3]
        return found

    def _companies(self) -> Document:
        offered: Counter[int] = Counter()
        settled: Counter[int] = Counter()
        for number, row in self.offers.items():
            offered[row[1]] += row[2]
            settled[row[1]] += self.taken[number]
        totals, tiers = dict(row[:2] for row in self.rows.hosts), dict(row[:2] for row in self.rows.rankings)
        found = {}
        for n in sorted(self.gate.companies | set(self.gone.values())):
            places = max(totals.get(n, offered[n]), settled[n]) if n in self.gate.companies else 0
            found[f"c{n}"] = {"capacity": places, "students": self._tiers(tiers.get(n, []))}
        return found

    def _tiers(self, tiers: list[list[int]]) -> list[Any]:
        """A company's tiers of those who have a list here; one alone stands without a list around."""
        kept = [sorted(n for n in tier if n in self.lists) for tier in tiers]
        return [f"s{tier[0]}" if len(tier) == 1 else [f"s{n}" for n in tier] for tier in kept if tier]

    def _vetoes(self) -> list[tuple[int, int]]:
        return [
            (student, posting)
            for student, wanted in self.lists.items()
            for posting in sorted(wanted)
            if posting in self.offers and not self.gate.may_be(student, posting)
        ]

    def _caps(self) -> Document:
        settled = Counter(self.offers[posting][1] for posting in self.fixed.values())
        found: defaultdict[str, Document] = defaultdict(dict)
        for kind, name, places, targets in sorted(self.rows.caps):
            here = {
                n: target
                for n, target in ((int(k), v) for k, v in targets.items())
                if n in self.gate.companies
            }
            room = max(places, sum(settled[n] for n in here))
            found[kind.value][name] = {
                "cap": room,
                "companies": {f"c{n}": t for n, t in sorted(here.items())},
            }
        return dict(found)
