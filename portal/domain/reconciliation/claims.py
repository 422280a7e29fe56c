"""Open invoices by everything that a deposit may be found by; made once, asked many times."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from portal.domain.payer_names import legal_form, payer_key, prefix_of
from portal.domain.reconciliation.numbers import invoices_named, was_issued
from portal.domain.reconciliation.values import WEIGHTS, Deposit, Reason, Recorded

MOST_CUT_NAMES = 20
MOST_DAYS_APART = 10  # between a payment as it was recorded by hand and the bank's own day


class Claim(NamedTuple):
    """An invoice with something owed on it."""

    invoice_id: int
    number: str
    payer_id: int
    open_yen: int
    due_on: date
    issued_on: date | None = None

    @property
    def order(self) -> tuple[date, int]:
        """Oldest first."""
        return self.due_on, self.invoice_id


class Payer(NamedTuple):
    """Somebody who may pay: the reading of the name, names that were confirmed, codes or virtual accounts, the English name."""

    id: int
    kana: str
    aliases: tuple[str, ...] = ()  # as they stood on the statement when they were confirmed
    codes: tuple[str, ...] = ()
    latin: str = ""


class OpenClaims:
    """Indexes over claims and payers. The order in which they were given makes no difference.

    `issued` is the last number of an invoice in each year, `recorded` what was paid by hand, not through a deposit.
    """

    def __init__(
        self,
        claims: Iterable[Claim],
        payers: Iterable[Payer],
        issued: Mapping[int, int] | None = None,
        recorded: Iterable[Recorded] = (),
    ) -> None:
        self._issued = issued or {}
        self.by_number: dict[str, Claim] = {}
        self._claims: dict[int, Claim] = {}
        self.by_amount: defaultdict[int, list[Claim]] = defaultdict(list)
        self.by_payer: defaultdict[int, list[Claim]] = defaultdict(list)
        self.by_payer_amount: defaultdict[tuple[int, int], list[Claim]] = defaultdict(list)
        for claim in sorted(claims, key=attrgetter("due_on", "invoice_id")):
            invoice_id, number, payer_id, open_yen, _due_on, _issued_on = claim
            self.by_number[number] = claim
            self._claims[invoice_id] = claim
            self.by_amount[open_yen].append(claim)
            self.by_payer[payer_id].append(claim)
            self.by_payer_amount[payer_id, open_yen].append(claim)
        self._index_payers(payers)
        self._index_recorded(recorded)

    def _index_payers(self, payers: Iterable[Payer]) -> None:
        self._known: dict[tuple[str, str], dict[int, Reason]] = {}
        self._names: defaultdict[str, set[int]] = defaultdict(set)
        self._idle: defaultdict[str, set[int]] = defaultdict(set)  # of those who owe nothing
        self._aliases: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._codes: defaultdict[str, set[int]] = defaultdict(set)
        for payer in payers:
            for name in (payer.kana, payer.latin):
                if name and (key := payer_key(name)):
                    (self._names if payer.id in self.by_payer else self._idle)[key].add(payer.id)
            for alias in payer.aliases:
                self._aliases[payer_key(alias)].append((payer.id, alias))
            for code in payer.codes:
                self._codes[code.lstrip("0")].add(payer.id)
        self._sorted = sorted(self._names)

    def open_yen(self, invoice_id: int) -> int:
        """What is owed on an invoice."""
        return self._claims[invoice_id].open_yen

    def is_before(self, deposit: Deposit, invoice_id: int) -> bool:
        """Whether the money came before the invoice was issued."""
        issued_on = self._claims[invoice_id].issued_on
        return issued_on is not None and deposit.booked_on is not None and deposit.booked_on < issued_on

    def _index_recorded(self, recorded: Iterable[Recorded]) -> None:
        self._recorded: defaultdict[tuple[int | str, int], list[Recorded]] = defaultdict(list)
        for each in sorted(recorded):
            self._recorded[each.payer_id, each.amount_yen].append(each)
            if key := payer_key(each.name):
                self._recorded[key, each.amount_yen].append(each)

    def recorded(self, deposit: Deposit, payers: Iterable[int]) -> tuple[Recorded, ...]:
        """Payments of the same amount that were recorded by hand about that day, for one of these or under the same name."""
        if not self._recorded or deposit.booked_on is None:
            return ()
        found: dict[Recorded, None] = {}
        whose: list[int | str] = [*payers, payer_key(deposit.name)]
        for who in whose:
            for each in self._recorded.get((who, deposit.amount_yen), ()):
                if abs((each.received_on - deposit.booked_on).days) <= MOST_DAYS_APART:
                    found[each] = None
        return tuple(found)

    def named(self, deposit: Deposit) -> tuple[list[Claim], bool]:
        """Claims whose number stands in the deposit's texts, each once, oldest first; whether another number of ours does, of which
        nothing is owed (written off, paid, issued anew): the payer means that one. Digits alone are ours where we issued them."""
        numbers = invoices_named(f"{deposit.name} {deposit.text}")
        if not numbers:
            return [], False
        found = [self.by_number[number] for number in numbers if number in self.by_number]
        other = any(
            has_letters or was_issued(number, self._issued)
            for number, has_letters in numbers.items()
            if number not in self.by_number
        )
        return sorted(found, key=lambda claim: claim.order), other

    def payers(self, deposit: Deposit) -> dict[int, Reason]:
        """Who may have sent it and how each is known, by id.

        A code says it alone. A confirmed name does not hide others of the same name, and is none for another legal form.
        Payers pay again and again, so what is known of a spelling is found once.
        """
        spelt = deposit.name, deposit.code
        found = self._known.get(spelt)
        if found is None:
            found = self._known[spelt] = self._payers(deposit)
        return found

    def _payers(self, deposit: Deposit) -> dict[int, Reason]:
        if deposit.code and (found := self._codes.get(deposit.code.lstrip("0"))):
            return dict.fromkeys(sorted(found), Reason.CODE)
        key = payer_key(deposit.name)
        known = dict.fromkeys(self._names.get(key, ()) if key else (), Reason.NAME)
        for payer_id, alias in self._aliases.get(key, ()) if key else ():
            known[payer_id] = max(
                known.get(payer_id, Reason.NAME), _said_by(alias, deposit.name), key=WEIGHTS.__getitem__
            )
        if known:
            return dict(sorted(known.items()))
        return dict.fromkeys(sorted(self._beginning(deposit.name)), Reason.NAME_CUT)

    def idle(self, deposit: Deposit, known: Iterable[int]) -> tuple[int, ...]:
        """Of those who are known to have sent it, or whose name it is, the ones who owe nothing; empty when another owes."""
        if any(payer in self.by_payer for payer in known):
            return ()
        key = payer_key(deposit.name)
        return tuple(sorted({*known, *(self._idle.get(key, ()) if key else ())}))

    def _beginning(self, name: str) -> set[int]:
        start = prefix_of(name)
        if start is None:
            return set()
        found: set[int] = set()
        at = bisect_left(self._sorted, start)
        while at < len(self._sorted) and self._sorted[at].startswith(start) and len(found) < MOST_CUT_NAMES:
            found |= self._names[self._sorted[at]]
            at += 1
        return found


def _said_by(alias: str, name: str) -> Reason:
    """A confirmed name is known; with another legal form (カ) and ド)) it is only alike."""
    forms = {form for form in (legal_form(alias), legal_form(name)) if form}
    return Reason.NAME if alias != name and len(forms) > 1 else Reason.ALIAS
