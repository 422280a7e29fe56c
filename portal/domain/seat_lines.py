"""Which lines of an invoice bear which arrangements of seats, where somebody may have mended and moved the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from portal.domain.tax import TaxCategory

Said = tuple[int, int, TaxCategory]  # seats, yen a seat (ex tax), tax
# what tells a line that does not say just so, the surest first: seats and price, seats, price, tax, the order
_TELLS: tuple[tuple[int, ...], ...] = ((0, 1), (0, 2), (1, 2), (2,), ())


def lines_of_each(agreed: Sequence[Said], lines: Sequence[Said]) -> list[list[int]]:
    """For each of `agreed` the places of its lines, each line once; none where nobody can tell.

    All are looked at together: first the lines that say just so, then those in their own row, then what else tells them. The
    last one that has none bears all that are left, of its own tax if there are any.
    """
    found: list[list[int]] = [[] for _each in agreed]
    waiting, free = list(range(len(agreed))), list(range(len(lines)))
    for pairs in (_just_so, _in_own_row, _told):
        for each, line in pairs(agreed, lines, waiting, free):
            found[each] = [line]
            waiting.remove(each)
            free.remove(line)
    if len(waiting) == 1:
        its = agreed[waiting[0]][2]
        found[waiting[0]] = [line for line in free if lines[line][2] is its] or free
    return found


_Pairs = Iterator[tuple[int, int]]


def _just_so(agreed: Sequence[Said], lines: Sequence[Said], waiting: list[int], free: list[int]) -> _Pairs:
    for each in _own_rows(agreed, lines):
        if agreed[each] == lines[each]:
            yield each, each
    for each in tuple(waiting):
        line = next((line for line in free if lines[line] == agreed[each]), None)
        if line is not None:
            yield each, line


def _in_own_row(agreed: Sequence[Said], lines: Sequence[Said], waiting: list[int], free: list[int]) -> _Pairs:
    """With another price, or for other seats."""
    for each in _own_rows(agreed, lines):
        (seats, price, tax), (its_seats, its_price, its_tax) = agreed[each], lines[each]
        is_mended = tax is its_tax and (seats == its_seats or price == its_price)
        if is_mended and each in waiting and each in free:
            yield each, each


def _own_rows(agreed: Sequence[Said], lines: Sequence[Said]) -> range:
    return range(len(agreed) if len(agreed) == len(lines) else 0)


def _told(agreed: Sequence[Said], lines: Sequence[Said], waiting: list[int], free: list[int]) -> _Pairs:
    """Where as many lines as arrangements have the same in common; a single one takes all that are left."""
    for at in _TELLS:
        if len(waiting) < 2:
            return
        alike: defaultdict[tuple[object, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, said, open_ in ((0, agreed, waiting), (1, lines, free)):
            for place in open_:
                alike[tuple(said[place][part] for part in at)][side].append(place)
        for ours, theirs in alike.values():
            if len(ours) == len(theirs):
                yield from zip(ours, theirs, strict=True)
