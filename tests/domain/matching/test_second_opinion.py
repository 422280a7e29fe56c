"""The package `matching` on markets without ties, caps and fixed pairs: another program by other people."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from portal.domain.matching import Market, Recipe, generate, match
from portal.domain.matching.market import postings_of


def by_the_package(market: Market) -> dict[str, str]:
    """Lists cut to pairs that are possible, and parties without any left out: the package wants it so."""
    from matching.games import StudentAllocation

    orders = {name: [s for tier in company.tiers for s in tier] for name, company in market.companies.items()}
    lists = {
        student: [
            p
            for p in wanted
            if student in orders[market.postings[p].company] and (student, p) not in market.vetoes
        ]
        for student, wanted in market.students.items()
    }
    lists = {student: wanted for student, wanted in lists.items() if wanted}
    used = {p for wanted in lists.values() for p in wanted}
    hosts = {name for name, mine in postings_of(market).items() if used & set(mine)}
    applied = {
        name: {s for s, wanted in lists.items() for p in wanted if market.postings[p].company == name}
        for name in hosts
    }
    value: dict[str, Any] = {
        "student_prefs": lists,
        "supervisor_prefs": {name: [s for s in orders[name] if s in applied[name]] for name in sorted(hosts)},
        "project_supervisors": {p: market.postings[p].company for p in sorted(used)},
        "project_capacities": {
            p: min(market.postings[p].capacity, market.companies[market.postings[p].company].capacity)
            for p in sorted(used)
        },
    }
    places = {}
    for name in sorted(hosts):
        seats = sum(value["project_capacities"][p] for p in used if market.postings[p].company == name)
        places[name] = min(market.companies[name].capacity, seats)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = StudentAllocation.create_from_dictionaries(**value, supervisor_capacities=places)
        solved = game.solve(optimal="student")
    return {student.name: project.name for project, students in solved.items() for student in students}


@pytest.mark.parametrize("seed", range(40))
def test_both_programs_agree(seed: int) -> None:
    market = generate(Recipe(4 + seed, 2 + seed // 4, seed, listed=4))
    assert by_the_package(market) == match(market)
