"""Changes of tier at once, from old pages, and killed at any statement: one change, one pair of papers, or nothing at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.billing.models import AdvanceMove, CreditNote, Invoice
from portal.billing.queries.book_rules import book_problems
from portal.core.db import db
from portal.core.errors import OutOfDate, Refused
from portal.core.transaction import commit, rollback, transaction
from portal.domain.tier_change_flow import ChangeState
from portal.membership.models import ContractTerm, TierChange
from portal.membership.services.tier_changes import papers
from portal.membership.services.tier_changes.upgrades import approve_change, change_tier
from tests.billing.test_crashes import killed_at, points
from tests.support import changes as given
from tests.support import renewals as season
from tests.support.people import actor_of, staff
from tests.support.races import at_once

pytestmark = pytest.mark.database
EVERY = 1 if os.environ.get("RENKEI_EVERY_CRASH") else 15
ROUNDS = int(os.environ.get("RENKEI_ROUNDS", "2"))


@pytest.fixture(autouse=True)
def december(app: Flask) -> Iterator[None]:
    with season.on(given.DECEMBER):
        season.house()
        yield


def made(organisation_id: int) -> tuple[str, int, int, int, int]:
    """The tier, and how many changes, invoices, credit notes and moves of money the company has."""
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    term = db.session.scalars(
        select(ContractTerm).where(ContractTerm.organisation_id == organisation_id)
    ).one()
    db.session.refresh(term)
    assert term.cancelled_on is None

    def count(model: Any, *where: Any) -> int:
        mine = model.organisation_id == organisation_id
        return int(db.session.scalar(select(func.count()).select_from(model).where(mine, *where)) or 0)

    agreed = TierChange.state == ChangeState.AGREED
    found = (term.tier_code, count(TierChange, agreed), count(Invoice), count(CreditNote), count(AdvanceMove))
    rollback()
    return found


BEFORE, AFTER = ("C", 0, 1, 0, 0), ("A", 1, 2, 1, 1)


def click(admin: Any, once: str) -> tuple[int, Callable[[], int]]:
    """The company's number, and a click on the button of its page."""
    term, seen, by = given.term_of(admin), given.fingerprint(admin, "A"), actor_of(admin)
    number, body = term.id, term.organisation_id

    def press(key: str = once) -> int:
        with transaction():
            return change_tier(term_id=number, code="A", seen=seen, once=key, by=by).id

    return body, press


def test_eight_clicks_with_keys_of_their_own_change_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        body, press = click(given.member("C"), "")
        answers = at_once(app, *(partial(press, f"{body}:{n}") for n in range(8)))
        assert len([each for each in answers if isinstance(each, int)]) == 1, answers
        assert all(isinstance(each, int | Refused) for each in answers), answers
        assert made(body) == AFTER


def test_one_form_sent_eight_times_changes_once(app: Flask) -> None:
    body, press = click(given.member("C"), "same")
    answers = at_once(app, *(press for _n in range(8)))
    assert len(set(answers)) == 1, answers
    assert made(body) == AFTER


def test_two_of_the_office_approve_once(app: Flask) -> None:
    admin = given.member("C")
    change = given.upgrade(admin, "B").id
    clerks = [actor_of(staff()) for _n in range(8)]
    body = given.term_of(admin).organisation_id
    seen = given.fingerprint(admin, "B")

    def approve(clerk: Any) -> int:
        with transaction():
            approve_change(change=db.session.get_one(TierChange, change), seen=seen, by=clerk)
        return change

    answers = at_once(app, *(partial(approve, clerk) for clerk in clerks))
    assert len([each for each in answers if isinstance(each, int)]) == 1, answers
    assert all(isinstance(each, int | Refused) for each in answers), answers
    assert made(body) == ("B", 1, 2, 1, 1)


def test_a_payment_in_between_counts_and_an_old_page_is_out_of_date(app: Flask) -> None:
    admin = given.member("C", paid_yen=0)
    body, press = click(admin, "k")
    given.pay(given.invoice_of(admin).id, 550_000)
    with pytest.raises(OutOfDate):
        press()
    assert made(body) == BEFORE


def test_changing_survives_a_kill_anywhere(app: Flask) -> None:
    _body, press = click(given.member("C"), "count")
    died = 0
    for point in range(0, points(app, press) + 1, EVERY):
        body, press = click(given.member("C"), f"k{point}")
        died += killed_at(app, point, press)
        assert made(body) in (BEFORE, AFTER)
        press()
        assert made(body) == AFTER
    assert died >= 3


def test_a_change_that_commits_in_between_is_caught(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the new invoice is committed before the old one is given back."""
    real = papers.issue_invoice

    def too_early(**values: Any) -> Invoice:
        issued = real(**values)
        commit()
        return issued

    monkeypatch.setattr(papers, "issue_invoice", too_early)
    caught = False
    for point in range(0, 400, 20):
        body, press = click(given.member("C"), f"m{point}")
        with suppress(Exception):
            killed_at(app, point, press)
        caught = caught or made(body) not in (BEFORE, AFTER)
        if caught:
            break
    assert caught
