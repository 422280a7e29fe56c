"""Propose which invoices deposits pay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from portal.domain.reconciliation.claims import Claim, OpenClaims
from portal.domain.reconciliation.sums import spreads
from portal.domain.reconciliation.values import Deposit, Match, Part, Proposal, Reason, Recorded, Rules

MOST_PAYERS = 3
MOST_BY_AMOUNT = 5
MOST_PROPOSALS = 5


def match_all(deposits: Iterable[Deposit], claims: OpenClaims, rules: Rules) -> dict[int, Match]:
    """A match for every deposit by its id; deposits that want the same invoice know of each other."""
    listed = list(deposits)
    found = {deposit.id: match_one(deposit, claims, rules) for deposit in listed}
    for invoice_id, wanting in _wanted_twice(found.values()).items():
        _tell_each_other(found, wanting, invoice_id, claims)
    return found


def match_one(deposit: Deposit, claims: OpenClaims, rules: Rules) -> Match:
    """The proposals for one deposit by itself, the best first."""
    payers = claims.payers(deposit)
    named, is_other = claims.named(deposit)
    if not named and not is_other and len(payers) == 1:
        ((payer, known_by),) = payers.items()
        exact = claims.by_payer_amount.get((payer, deposit.amount_yen))
        if exact is not None and len(exact) == 1:  # what nearly every deposit is
            only = (Part(exact[0].invoice_id, deposit.amount_yen),)
            by_hand = claims.recorded(deposit, payers)
            reasons = _doubted(deposit, only, _EXACTLY[known_by], claims, by_hand)
            return Match(deposit.id, (Proposal(only, reasons),), (), by_hand)
    proposals: dict[tuple[Part, ...], frozenset[Reason]] = {}
    for parts, reasons in (
        *_by_number(deposit, named, payers, rules),
        *_by_payer(deposit, named, payers, claims, rules),
    ):
        other = {Reason.OTHER_NUMBER} if is_other else set()
        proposals.setdefault(parts, reasons | other)  # the number says it more exactly
    idle = claims.idle(deposit, payers)
    if not proposals:
        proposals = dict(_by_amount(deposit, claims, Reason.OTHER_NAME if idle else Reason.AMOUNT_ALONE))
    by_hand = claims.recorded(deposit, {*payers, *idle, *(claim.payer_id for claim in named)})
    ranked = sorted(
        (
            Proposal(parts, _doubted(deposit, parts, reasons, claims, by_hand))
            for parts, reasons in proposals.items()
        ),
        key=lambda each: (-each.score, each.parts),
    )
    return Match(deposit.id, tuple(ranked[:MOST_PROPOSALS]), idle, by_hand)


def _doubted(
    deposit: Deposit,
    parts: Sequence[Part],
    reasons: frozenset[Reason],
    claims: OpenClaims,
    by_hand: Sequence[Recorded],
) -> frozenset[Reason]:
    """With what speaks against it whatever the amount and the name say: it is here already, or came before it was asked for."""
    if deposit.is_told_twice:
        reasons |= {Reason.SAME_MONEY}
    if deposit.is_undone:
        reasons |= {Reason.UNDONE}
    if by_hand:
        reasons |= {Reason.BY_HAND}
    for part in parts:
        if claims.is_before(deposit, part.invoice_id):
            return reasons | {Reason.BEFORE_INVOICE}
    return reasons


_EXACTLY = {
    by: frozenset({Reason.EXACT, by}) for by in (Reason.CODE, Reason.ALIAS, Reason.NAME, Reason.NAME_CUT)
}
_Found = tuple[tuple[Part, ...], frozenset[Reason]]


def _by_number(
    deposit: Deposit, named: Sequence[Claim], payers: Mapping[int, Reason], rules: Rules
) -> list[_Found]:
    if not named:
        return []
    whose = {claim.payer_id for claim in named}
    also = {payers[payer] for payer in whose} if whose <= set(payers) else set()
    also |= {Reason.OTHER_NUMBER} if payers and not whose & set(payers) else set()
    also |= {Reason.SEVERAL_PAYERS} if len(whose) > 1 else set()
    ways = list(spreads(deposit.amount_yen, named, rules))
    several = {Reason.SEVERAL_INVOICES} if len(ways) > 1 else set()
    return [(parts, frozenset({Reason.NUMBER, how} | also | several)) for parts, how in ways]


def _by_payer(
    deposit: Deposit,
    named: Sequence[Claim],
    payers: Mapping[int, Reason],
    claims: OpenClaims,
    rules: Rules,
) -> list[_Found]:
    owing = [payer for payer in payers if payer in claims.by_payer]
    doubts = {Reason.SEVERAL_PAYERS} if len(payers) > 1 else set()
    wanted = {claim.invoice_id for claim in named}
    found: list[_Found] = []
    for payer in owing[:MOST_PAYERS]:
        ways = list(spreads(deposit.amount_yen, claims.by_payer[payer], rules))
        several = {Reason.SEVERAL_INVOICES} if len(ways) > 1 else set()
        for parts, how in ways:
            number = _number_says(wanted, parts)
            found.append((parts, frozenset({payers[payer], how} | doubts | several | number)))
    return found


def _number_says(wanted: set[int], parts: Sequence[Part]) -> set[Reason]:
    if not wanted:
        return set()
    return {Reason.NUMBER if wanted <= {part.invoice_id for part in parts} else Reason.OTHER_NUMBER}


def _by_amount(deposit: Deposit, claims: OpenClaims, whose: Reason) -> list[_Found]:
    """Nothing else speaks for an invoice: those of exactly this amount, where they are few."""
    same = claims.by_amount.get(deposit.amount_yen, [])
    if len(same) > MOST_BY_AMOUNT:
        return []
    doubts = {Reason.SEVERAL_INVOICES} if len(same) > 1 else set()
    reasons = frozenset({Reason.EXACT, whose} | doubts)
    return [((Part(claim.invoice_id, deposit.amount_yen),), reasons) for claim in same]


def _wanted_twice(matches: Iterable[Match]) -> dict[int, list[int]]:
    """Invoices that the best proposals of several deposits name, with those deposits."""
    first: dict[int, int] = {}
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for match in matches:
        for part in match.proposals[0].parts if match.proposals else ():
            other = first.setdefault(part.invoice_id, match.deposit_id)
            if other != match.deposit_id:
                wanted[part.invoice_id].append(match.deposit_id)
    return {invoice_id: sorted({first[invoice_id], *others}) for invoice_id, others in wanted.items()}


def _tell_each_other(
    found: dict[int, Match], wanting: Sequence[int], invoice_id: int, claims: OpenClaims
) -> None:
    """Together they pay it exactly, still owe some of it, or are too much: then each is doubtful."""
    parts = [part for id in wanting for part in found[id].proposals[0].parts if part.invoice_id == invoice_id]
    open_yen = claims.open_yen(invoice_id)
    given = sum(part.amount_yen + part.fee_yen for part in parts)
    if given < open_yen:
        return
    reason = Reason.TOGETHER if given == open_yen else Reason.OTHER_DEPOSIT
    for id in wanting:
        best = found[id].proposals[0]
        told = best._replace(reasons=best.reasons | {reason})
        found[id] = found[id]._replace(proposals=(told, *found[id].proposals[1:]))
