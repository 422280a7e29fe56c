"""Deferred acceptance on NumPy arrays: the solver for large markets. The answer is that of `one_by_one` to the bit."""

from __future__ import annotations

import numpy as np

from portal.domain.matching.problem import Problem
from portal.domain.matching.rounds_of_companies import CompanyRounds
from portal.domain.matching.rounds_of_postings import Ids, Rounds


def solve_in_rounds(problem: Problem) -> Ids:
    """The posting of each student, or -1, as int32. Raises OverflowError when a rank and two ids do not fit 62 bits."""
    places, company_of = np.asarray(problem.places, np.int64), np.asarray(problem.company_of, np.int64)
    seats = np.minimum(np.asarray(problem.seats, np.int64), places[company_of])
    total = np.bincount(company_of, seats, len(places))
    is_capped = len(problem.cap_of) > 0 and int(np.max(problem.cap_of)) >= 0
    if is_capped or bool((total > places).any()):
        return CompanyRounds(problem, seats).solve()
    return Rounds(problem, seats, seats).solve()
