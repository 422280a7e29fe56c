"""Faults planted in the solvers and in the checker: the oracle's markets must find each of them."""

from __future__ import annotations

import importlib
import inspect
from itertools import islice
from types import ModuleType
from typing import Any

import pytest

from portal.domain.matching import (
    Market,
    checking,
    match,
    offers,
    one_by_one,
    rounds_of_companies,
    rounds_of_postings,
)
from portal.domain.matching.problem import index
from tests.domain.matching.markets import random_market
from tests.domain.matching.oracle import Oracle

MARKETS = [random_market(seed, has_caps=seed % 2 == 1) for seed in range(600)]


def planted(module: ModuleType, right: str, wrong: str) -> Any:
    """The module with one place of its source changed."""
    source = inspect.getsource(module)
    assert source.count(right) == 1, "the place of the fault has moved"
    spec = importlib.util.spec_from_loader(f"{module.__name__}_planted", loader=None)
    assert spec is not None
    mutant = importlib.util.module_from_spec(spec)
    mutant.__dict__["__file__"] = module.__file__
    # dataclasses look their module up by name
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(importlib.import_module("sys").modules, mutant.__name__, mutant)
        exec(compile(source.replace(right, wrong), str(module.__file__), "exec"), mutant.__dict__)
    return mutant


def by(solver: Any, market: Market) -> dict[str, str]:
    indexed = index(market)
    found = indexed.named([int(each) for each in solver(indexed.problem)])
    return dict(sorted((found | dict(market.fixed)).items()))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("-heappushpop(heap, key) % n", "-heap[-1] % n"),  # somebody, and not the worst, is turned away
        ("if not heap or key < heap[0]:", "if not heap or key < heap[-1]:"),
        ("if self.on_posting[posting] > self.seats[posting]:", "if self.on_posting[posting] > self.seats[posting] + 1:"),
        ("if self.on_company[company] > self.problem.places[company]:", "if False:"),
        ("self.in_cap[cap] > self.problem.room[cap]", "self.in_cap[cap] > self.problem.room[cap] + 1"),
        ("level = number - self.problem.targets[company]", "level = number"),
        ("-self.problem.order[company]", "self.problem.order[company]"),
        ("!= heap[0][3]:", "< 0:"),  # takes for the furthest company one that was it before
        ("self.posting_cut[posting] = -heap[0] // self.n", "self.posting_cut[posting] = -heap[0] // self.n - 2"),
        ("!= posting:", "< 0:"),  # takes for the worst somebody who left for another posting
    ],
)  # fmt: skip
def test_a_fault_of_the_plain_solver(right: str, wrong: str) -> None:
    mutant = planted(one_by_one, right, wrong)
    assert any(differs(mutant.solve_one_by_one, market) for market in MARKETS)


def differs(solver: Any, market: Market) -> bool:
    try:
        return by(solver, market) != match(market)
    except IndexError:
        return True


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("position == self.seats[sorted_] - 1", "position == self.seats[sorted_] - 2"),
        ("stays = position < self.places[units]", "stays = position <= self.places[units]"),
        ("order[more])][: room", "-order[more])][: room"),
        ("fits = int(np.clip(level + targets, 0, wanted).sum()) <= room", "fits = level < 0"),
    ],
)
def test_a_fault_of_the_rounds(right: str, wrong: str) -> None:
    mutant = planted(rounds_of_companies, right, wrong)

    def solver(problem: Any) -> Any:
        import numpy as np

        seats = np.minimum(np.asarray(problem.seats), np.asarray(problem.places)[problem.company_of])
        return mutant.CompanyRounds(problem, seats).solve()

    assert any(differs(solver, market) for market in MARKETS)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("return ranks < self.cutoff[postings]", "return ranks <= self.cutoff[postings] - 2"),
        (
            "stays = position < self.seats[units]",
            "stays = position < self.seats[units] - (self.seats[units] > 1)",
        ),
    ],
)
def test_a_fault_of_the_rounds_of_postings(right: str, wrong: str) -> None:
    mutant = planted(rounds_of_postings, right, wrong)

    def solver(problem: Any) -> Any:
        import numpy as np

        seats = np.asarray(problem.seats)
        return mutant.Rounds(problem, seats, seats).solve()

    plain = [market for market in MARKETS if is_plain(market)]
    assert any(differs(solver, market) for market in plain)


def is_plain(market: Market) -> bool:
    """Postings decide alone: no company has fewer places than seats, no caps."""
    seats = dict.fromkeys(market.companies, 0)
    for posting in market.postings.values():
        seats[posting.company] += posting.capacity
    return not market.caps and all(
        seats[name] <= company.capacity for name, company in market.companies.items()
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("if self._company_of(student) == company or place <", "if place <"),
        ("return place < self.worst_of_posting.get(posting, place)", "return False"),
        ("if self.on_company[company] >= self.market.companies[company].capacity:", "if False:"),
        ("return new <= old", "return new < old"),
        ("if left is None or left not in cap.targets:", "if left is None:\n            return True\n        if left not in cap.targets:"),
        ("if student in self.market.fixed:\n                continue", "if False:\n                continue"),
    ],
)  # fmt: skip
def test_a_fault_of_the_checker(right: str, wrong: str) -> None:
    """Seen in the blocking pairs of some matching, good or bad."""
    mutant = planted(checking, right, wrong)
    assert any(
        set(mutant._Situation(market, each, standing).blocking_pairs())
        != set(checking._Situation(market, each, standing).blocking_pairs())
        for market in MARKETS
        for standing in [offers.Standing(market)]
        for each in islice(Oracle(market).matchings(), 100)
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("if free > 0 and len(chosen) < left:", "if free > 0:"),
        ("- cap.targets[company]", "+ cap.targets[company]"),
        ("== self.kept.get(company)", "< (self.kept.get(company) or 0)"),
    ],
)
def test_a_fault_of_the_second_algorithm(right: str, wrong: str) -> None:
    mutant = planted(offers, right, wrong)
    assert any(mutant.best_for_students(market) != match(market) for market in MARKETS)
