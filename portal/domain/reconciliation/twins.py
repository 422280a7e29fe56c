"""The same money told of twice: equal deposits that came in different files.

One file tells of a transfer once, so equal ones in it are two. Another kind of file (01 and 03), or a CSV read with other columns,
writes the same transfer differently, and a CSV may be imported under a wrong account of ours: nothing but day, amount and the
payer's name can be compared then. What the bank has taken back may come again on the same day, which the next file of that kind tells;
a file of another kind may only tell of it once more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from portal.domain.payer_names import payer_key, prefix_of

MOST_TOLD = 5
_Told = tuple[int, str, bool]  # file, its kind, whether the bank took the money back


class Line(NamedTuple):
    """A deposit of whatever standing, as far as it says which money it is."""

    id: int
    file_id: int
    booked_on: date
    amount_yen: int
    name: str
    kind: str = ""  # of its file
    is_taken_back: bool = False


def told_twice(lines: Iterable[Line]) -> dict[int, tuple[int, ...]]:
    """For each line that may be money of another file's line: the first few of those, by id."""
    equal: defaultdict[tuple[date, int], list[Line]] = defaultdict(list)
    for line in lines:
        equal[line.booked_on, line.amount_yen].append(line)
    return {
        id: others
        for group in equal.values()
        if len(group) > 1 and len({line.file_id for line in group}) > 1
        for id, others in _within(group)
        if others
    }


def may_be_same(name: str, other: str) -> bool:
    """Whether two files may mean one payer: spellings of one name, one of them cut off, or none."""
    one, two = payer_key(name), payer_key(other)
    if not one or not two or one == two:
        return True
    cut, also_cut = prefix_of(name), prefix_of(other)
    return bool((cut and two.startswith(cut)) or (also_cut and one.startswith(also_cut)))


def _within(group: Sequence[Line]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The same for lines of one day and amount; names are compared once, not for each pair of lines."""
    by_name: defaultdict[str, defaultdict[_Told, list[int]]] = defaultdict(lambda: defaultdict(list))
    spelt: dict[str, str] = {}
    for line in group:
        key = payer_key(line.name)
        by_name[key][line.file_id, line.kind, line.is_taken_back].append(line.id)
        if key not in spelt or prefix_of(line.name):
            spelt[key] = line.name
    cut = [each for each, name in spelt.items() if prefix_of(name)]
    alike = {key: sorted(_alike(key, spelt, cut)) for key in spelt}
    for line in group:
        others = _others(line, alike[payer_key(line.name)], by_name)
        yield line.id, tuple(islice(others, MOST_TOLD))


def _alike(key: str, spelt: Mapping[str, str], cut: Sequence[str]) -> set[str]:
    """Keys that may be the same payer, itself among them."""
    if not key:
        return set(spelt)
    among = spelt if key in cut else [key, "", *cut]
    return {each for each in among if each in spelt and may_be_same(spelt[key], spelt[each])}


def _others(
    line: Line, alike: Sequence[str], by_name: Mapping[str, Mapping[_Told, list[int]]]
) -> Iterator[int]:
    for key in alike:
        for (file_id, kind, is_taken_back), ids in by_name[key].items():
            if file_id != line.file_id and not (is_taken_back and kind == line.kind):
                yield from ids
