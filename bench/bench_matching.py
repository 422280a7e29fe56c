"""Match 300 x 60 to 1,000,000 x 100,000, beside reading the arrays once and beside the package `matching` 1.4.3.

    python -m bench.bench_matching [--without-package]

CPU seconds of one core, the best of five, after loading: the arrays of lists and ranks stand ready. Each market has a process of
its own; memory is the solver's peak beside the arrays. Students list postings at random (lists of 5, then 10),
companies rank their applicants at random, nine seats for ten students. The package gets 60 seconds and 8 GB in a process
of its own, with the recursion limit raised, and has its players made before the clock starts. Then the same engine where companies have
two postings each and fewer places than seats, and where ten regions have caps; and 1,000 lotteries of 300 x 60. Exits 1 above a budget.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from portal.domain.matching import Recipe, generate
from portal.domain.matching.chances import match_chances
from portal.domain.matching.one_by_one import solve_one_by_one
from portal.domain.matching.problem import Problem
from portal.domain.matching.rounds import solve_in_rounds

SIZES = (
    (300, 60, 5, 0.001),
    (5_000, 500, 10, None),
    (50_000, 5_000, 10, 0.1),
    (1_000_000, 100_000, 10, 1.5),
)
RUNS = 5
PACKAGE_SECONDS, PACKAGE_BYTES = 60, 8 * 1024**3


def main() -> int:
    is_alone = "--without-package" in sys.argv
    over = 0
    for students, companies, listed, budget in SIZES:
        ours = child("--ours", students, companies, listed)
        print(f"{students:,} x {companies:,}, lists of {listed}: {ours['placed']:,} placed")
        print(f"  read the arrays once {ours['read'] * 1000:11.3f} ms")
        allowed = f"; budget {budget * 1000:.0f} ms" if budget else ""
        print(f"  {ours['solver']:20} {ours['seconds'] * 1000:11.3f} ms, {ours['megabytes']:.1f} MB{allowed}")
        over += budget is not None and ours["seconds"] > budget
        if ours["plain"] is not None:
            print(f"  the other solver     {ours['plain'] * 1000:11.3f} ms")
        if not is_alone:
            print(f"  matching 1.4.3       {package(students, companies, listed)}")
        for name in ("companies", "caps"):
            print(f"  with {name:15} {ours[name] * 1000:11.3f} ms")
    print(f"1,000 lotteries of 300 x 60 with ties: {chances():.3f} s")
    print("budgets kept" if not over else "budget exceeded")
    return int(over > 0)


def market(students: int, companies: int, listed: int) -> Problem:
    """One posting a company, as arrays."""
    dice = np.random.default_rng(20261121)
    wanted = dice.integers(0, companies, (students, listed), dtype=np.int32)
    while len(twice := np.flatnonzero((np.diff(np.sort(wanted, axis=1), axis=1) == 0).any(axis=1))):
        wanted[twice] = dice.integers(0, companies, (len(twice), listed), dtype=np.int32)
    flat = wanted.ravel()
    line = np.lexsort((dice.random(len(flat)), flat))
    begins = np.searchsorted(flat[line], np.arange(companies))
    ranks = np.empty(len(flat), np.int32)
    ranks[line] = np.arange(len(flat)) - begins[flat[line]]
    seats = np.full(companies, max(1, students * 9 // (companies * 10)), np.int32)
    starts = np.arange(0, len(flat) + 1, listed)
    return Problem(starts, flat, ranks, np.arange(companies, dtype=np.int32), seats, seats)


def with_companies(problem: Problem) -> Problem:
    """Two postings a company, three places for four seats. Ranks: where both postings have them, the second's come after."""
    seats = np.asarray(problem.seats)
    company_of = np.arange(len(seats)) // 2
    ranks = np.asarray(problem.ranks, np.int64) * 2 + np.asarray(problem.wanted) % 2
    places = np.bincount(company_of, seats).astype(np.int64) * 3 // 4
    return Problem(problem.starts, problem.wanted, ranks, company_of, seats, places)


def with_caps(problem: Problem) -> Problem:
    """Ten regions, each with room for nine tenths of its places; half of the places are targets."""
    places = np.asarray(problem.places)
    region = np.arange(len(places)) % 10
    room = np.bincount(region, places).astype(np.int64) * 9 // 10
    return Problem(
        problem.starts, problem.wanted, problem.ranks, problem.company_of, problem.seats, places,
        cap_of=region, room=room, targets=places // 2, order=np.arange(len(places)),
    )  # fmt: skip


def as_lists(problem: Problem) -> Problem:
    """For the plain solver."""
    return Problem(*(np.asarray(values).tolist() for values in vars(problem).values()))


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the quickest run, and its answer."""
    taken, answer = [], None
    for _run in range(RUNS):
        begun = time.process_time()
        answer = work()
        taken.append(time.process_time() - begun)
    return min(taken), answer


def ours(students: int, companies: int, listed: int) -> dict[str, Any]:
    """Measure the engine; the solver is the one that `solve` would take."""
    problem = market(students, companies, listed)
    is_small = students * listed < 100_000
    lists = as_lists(problem) if students <= 50_000 else problem
    plain, rounds = (lambda: solve_one_by_one(lists)), (lambda: solve_in_rounds(problem))
    seconds, found = best(plain if is_small else rounds)
    memory = peak(plain if is_small else rounds)
    other = best(rounds if is_small else plain) if students <= 50_000 else (None, found)
    assert list(other[1]) == list(found)
    spanned = with_companies(problem)
    solve = solve_one_by_one if is_small else solve_in_rounds
    ready = [as_lists(each) if is_small else each for each in (spanned, with_caps(spanned))]
    return {
        "placed": int((np.asarray(found) >= 0).sum()),
        "read": best(lambda: int(np.sum(problem.wanted)) + int(np.sum(problem.ranks)))[0],
        "solver": "one by one" if is_small else "in rounds (NumPy)",
        "seconds": seconds,
        "megabytes": memory,
        "plain": other[0],
        "companies": best(lambda: solve(ready[0]))[0],
        "caps": best(lambda: solve(ready[1]))[0],
    }


def peak(work: Callable[[], Any]) -> float:
    """Megabytes that it holds at most, beside what stood there before."""
    tracemalloc.start()
    work()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def package(students: int, companies: int, listed: int) -> str:
    """What the package takes, or why it does not finish."""
    try:
        return f"{child('--package', students, companies, listed)['seconds'] * 1000:11.3f} ms"
    except subprocess.TimeoutExpired:
        return f"does not finish in {PACKAGE_SECONDS} s"
    except subprocess.CalledProcessError as error:
        return error.stderr.strip().splitlines()[-1][:80] if error.stderr.strip() else "is out of memory"


def theirs(students: int, companies: int, listed: int) -> dict[str, float]:
    """The same market in the package, both sides complete."""
    from matching.games import HospitalResident

    resource.setrlimit(resource.RLIMIT_AS, (PACKAGE_BYTES, PACKAGE_BYTES))
    sys.setrecursionlimit(10**6)
    problem = market(students, companies, listed)
    wanted = np.asarray(problem.wanted).reshape(students, listed).tolist()
    line = np.lexsort((problem.ranks, problem.wanted))
    applicants = np.split(line // listed, np.flatnonzero(np.diff(np.asarray(problem.wanted)[line])) + 1)
    hosts = np.unique(problem.wanted)
    named = {
        f"c{c}": [f"s{s}" for s in row.tolist()] for c, row in zip(hosts.tolist(), applicants, strict=True)
    }
    game = HospitalResident.create_from_dictionaries(
        {f"s{n}": [f"c{c}" for c in row] for n, row in enumerate(wanted)},
        named,
        {f"c{c}": int(problem.seats[c]) for c in hosts.tolist()},
    )
    begun = time.process_time()
    game.solve(optimal="resident")
    return {"seconds": time.process_time() - begun}


def chances() -> float:
    drawn = generate(Recipe(300, 60, 1, ties=0.7))
    return best(lambda: match_chances(drawn))[0]


def child(kind: str, *size: int) -> dict[str, Any]:
    """Measure in a process of its own."""
    words = [sys.executable, "-m", "bench.bench_matching", kind, *map(str, size)]
    limit = PACKAGE_SECONDS if kind == "--package" else None
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=limit)
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    if len(sys.argv) == 5:
        measured = ours if sys.argv[1] == "--ours" else theirs
        print(json.dumps(measured(*map(int, sys.argv[2:]))))
        sys.exit(0)
    sys.exit(main())
