"""The demo consortium: loaded once, whole, lived-in, and plainly invented."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import Affiliation, Organisation, Person
from portal.accounts.queries.demo import demo_people
from portal.accounts.queries.demo_hints import HINTS
from portal.audit.services import broken_links
from portal.billing.enums import ReceivableState
from portal.billing.models import Invoice, IssuerProfile, LedgerTransfer, Payment, Receipt, Receivable
from portal.cli.demo import firms, load, sign_ins
from portal.cli.demo.firms import FIRMS, NUMBER_RANGE
from portal.core import clock, facts
from portal.core.db import db
from portal.core.i18n import in_language
from portal.core.transaction import rollback
from portal.domain.application_flow import ApplicationState
from portal.domain.ledger import Account
from portal.domain.organisation_numbers import check_corporate_number, check_registration_number
from portal.domain.renewal_flow import RenewalState
from portal.domain.terms import FiscalYear, TermState
from portal.domain.tier_change_flow import ChangeState
from portal.hubs.models import Hub
from portal.jobs.enums import JobState
from portal.jobs.models import Job
from portal.membership.models import Application, ContractTerm, Renewal, TierChange
from portal.membership.queries import open_windows
from portal.membership.services.invoices import SOURCE
from portal.notifications.enums import MessageState
from portal.notifications.models import Message


def states(year: int) -> Counter[ApplicationState]:
    return Counter(db.session.scalars(select(Application.state).where(Application.fiscal_year == year)))


def test_every_stage_is_there(demo: Flask) -> None:
    found = states(2026)
    assert found == {
        ApplicationState.APPROVED: 10,
        ApplicationState.SUBMITTED: 2,
        ApplicationState.RETURNED: 1,
        ApplicationState.CHECKED: 1,
        ApplicationState.DECLINED: 1,
        ApplicationState.DRAFT: 2,
    }
    today = clock.today()
    terms = db.session.scalars(select(ContractTerm).where(ContractTerm.fiscal_year == 2026)).all()
    assert Counter(t.tier_code for t in terms if t.state is TermState.ACTIVE) == {"A": 3, "B": 1, "C": 3}
    owed = db.session.scalars(select(Receivable)).all()
    assert sum(r.is_overdue(today) for r in owed) == 3
    assert Counter(r.state for r in owed) == {
        ReceivableState.PAID: 16, ReceivableState.UNPAID: 5, ReceivableState.PARTLY_PAID: 1,
    }  # fmt: skip
    assert [w.fiscal_year for w in open_windows()] == [2026]


def test_the_renewals_for_the_next_year_run(demo: Flask) -> None:
    found = Counter(db.session.scalars(select(Renewal.state).where(Renewal.fiscal_year == 2027)))
    assert found == {
        RenewalState.PAID: 1, RenewalState.INVOICED: 1, RenewalState.DECLINED: 1, RenewalState.OFFERED: 4,
    }  # fmt: skip
    reminded = select(func.count()).where(Message.event == "membership/renewal_reminder")
    assert (db.session.scalar(reminded) or 0) >= 3


def late_ones(year: int) -> dict[str, RenewalState]:
    """The renewals of the campaign that is over, by company."""
    rows = select(Organisation.name_ja, Renewal.state).join(
        Organisation, Organisation.id == Renewal.organisation_id
    )
    return {row[0]: row[1] for row in db.session.execute(rows.where(Renewal.fiscal_year == year))}


LATE_ONES = {
    firms.TARDY.name_ja: RenewalState.GRACE,
    firms.SUSPENDED.name_ja: RenewalState.SUSPENDED,
    firms.FORMER.name_ja: RenewalState.LAPSED,
}


def test_of_the_campaign_that_is_over_one_is_at_every_bad_end(demo: Flask) -> None:
    assert late_ones(2026) == LATE_ONES
    owed = select(func.count(Renewal.id)).join(
        Invoice, Invoice.source_key == func.concat(SOURCE, Renewal.term_id)
    )
    open_ones = owed.join(Receivable, Receivable.invoice_id == Invoice.id).where(
        Receivable.outstanding_yen > 0
    )
    assert db.session.scalar(open_ones.where(Renewal.fiscal_year == 2026)) == 2


def test_a_change_of_tier_waits_for_the_office(demo: Flask) -> None:
    change = db.session.scalars(select(TierChange)).one()
    assert change.state is ChangeState.ASKED
    assert change.terms is not None
    assert change.terms["tier"] == "B"


def test_whoever_is_explained_on_the_sign_in_page_exists(demo: Flask) -> None:
    known = set(db.session.scalars(select(Person.email)))
    assert [address for address in HINTS if address not in known] == []
    with in_language("en"):
        listed = {each.name: str(each.hint) for _label, people in demo_people() for each in people}
    assert listed["Kaku Sota"] == "overdue invoice"
    assert all(name.isascii() for name in listed)


def test_the_chain_holds_and_the_books_balance(demo: Flask) -> None:
    assert broken_links() == []
    on_the_bank = select(func.sum(LedgerTransfer.amount_yen)).where(LedgerTransfer.debit == Account.BANK)
    assert (
        db.session.scalar(on_the_bank) == db.session.scalar(select(func.sum(Payment.amount_yen))) > 10_000_000
    )
    assert db.session.scalar(select(func.count(Receipt.id))) == 16


def test_every_mail_is_in_the_mailbox_as_sent_at_its_moment(demo: Flask) -> None:
    mails = db.session.scalars(select(Message)).all()
    assert len(mails) > 100
    assert {m.state for m in mails} == {MessageState.SENT}
    assert all(m.sent_at == m.created_at for m in mails)
    assert all(m.address.endswith(".example") for m in mails)
    assert set(db.session.scalars(select(Job.state))) == {JobState.DONE}


def test_nobody_and_nothing_can_be_taken_for_real(demo: Flask) -> None:
    numbers = [n for n in db.session.scalars(select(Organisation.corporate_number)) if n]
    assert len(numbers) == len(FIRMS) == 20
    assert all(check_corporate_number(n).is_valid and n[1:6] == str(NUMBER_RANGE)[:5] for n in numbers)
    issuer = db.session.scalars(select(IssuerProfile)).one()
    assert check_registration_number(issuer.registration_number).is_valid
    assert all(address.endswith(".example") for address in db.session.scalars(select(Person.email)))


def test_institutions_and_hubs_come_from_the_facts(demo: Flask) -> None:
    assert db.session.scalar(select(func.count(Hub.id))) == len(facts.rows("hubs"))


def test_every_named_sign_in_is_there_and_has_a_role_or_none_yet(demo: Flask) -> None:
    known = set(db.session.scalars(select(Person.email)))
    assert {address for _, _, address in sign_ins()} <= known
    held = set(db.session.scalars(select(Person.email).join(Affiliation, Affiliation.person_id == Person.id)))
    assert {address for _, _, address in sign_ins()} - held == {"karina@shinki.example"}


def test_a_second_time_changes_nothing(demo: Flask) -> None:
    before = db.session.scalar(select(func.count(Message.id)))
    rollback()
    assert load() is False
    assert db.session.scalar(select(func.count(Message.id))) == before


@pytest.mark.parametrize(
    "today", [datetime(2027, 4, 2, 1, 0, tzinfo=UTC), datetime(2028, 3, 30, 6, 0, tzinfo=UTC)]
)
def test_the_story_works_on_any_day_of_the_year(app: Flask, today: datetime) -> None:
    with clock.frozen(today):
        assert load()
        year = FiscalYear.of(clock.today()).year
        assert states(year)[ApplicationState.SUBMITTED] == 2
        assert year in [w.fiscal_year for w in open_windows()]
        assert late_ones(year) == LATE_ONES
