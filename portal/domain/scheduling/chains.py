"""The best days for all meetings of one group, given where everybody else meets: exact, by dynamic programming over days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portal.domain.scheduling.arrays import Floats, Ints

VIOLATION = 1_000.0  # attendances that a gap too short or too long counts
NEVER = np.inf


@dataclass(frozen=True)
class Chain:
    """Indices of slots, -1 where a meeting has none; `cost` in attendances."""

    slots: tuple[int, ...]
    cost: float


def best_chain(costs: Floats, day: Ints, days: int, gap: tuple[int, int], unplaced: float) -> Chain:
    """Each row of `costs` is a meeting, each column a slot (inf: impossible); meetings stand on days in their order.

    A gap outside `gap` costs VIOLATION, a meeting without a slot `unplaced`: there is always an answer.
    """
    daily, choice = _by_day(costs, day, days)
    none = days  # the state in which nothing is placed yet
    state = np.full(days + 1, NEVER)
    state[none] = 0.0
    steps = []
    for row in daily:
        before, came_from = _before(state[:days], days, gap)
        start = state[none]
        placed = row + np.minimum(before, start)
        origin = np.where(start <= before, none, came_from)
        skipped = state + unplaced
        new = np.full(days + 1, NEVER)
        new[:days] = np.minimum(placed, skipped[:days])
        new[none] = skipped[none]
        steps.append((placed <= skipped[:days], origin))
        state = new
    end = int(np.argmin(state))
    return Chain(_walk_back(steps, choice, end, none), float(state[end]))


def _by_day(costs: Floats, day: Ints, days: int) -> tuple[Floats, Ints]:
    """The cheapest slot of each day for each meeting, and its index."""
    daily = np.full((len(costs), days), NEVER)
    choice = np.full((len(costs), days), -1, dtype=np.int64)
    if costs.shape[1] == 0:
        return daily, choice
    starts = np.flatnonzero(np.r_[True, day[1:] != day[:-1]])
    ends = np.r_[starts[1:], len(day)]
    longest = int((ends - starts).max())
    columns = np.minimum(
        starts[:, None] + np.arange(longest), (ends - 1)[:, None]
    )  # the last slot again, harmlessly
    best = costs[:, columns].argmin(axis=2)
    chosen = np.take_along_axis(
        np.broadcast_to(columns, (len(costs), *columns.shape)), best[:, :, None], axis=2
    )[:, :, 0]
    daily[:, day[starts]] = np.take_along_axis(costs, chosen, axis=1)
    choice[:, day[starts]] = chosen
    return daily, choice


def _before(state: Floats, days: int, gap: tuple[int, int]) -> tuple[Floats, Ints]:
    """For each day the cheapest day of the meeting before it: within the gap, or any earlier one at VIOLATION."""
    least, most = gap
    earlier, where = _least_so_far(state, days)
    any_day = np.full(days, NEVER)
    any_day[1:] = earlier[:-1] + VIOLATION
    any_from = np.zeros(days, dtype=np.int64)
    any_from[1:] = where[:-1]
    fitting, fit_from = np.full(days, NEVER), np.zeros(days, dtype=np.int64)
    if least < days:
        width = min(most, days - 1) - least + 1
        padded = np.concatenate([np.full(width - 1, NEVER), state[: days - least]])
        windows = np.lib.stride_tricks.sliding_window_view(padded, width)
        at = windows.argmin(axis=1)
        fitting[least:] = np.take_along_axis(windows, at[:, None], axis=1)[:, 0]
        fit_from[least:] = np.arange(days - least) - (width - 1) + at
    is_fit = fitting <= any_day
    return np.where(is_fit, fitting, any_day), np.where(is_fit, fit_from, any_from)


def _least_so_far(state: Floats, days: int) -> tuple[Floats, Ints]:
    running = np.minimum.accumulate(state)
    fresh = np.r_[True, running[1:] < running[:-1]]
    return running, np.maximum.accumulate(np.where(fresh, np.arange(days), 0))


def _walk_back(steps: list[tuple[np.ndarray, Ints]], choice: Ints, end: int, none: int) -> tuple[int, ...]:
    found: list[int] = []
    here = end
    for number in range(len(steps) - 1, -1, -1):
        is_placed, origin = steps[number]
        if here == none or not is_placed[here]:
            found.append(-1)
        else:
            found.append(int(choice[number, here]))
            here = int(origin[here])
    return tuple(reversed(found))
