"""Proposals on their way through a page: as it shows them, as it sends them back, and as somebody types them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Organisation
from portal.billing.deposits import GRADE_LABELS, REASON_LABELS, DepositState
from portal.billing.models import BankDeposit
from portal.billing.queries.bank import Owed, companies_of, owed_by_number, owed_invoices
from portal.billing.services.bank.accounts import matching_rules
from portal.billing.services.bank.applying import Share
from portal.billing.services.bank.proposing import proposals_beside, proposals_for
from portal.billing.services.bank.twins import twins_of
from portal.billing.services.settlement import refuse_written_off
from portal.billing.staff.bank.forms import ROWS, ShareForm
from portal.core.errors import Refused
from portal.core.i18n import _l
from portal.domain.numbering import DocumentKind, NotADocumentNumber, parse_number
from portal.domain.reconciliation import Proposal, Reason, Recorded
from portal.domain.reconciliation.values import WEIGHTS

_SHARE = re.compile(r"([0-9]{1,18}):([0-9]{1,12}):([0-9]{1,4}):([0-9]{1,12})")
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal in words: which invoices, why, and what the button sends."""

    grade: Any
    word: Any
    reasons: tuple[Any, ...]
    parts: tuple[tuple[Owed, int, int, int], ...]  # invoice, money, fee, what stays open
    advance_yen: int
    token: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """Proposals, the best first, companies whose name it is and who owe nothing, and deposits that seem to pay the same."""

    proposals: tuple[Shown, ...]
    idle: tuple[Organisation, ...]
    rivals: Sequence[BankDeposit]
    twins: Sequence[tuple[BankDeposit, DepositState]]  # maybe the same money, told of by another file
    by_hand: tuple[tuple[Recorded, Owed], ...]  # maybe the same money, recorded on an invoice's page


def fitting_now(deposit: BankDeposit) -> Fitting:
    """What fits the deposit at this moment."""
    match, rivals, twins = proposals_beside(deposit)
    paid = {each.invoice_id for each in match.by_hand}
    owed = owed_invoices({part.invoice_id for each in match.proposals for part in each.parts} | paid)
    shown = tuple(_shown(each, owed) for each in match.proposals)
    is_shared = match.proposals and match.proposals[0].reasons & {Reason.OTHER_DEPOSIT, Reason.TOGETHER}
    by_hand = tuple((each, owed[each.invoice_id]) for each in match.by_hand)
    return Fitting(shown, companies_of(match.idle), rivals if is_shared else (), twins, by_hand)


def fitting_no_more(deposit: BankDeposit) -> Fitting:
    """Of a decided deposit: only where the same money may stand once more."""
    return Fitting((), (), (), twins_of(deposit), ())


def _shown(proposal: Proposal, owed: dict[int, Owed]) -> Shown:
    parts, tokens, advance = [], [], 0
    for part in proposal.parts:
        invoice = owed[part.invoice_id]
        left = invoice.open_yen - part.amount_yen - part.fee_yen
        advance += max(0, -left)
        parts.append((invoice, part.amount_yen, part.fee_yen, max(0, left)))
        tokens.append(f"{invoice.id}:{part.amount_yen}:{part.fee_yen}:{invoice.open_yen}")
    reasons = sorted(proposal.reasons, key=lambda reason: -WEIGHTS[reason])
    words = tuple(REASON_LABELS[reason] for reason in reasons)
    grade = proposal.grade
    return Shown(grade, GRADE_LABELS[grade], words, tuple(parts), advance, "|".join(tokens))


def read_proposal(token: str) -> list[Share]:
    """What a button sent; raises Refused for anything that no page of ours sends."""
    found = [_SHARE.fullmatch(part) for part in token[:LONGEST].split("|")]
    if len(token) > LONGEST or not all(found):
        raise Refused(_l("Please choose a proposal on the page of the deposit."))
    return [Share(*(int(group) for group in each.groups())) for each in found if each]


def reasons_for(deposit: BankDeposit, shares: Sequence[Share]) -> str:
    """Why the machine would have done the same; empty when somebody decided otherwise."""
    chosen = tuple((share.invoice_id, share.amount_yen, share.fee_yen) for share in shares)
    for proposal in proposals_for(deposit).proposals:
        if tuple(tuple(part) for part in proposal.parts) == chosen:
            return ",".join(sorted(proposal.reasons))
    return ""


def typed_shares(form: Any) -> list[Share]:
    """What was typed row by row; raises Refused at the row that cannot be right."""
    rows = [(row, _number(form, row), form[f"amount_{row}"].data) for row in ROWS]
    rows = [each for each in rows if each[1] or each[2]]
    owed = owed_by_number(number for _row, number, _amount in rows if number)
    shares: list[Share] = []
    for row, number, amount in rows:
        if number not in owed:
            raise Refused(_l("There is no invoice of this number."), field=f"number_{row}")
        if owed[number].written_off_yen:
            refuse_written_off(owed[number].id, field=f"number_{row}")
        if not amount:
            raise Refused(_l("Please write how much goes to this invoice."), field=f"amount_{row}")
        shares.append(Share(owed[number].id, amount, 0, owed[number].open_yen))
    if not shares:
        raise Refused(_l("Please write at least one invoice and how much goes to it."), field="number_1")
    if form.takes_fee.data:
        shares[-1] = _with_fee(shares[-1])
    return shares


def _with_fee(share: Share) -> Share:
    lacking = share.open_yen - share.amount_yen
    if not 0 < lacking <= matching_rules().fee_yen:
        raise Refused(
            _l("What is lacking on the last invoice is no transfer fee that we take over."), field="takes_fee"
        )
    return Share(share.invoice_id, share.amount_yen, lacking, share.open_yen)


def lost_of(form: Any) -> list[tuple[Owed, int]]:
    """Claims among the typed ones that are written off, with the amount: the page leads to them."""
    if not isinstance(form, ShareForm):
        return []
    typed = owed_by_number(_normal(form[f"number_{row}"].data or "") for row in ROWS)
    return [(each, each.written_off_yen) for each in typed.values() if each.written_off_yen]


def _normal(typed: str) -> str:
    try:
        return str(parse_number(typed, expected=DocumentKind.INVOICE))
    except NotADocumentNumber:
        return ""


def _number(form: Any, row: int) -> str:
    typed = form[f"number_{row}"].data
    if not typed:
        return ""
    number = _normal(typed)
    if not number:
        raise Refused(
            _l("Please write the number of an invoice, like INV-2026-000123."), field=f"number_{row}"
        )
    return number
