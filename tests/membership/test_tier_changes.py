"""Another tier in the middle of a term: papers, money, the contract, and the membership that goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.billing.enums import ReceivableState
from portal.billing.models import AdvanceMove, CreditNote, Invoice, Receipt, Receivable
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.credits import left_of_lines
from portal.billing.queries.invoices import any_invoice
from portal.billing.services.credits import issue_credit_note
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import rollback, transaction
from portal.domain.terms import TermState
from portal.domain.tier_change import Proration
from portal.domain.tier_change_flow import ChangeState
from portal.membership import queries
from portal.membership.models import ContractTerm, TierChange
from portal.membership.queries.tier_changes import changes_to_review
from portal.membership.services.renewals.choice import Facts
from portal.membership.services.tier_changes.calendar import close_tier_changes
from portal.membership.services.tier_changes.planning import plan_upgrade
from portal.membership.services.tier_changes.rules import decide_proration, examples
from portal.membership.services.tier_changes.upgrades import approve_change, decline_change
from portal.notifications.models import Message
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, staff

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def owed(invoice_id: int) -> Receivable:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    return db.session.get_one(Receivable, invoice_id, populate_existing=True)


def mails(event: str) -> list[Message]:
    rollback()
    return list(db.session.scalars(select(Message).where(Message.event == f"membership/{event}")))


@pytest.mark.parametrize(
    ("old", "new", "how", "back_yen", "asked_yen"),
    [  # docs/tier-changes.md
        ("C", "A", Proration.BY_MONTH, 183_332, 733_332),
        ("B", "A", Proration.BY_MONTH, 366_666, 733_332),
        ("C", "A", Proration.BY_DAY, 168_766, 675_067),
    ],
)
def test_moving_up_gives_back_a_share_and_asks_a_share(
    old: str, new: str, how: Proration, back_yen: int, asked_yen: int
) -> None:
    admin = given.member(old)
    with transaction():
        decide_proration(proration=how, valid_from=given.DECEMBER, by=None)
    change = given.upgrade(admin, new)
    assert change.state is ChangeState.AGREED
    note = db.session.get_one(CreditNote, change.credit_note_id)
    invoice = any_invoice(change.invoice_id or 0)
    assert (note.total_yen, invoice.total_yen) == (back_yen, asked_yen)
    assert note.invoice_id == change.credited_invoice_id
    assert (invoice.period_from, invoice.period_to) == (given.DECEMBER, given.LAST)
    assert invoice.number in note.reason
    first = any_invoice(note.invoice_id)
    assert first.number in invoice.lines[0].detail
    move = db.session.scalars(select(AdvanceMove).where(AdvanceMove.to_invoice_id == invoice.id)).one()
    assert move.amount_yen == invoice.prepaid_yen == back_yen
    assert owed(invoice.id).outstanding_yen == asked_yen - back_yen
    assert owed(first.id).excess_yen == 0
    term = given.term_of(admin)
    assert (term.tier_code, term.state, term.snapshot.training_seats) == (new, TermState.ACTIVE, 1)


def test_what_is_unpaid_is_asked_less() -> None:
    admin = given.member("C", paid_yen=0)
    first = given.invoice_of(admin).id
    change = given.upgrade(admin)
    assert owed(first).outstanding_yen == 550_000 - 183_332
    assert owed(change.invoice_id or 0).outstanding_yen == 733_332
    assert any_invoice(change.invoice_id or 0).prepaid_yen == 0
    assert given.term_of(admin).state is TermState.AWAITING_PAYMENT
    given.pay(first, 550_000 - 183_332)
    assert given.term_of(admin).state is TermState.ACTIVE


def test_a_change_in_the_first_month_gives_everything_back_and_never_ends_the_membership() -> None:
    admin = given.member("C")
    with season.on(date(2026, 4, 20)):
        change = given.upgrade(admin)
    first = change.credited_invoice_id or 0
    assert owed(first).state is ReceivableState.CANCELLED
    term = given.term_of(admin)
    assert (term.cancelled_on, term.state, term.tier_code) == (None, TermState.ACTIVE, "A")
    assert owed(change.invoice_id or 0).outstanding_yen == 2_200_000 - 550_000


def test_an_unpaid_contract_that_was_changed_whole_becomes_active_with_the_new_invoice() -> None:
    admin = given.member("C", paid_yen=0)
    with season.on(date(2026, 4, 20)):
        change = given.upgrade(admin)
        assert given.term_of(admin).state is TermState.AWAITING_PAYMENT
        given.pay(change.invoice_id or 0, 2_200_000)
        assert given.term_of(admin).state is TermState.ACTIVE


def test_giving_back_every_invoice_of_a_changed_contract_ends_it() -> None:
    admin = given.member("C")
    change = given.upgrade(admin)
    for invoice_id in (change.credited_invoice_id, change.invoice_id):
        assert given.term_of(admin).cancelled_on is None
        with transaction():
            whole = any_invoice(invoice_id or 0)
            issue_credit_note(
                invoice=whole, amounts=left_of_lines(whole), reason="取消", by=None, source_key=f"t:{invoice_id}"
            )  # fmt: skip
    assert given.term_of(admin).state is TermState.CANCELLED


def test_a_second_change_goes_on_from_the_first() -> None:
    admin = given.member("C")
    clerk = actor_of(staff())
    first = given.upgrade(admin, "B", by=clerk, note_of_consent="見本様より電話")
    with season.on(date(2027, 1, 5)):
        second = given.upgrade(admin, "A")
        assert second.credited_invoice_id == first.invoice_id
        assert owed(first.invoice_id or 0).credited_yen == 275_000  # three of twelve months of 1,000,000
        assert given.term_of(admin).tier_code == "A"


def test_a_venture_is_looked_at_first_and_the_price_is_of_the_day_of_approval() -> None:
    admin = given.member("C")
    change = given.upgrade(admin, "B")
    assert change.state is ChangeState.ASKED
    assert given.term_of(admin).tier_code == "C"
    assert [waiting.id for waiting in changes_to_review()] == [change.id]
    assert len(mails("tier_change_asked")) == 1
    with season.on(date(2027, 1, 5)):
        clerk = actor_of(staff())
        plan = plan_upgrade(given.term_of(admin), _tier("B"))
        with transaction():
            approve_change(change=db.session.get_one(TierChange, change.id), seen=plan.fingerprint, by=clerk)
        rollback()
        done = db.session.get_one(TierChange, change.id)
        assert (done.state, done.effective_on) == (ChangeState.AGREED, date(2027, 1, 5))
        assert owed(done.invoice_id or 0).total_yen == 275_000


def test_a_company_that_is_no_venture_is_refused() -> None:
    admin = given.member("C")
    with pytest.raises(Refused) as refused:
        given.upgrade(admin, "B", facts=Facts(50))
    assert refused.value.field == "tier"


def test_declining_says_why_and_nobody_decides_for_their_own_company() -> None:
    admin = given.member("C")
    change = given.upgrade(admin, "B")
    clerk, own = actor_of(staff()), actor_of(admin)
    with pytest.raises(Refused) as refused, transaction():
        decline_change(change=change, reason=" ", by=clerk)
    assert refused.value.field == "reason"
    with pytest.raises(Refused), transaction():
        decline_change(change=change, reason="従業員数", by=own)
    with transaction():
        decline_change(change=db.session.get_one(TierChange, change.id), reason="従業員数", by=clerk)
    assert len(mails("tier_change_closed")) == 1
    given.upgrade(admin, "A")  # the way is free again


def test_an_unanswered_wish_is_closed_by_the_calendar_once() -> None:
    admin = given.member("C")
    change = given.upgrade(admin, "B")
    for day, state in ((date(2027, 1, 9), ChangeState.ASKED), (date(2027, 1, 10), ChangeState.OVERTAKEN)):
        with season.on(day):
            close_tier_changes()
            close_tier_changes()
        rollback()
        assert db.session.get_one(TierChange, change.id, populate_existing=True).state is state
    assert len(mails("tier_change_closed")) == 1


def test_what_was_not_shown_is_not_agreed_to() -> None:
    admin = given.member("C")
    seen = given.fingerprint(admin, "A")
    with season.on(date(2027, 1, 1)), pytest.raises(OutOfDate):
        given.upgrade(admin, "A", seen=seen)


def test_only_a_higher_tier_of_a_running_contract() -> None:
    admin = given.member("A")
    with pytest.raises(Refused) as refused:
        given.upgrade(admin, "C")
    assert refused.value.field == "tier"
    other = given.member("C")
    seen = given.fingerprint(other, "A")
    with season.on(date(2027, 4, 1)), pytest.raises(Refused):
        given.upgrade(other, "A", seen=seen)


def test_the_office_writes_down_who_agreed() -> None:
    admin = given.member("C")
    clerk = actor_of(staff())
    with pytest.raises(Refused) as refused:
        given.upgrade(admin, "A", by=clerk, note_of_consent=" ")
    assert refused.value.field == "note"
    change = given.upgrade(admin, "A", by=clerk, note_of_consent="見本様より電話")
    assert change.reason == "見本様より電話"


def test_the_same_key_gives_the_first_change() -> None:
    admin = given.member("C")
    said: dict[str, Any] = {"once": "same", "seen": given.fingerprint(admin, "A")}
    first, second = given.upgrade(admin, **said), given.upgrade(admin, **said)
    assert first.id == second.id
    rollback()
    assert len(list(db.session.scalars(select(CreditNote)))) == 1


def test_company_billing_contact_and_office_are_told() -> None:
    clerk = staff()
    admin = given.member("C")
    given.upgrade(admin)
    to = {message.address for message in mails("tier_changed")}
    assert admin.email in to
    assert len(to) == 2  # and the billing contact
    assert {message.address for message in mails("tier_change_office")} >= {clerk.email}
    rollback()
    numbers = list(db.session.scalars(select(Invoice.number)))
    assert all(any(number in message.text for number in numbers) for message in mails("tier_changed"))


def test_the_earlier_invoice_stays_paid_since_its_day_and_the_new_receipt_names_it() -> None:
    admin = given.member("C")
    change = given.upgrade(admin)
    given.pay(change.invoice_id or 0, 550_000)
    assert owed(change.credited_invoice_id or 0).settled_on == given.FIRST
    assert owed(change.invoice_id or 0).settled_on == given.DECEMBER
    first = any_invoice(change.credited_invoice_id or 0)
    receipt = db.session.scalars(select(Receipt).where(Receipt.invoice_id == change.invoice_id)).one()
    named = [(row["invoice"], row["amount_yen"]) for row in receipt.from_receipts]
    assert (receipt.received_yen, named) == (550_000, [(first.number, 183_332)])


def test_a_change_is_one_mail_a_reader_with_its_papers_and_one_amount() -> None:
    admin = given.member("C")
    rollback()
    before = db.session.scalar(select(func.max(Message.id))) or 0
    change = given.upgrade(admin)
    rollback()
    company = select(Message).where(Message.id > before, Message.event != "membership/tier_change_office")
    sent = list(db.session.scalars(company))
    assert {message.event for message in sent} == {"membership/tier_changed"}
    addresses = [message.address for message in sent]
    assert len(set(addresses)) == len(addresses)
    papers = [any_invoice(change.invoice_id or 0), db.session.get_one(CreditNote, change.credit_note_id)]
    buyer = any_invoice(change.invoice_id or 0).buyer["email"]
    assert [paper.file_id for paper in papers] == next(m for m in sent if m.address == buyer).attachments
    assert all("¥550,000" in message.text for message in sent)
    invoice = any_invoice(change.invoice_id or 0)
    assert (invoice.total_yen, invoice.prepaid_yen) == (733_332, 183_332)
    assert "¥" not in invoice.lines[0].detail  # later papers take these words over


def test_seats_beyond_the_tiers_own_go_along() -> None:
    admin = given.member("C")
    number = given.term_of(admin).id
    with transaction():
        term = db.session.get_one(ContractTerm, number)
        term.tier_snapshot = dict(term.tier_snapshot) | {"agreed_seats": 2}
    given.upgrade(admin)
    found = queries.entitlements_of(given.term_of(admin).organisation_id)
    assert found is not None
    assert found.training_seats == 3


def test_the_settings_page_computes_every_step() -> None:
    shown = [(each.old.code, each.new.code) for each in examples(given.DECEMBER)]
    assert shown == [("C", "B"), ("C", "A"), ("B", "A")]
    with pytest.raises(Refused):
        decide_proration(proration=Proration.BY_DAY, valid_from=date(2026, 12, 9), by=None)


def _tier(code: str) -> Any:
    return queries.tier_for(code, season.YEAR - 1)
