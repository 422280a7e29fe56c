"""What the two kinds of file have in common for the reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.domain.zengin.fields import Days, Reader
from portal.domain.zengin.layouts import Layout
from portal.domain.zengin.problems import Problem
from portal.domain.zengin.records import Entry, FileForm

Records = Sequence[str | list[str]]


@dataclass(frozen=True)
class Rules:
    """How one kind of file is read: its trailer, whether form B is used, its movements, its counts and sums."""

    trailer: Layout
    is_wide: Callable[[Records], bool]
    read: Callable[[Records, int, bool, FileForm, Days], tuple[Entry, ...]]
    check: Callable[[Reader, Sequence[Entry]], int | None]


def check_totals(trailer: Reader, entries: Sequence[Entry], count: str, total: str) -> None:
    """Refuse a trailer whose number or sum is not that of the movements."""
    for name, found, problem in (
        (count, len(entries), Problem.COUNT_DIFFERS),
        (total, sum(entry.amount_yen for entry in entries), Problem.SUM_DIFFERS),
    ):
        said = trailer.number(name, optional=True)
        if said != found:
            raise trailer.refuse(problem, name, found=str(said), expected=str(found))
