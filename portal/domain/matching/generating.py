"""Invented markets: the same recipe gives the same market, on every machine."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from portal.domain.matching.canonical import FORMAT
from portal.domain.matching.market import Market
from portal.domain.matching.parsing import read_market


@dataclass(frozen=True)
class Recipe:
    """How many, and how much of each difficulty. `ties` and `vetoes` are chances from 0 to 1; `regions` share the companies."""

    students: int
    companies: int
    seed: int
    listed: int = 5
    ties: float = 0.0
    vetoes: float = 0.0
    regions: int = 0


def generate(recipe: Recipe) -> Market:
    """Popular postings are listed more often, and companies agree in part on who is good, as in real rounds.

    A company has one to three postings with one to three seats each, and rarely places for all of them.
    """
    chance = random.Random(recipe.seed)  # noqa: S311 - invented data, the same every time
    students = _names("s", recipe.students)
    companies = _names("c", recipe.companies)
    postings = _postings(chance, companies)
    lists = _lists(chance, students, sorted(postings), recipe.listed)
    value: dict[str, Any] = {
        "format": FORMAT,
        "students": lists,
        "postings": postings,
        "companies": _companies(chance, companies, postings, lists, recipe.ties),
        "vetoes": [
            [s, p] for s, wanted in lists.items() for p in wanted if chance.uniform(0, 1) < recipe.vetoes
        ],
        "lottery": {
            "round": f"generated-{recipe.seed}",
            "secret": hashlib.sha256(f"renkei {recipe.seed}".encode()).hexdigest(),
        },
    }
    if recipe.regions:
        value["regions"] = _regions(value["companies"], recipe.regions)
    return read_market(value)


def _names(letter: str, number: int) -> list[str]:
    digits = len(str(number))
    return [f"{letter}{n:0{digits}d}" for n in range(1, number + 1)]


def _postings(chance: random.Random, companies: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {
        f"{company}-{n}": {"company": company, "capacity": chance.randint(1, 3)}
        for company in companies
        for n in range(1, chance.randint(1, 3) + 1)
    }


def _lists(
    chance: random.Random, students: Sequence[str], postings: Sequence[str], listed: int
) -> dict[str, list[str]]:
    if not postings:
        return {student: [] for student in students}
    by_popularity = chance.sample(postings, len(postings))
    weights = list(accumulate(1 / (n + 10 + len(postings) / 10) for n in range(len(postings))))
    length = min(listed, len(postings))
    lists = {}
    for student in students:
        wanted: dict[str, None] = {}
        while len(wanted) < length:
            # as good as always after one turn; few postings make more turns
            wanted.update(dict.fromkeys(chance.choices(by_popularity, cum_weights=weights, k=length)))
        lists[student] = list(wanted)[:length]
    return lists


def _companies(
    chance: random.Random,
    companies: Sequence[str],
    postings: dict[str, dict[str, Any]],
    lists: dict[str, list[str]],
    ties: float,
) -> dict[str, dict[str, Any]]:
    merit = {student: chance.gauss(0, 1) for student in lists}
    applicants: dict[str, dict[str, None]] = {company: {} for company in companies}
    for student, wanted in lists.items():
        for posting in wanted:
            applicants[postings[posting]["company"]][student] = None
    seats = dict.fromkeys(companies, 0)
    for offered in postings.values():
        seats[offered["company"]] += offered["capacity"]
    made = {}
    for company in companies:
        liked = {each: merit[each] + chance.gauss(0, 1) for each in applicants[company]}
        order = [each for each in sorted(liked, key=lambda s: (-liked[s], s)) if chance.uniform(0, 1) < 0.95]
        capacity = chance.randint((seats[company] + 1) // 2, seats[company])
        made[company] = {"capacity": capacity, "students": _tiers(chance, order, ties)}
    return made


def _tiers(chance: random.Random, order: list[str], ties: float) -> list[list[str]]:
    tiers: list[list[str]] = []
    for student in order:
        if tiers and chance.uniform(0, 1) < ties:
            tiers[-1].append(student)
        else:
            tiers.append([student])
    return tiers


def _regions(companies: dict[str, dict[str, Any]], regions: int) -> dict[str, dict[str, Any]]:
    """Companies in turn; a cap of four fifths of the places, a target of half of each company's."""
    made: dict[str, dict[str, Any]] = {}
    for number in range(min(regions, len(companies))):
        members = list(companies)[number::regions]
        places = sum(companies[each]["capacity"] for each in members)
        targets = {each: companies[each]["capacity"] // 2 for each in members}
        made[f"r{number + 1}"] = {"cap": places * 4 // 5, "companies": targets}
    return made
