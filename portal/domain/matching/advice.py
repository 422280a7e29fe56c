"""What ties cost, and whom to ask: advice to the office, never applied by itself.

Neither the lottery nor anything that promotes students beats the largest stable matching honestly, since promotion rewards
lies; but a company that tells students of a tier apart, or ties some that it told apart, changes what the honest mechanism gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal.domain.matching.attempts import MergedTiers, SplitTier, changed
from portal.domain.matching.market import Market
from portal.domain.matching.solving import match
from portal.domain.matching.ties_model import Programme, TiesModel

MOST_STEPS = 5
Change = SplitTier | MergedTiers


class SolverMissingError(RuntimeError):
    """The optional solver is not installed; the words say how to get it."""

    def __init__(self) -> None:
        super().__init__("The adviser needs the package highspy, which the extra `advice` of renkei brings.")


@dataclass(frozen=True)
class Largest:
    """The largest stable matching that was found; `is_proven` when none is larger, else `bound` is what none exceeds."""

    matching: dict[str, str]
    is_proven: bool
    bound: int


@dataclass(frozen=True)
class Step:
    """One question to a company, and how many more are placed by it under the round's own lottery."""

    change: Change
    gain: int


@dataclass(frozen=True)
class Advice:
    """`placed` now, `largest` possible; `single` are questions worth asking alone, best first; `steps` are to be asked
    together, each gain counted after those before it."""

    placed: int
    largest: Largest
    single: tuple[Step, ...]
    steps: tuple[Step, ...]


def advise(market: Market, time_limit: float = 30.0) -> Advice:
    """Work out the largest matching within `time_limit` seconds, then try which tiers make a difference.

    Raises SolverMissingError without highspy. What comes of a time limit that strikes may differ from run to run.
    """
    largest = largest_stable(market, time_limit)
    placed = len(match(market))
    single = sorted(_worthwhile(market, placed, candidates(market, largest.matching)), key=_by_gain)
    return Advice(placed, largest, tuple(single), tuple(_steps(market, placed, single)))


def largest_stable(market: Market, time_limit: float) -> Largest:
    """A largest weakly stable matching, fixed pairs included."""
    try:
        import highspy
    except ImportError:
        raise SolverMissingError from None
    programme = TiesModel(market).programme
    fixed = dict(market.fixed)
    if not programme.pairs:
        return Largest(fixed, True, len(fixed))
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("time_limit", float(time_limit)), ("threads", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(_model(programme))
    solver.run()
    info, values = solver.getInfo(), solver.getSolution().col_value
    chosen = [pair for pair, value in zip(programme.pairs, values, strict=False) if value > 0.5]
    is_proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    bound = (
        len(chosen) if is_proven else min(len(market.everybody) - len(fixed), int(info.mip_dual_bound + 1e-6))
    )
    found = dict(sorted((fixed | dict(chosen)).items()))
    drawn = match(market)  # is one of them, and better than what a short time may give
    return Largest(max(drawn, found, key=len), is_proven, bound + len(fixed))


def _model(programme: Programme) -> Any:
    import highspy
    import numpy as np

    model = highspy.HighsLp()
    count, rows = programme.variables, programme.rows
    model.num_col_, model.num_row_ = count, len(rows)
    costs = np.zeros(count)
    costs[: len(programme.pairs)] = 1.0
    model.col_cost_, model.sense_ = costs, highspy.ObjSense.kMaximize
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_ = np.array([lower for lower, _upper, _terms in rows])
    model.row_upper_ = np.array([upper for _lower, upper, _terms in rows])
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    sizes = [len(terms) for _lower, _upper, terms in rows]
    model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    model.a_matrix_.index_ = np.array([number for *_, terms in rows for number, _c in terms], np.int32)
    model.a_matrix_.value_ = np.array([times for *_, terms in rows for _n, times in terms])
    return model


def candidates(market: Market, matching: dict[str, str]) -> Iterator[Change]:
    """Tiers to split by whom the matching places there, and neighbouring tiers to merge."""
    hosted = {student: market.postings[posting].company for student, posting in matching.items()}
    for company in sorted(market.companies):
        tiers = market.companies[company].tiers
        for number, tier in enumerate(tiers):
            first = tuple(each for each in tier if hosted.get(each) == company)
            rest = tuple(each for each in tier if hosted.get(each) != company)
            if first and rest:
                yield SplitTier(company, number, (first, rest))
            if number + 1 < len(tiers):
                yield MergedTiers(company, number)


def _worthwhile(market: Market, placed: int, tried: Iterator[Change] | list[Change]) -> list[Step]:
    found = (Step(change, len(match(changed(market, (change,)))) - placed) for change in tried)
    return [step for step in found if step.gain > 0]


def _by_gain(step: Step) -> tuple[int, str, int, bool]:
    return -step.gain, step.change.company, step.change.tier, isinstance(step.change, MergedTiers)


def _steps(market: Market, placed: int, single: list[Step]) -> Iterator[Step]:
    """The best question, then the best after it, at most one of each company so that tiers keep their numbers."""
    for _step in range(MOST_STEPS):
        found = sorted(_worthwhile(market, placed, [step.change for step in single]), key=_by_gain)
        if not found:
            return
        yield found[0]
        market, placed = changed(market, (found[0].change,)), placed + found[0].gain
        single = [step for step in single if step.change.company != found[0].change.company]
