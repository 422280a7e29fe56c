"""How an amount spreads over the claims of one payer."""

from collections.abc import Iterator, Sequence
from datetime import date
from operator import attrgetter

from portal.domain.reconciliation.claims import Claim
from portal.domain.reconciliation.values import Part, Reason, Rules

MOST_COMBINED = 12
MOST_AT_ONCE = 4
MOST_AT_A_TIME = 50  # all of a payer's claims together
MOST_PROPOSED = 3

Spread = tuple[tuple[Part, ...], Reason]
_OLDEST_FIRST = attrgetter("due_on", "invoice_id")


def spreads(amount_yen: int, claims: Sequence[Claim], rules: Rules) -> Iterator[Spread]:
    """Ways in which `amount_yen` pays some of `claims` (oldest first): exactly, together, less a fee, in part, too much."""
    exact = [claim for claim in claims if claim.open_yen == amount_yen][:MOST_PROPOSED]
    for claim in exact:
        yield (Part(claim.invoice_id, amount_yen),), Reason.EXACT
    if exact:
        return
    one = _less_a_fee(amount_yen, claims, rules)  # nearer than several that happen to lack as little
    ways = [*one, *_together(amount_yen, claims, Rules(0) if one else rules)]
    yield from ways or [fill(amount_yen, claims)]


def _less_a_fee(amount_yen: int, claims: Sequence[Claim], rules: Rules) -> list[Spread]:
    short = [c for c in claims if 0 < c.open_yen - amount_yen <= rules.fee_yen]
    return [
        ((Part(c.invoice_id, amount_yen, c.open_yen - amount_yen),), Reason.FEE)
        for c in short[:MOST_PROPOSED]
    ]


def _together(amount_yen: int, claims: Sequence[Claim], rules: Rules) -> list[Spread]:
    """Two or more claims that add up to the amount, or to at most a fee more; few of them before many, exact before not."""
    exact: list[Spread] = []
    with_fee: list[Spread] = []
    for some in _groups(amount_yen, amount_yen + rules.fee_yen, claims):
        over = sum([claim.open_yen for claim in some]) - amount_yen
        if over == 0:
            exact.append((tuple(Part(c.invoice_id, c.open_yen) for c in some), Reason.SUM))
        elif some[-1].open_yen > over:
            last = some[-1]
            paid = [Part(c.invoice_id, c.open_yen) for c in some[:-1]]
            with_fee.append(((*paid, Part(last.invoice_id, last.open_yen - over, over)), Reason.FEE))
        if len(exact) == MOST_PROPOSED:
            break
    return (exact or with_fee)[:MOST_PROPOSED]


def _largest_first(claim: Claim) -> tuple[int, date, int]:
    return -claim.open_yen, claim.due_on, claim.invoice_id


def _groups(least: int, most: int, claims: Sequence[Claim]) -> Iterator[tuple[Claim, ...]]:
    """Groups of two and more whose sum lies between two amounts, each in the order of its claims."""
    largest = sorted(claims[:MOST_COMBINED], key=_largest_first)
    amounts = [claim.open_yen for claim in largest]
    for size in range(2, min(MOST_AT_ONCE, len(largest)) + 1):
        for places in _search(least, most, size, amounts, 0):
            yield tuple(sorted([largest[at] for at in places], key=_OLDEST_FIRST))
    if MOST_AT_ONCE < len(claims) <= MOST_AT_A_TIME and least <= sum(c.open_yen for c in claims) <= most:
        yield tuple(claims)


def _search(
    least: int, most: int, size: int, amounts: Sequence[int], begin: int
) -> Iterator[tuple[int, ...]]:
    """Places, from `begin` on, of `size` amounts (largest first) with a sum between the two.

    Branches that cannot get there are not entered.
    """
    count = len(amounts)
    smallest = sum(amounts[count - size + 1 :]) if size > 1 else 0
    for at in range(begin, count - size + 1):
        first = amounts[at]
        if first * size < least:
            return  # from here on all are too small
        if first + smallest > most:
            continue
        if size == 1:
            yield (at,)
            continue
        for rest in _search(least - first, most - first, size - 1, amounts, at + 1):
            yield at, *rest


def fill(amount_yen: int, claims: Sequence[Claim]) -> Spread:
    """The oldest first, as far as the money goes; what is left over stands with the last as an advance."""
    parts: list[Part] = []
    left = amount_yen
    for claim in claims[:MOST_COMBINED]:
        if not left:
            break
        paid = min(left, claim.open_yen)
        parts.append(Part(claim.invoice_id, paid))
        left -= paid
    if left:
        parts[-1] = parts[-1]._replace(amount_yen=parts[-1].amount_yen + left)
    return tuple(parts), Reason.EXCESS if left else Reason.PART
