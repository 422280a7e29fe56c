"""The process is killed before any SQL statement of a money path and on both sides of its COMMIT: nothing breaks.

Each point kills a real child process by SIGKILL; then the books must fit, and doing it again must end well.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.accounts.enums import Role
from portal.billing import documents
from portal.billing.documents import keeping
from portal.billing.enums import ReceivableState
from portal.billing.models import AdvanceMove, Invoice, Receivable, WebhookEvent
from portal.billing.queries.advances import undone_by
from portal.billing.queries.book_rules import book_problems
from portal.billing.queries.claims import claim_problems
from portal.billing.queries.invoices import any_invoice
from portal.billing.services import advances, credits, events, payments, refunds, replacements
from portal.billing.services.payments import record_bank_payment
from portal.core import clock, transaction
from portal.core.db import db
from portal.core.transaction import rollback
from tests.billing.payer import Payer
from tests.support.billing import bill, fee
from tests.support.people import actor_of, company, person, staff

Work = Callable[[], None]
EVERY = 4  # of the points; RENKEI_EVERY_CRASH=1 takes them all


def every() -> int:
    return 1 if os.environ.get("RENKEI_EVERY_CRASH") else EVERY


def points(app: Flask, work: Work) -> int:
    """How many statements and commits a path has."""
    seen: list[str] = []
    _listen(seen.append)
    work()
    _deaf()
    return len(seen)


_heard: list[tuple[str, Callable[..., None]]] = []


def _listen(hear: Callable[[str], None]) -> None:
    def statement(connection, cursor, text, *more):  # type: ignore[no-untyped-def]
        hear(text)

    def commit(connection):  # type: ignore[no-untyped-def]
        hear("COMMIT")

    for name, function in (("before_cursor_execute", statement), ("commit", commit)):
        event.listen(db.engine, name, function)
        _heard.append((name, function))


def _deaf() -> None:
    while _heard:
        event.remove(db.engine, *_heard.pop())


def killed_at(app: Flask, point: int, work: Work) -> bool:
    """Do the work in a child that dies at the given point; whether it died there."""
    rollback()
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:  # nothing of the parent's clean-up may run here
        left = [point]

        def hear(_text: str) -> None:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        keeping.render_pdf = lambda *_args, **_more: b"%PDF-"  # its threads do not come along into a child
        try:
            _listen(hear)
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    _note(os.WIFSIGNALED(status))
    return os.WIFSIGNALED(status)


def _note(died: bool) -> None:
    """For `bench.bench_kills`: one line a kill, with the path that it hit."""
    log = os.environ.get("RENKEI_CRASH_LOG")
    if died and log:
        path = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
        with open(log, "a", encoding="utf-8") as lines:
            lines.write(f"{path}\n")


def fits(invoice_id: int) -> ReceivableState:
    rollback()
    assert [f"{p.rule}: {p.expected} / {p.found}" for p in book_problems()] == []
    assert list(claim_problems()) == []
    return db.session.get_one(Receivable, invoice_id, populate_existing=True).state


@pytest.fixture
def clerk(app):
    return actor_of(staff())


def transfer(invoice_id: int, clerk, once: str, amount_yen: int = 1_100_000) -> None:
    with transaction.transaction():
        record_bank_payment(
            invoice=any_invoice(invoice_id),
            amount_yen=amount_yen,
            received_on=clock.today(),
            payer_name="",
            by=clerk,
            once=once,
        )


def try_every_point(
    app: Flask, prepare: Callable[[int], tuple[int, Work]], *, end: ReceivableState = ReceivableState.PAID
) -> int:
    """Kill at the points of the path, check, do it again, check that it ends as it should; gives how many died."""
    _invoice_id, work = prepare(-1)
    died = 0
    for point in range(0, points(app, work) + 1, every()):
        invoice_id, work = prepare(point)
        died += killed_at(app, point, work)
        fits(invoice_id)
        work()
        assert fits(invoice_id) is end
    return died


def test_recording_a_transfer_survives_a_kill_anywhere(app, clerk):
    def prepare(point):
        invoice_id = bill(company()).id
        return invoice_id, lambda: transfer(invoice_id, clerk, f"k{point}")

    assert try_every_point(app, prepare) >= 5


def test_giving_back_survives_a_kill_anywhere(app, clerk):
    def give_back(invoice_id, key):
        with transaction.transaction():
            whole = any_invoice(invoice_id)
            amounts = {line.id: 400_000 for line in whole.lines}
            credits.issue_credit_note(
                invoice=whole, amounts=amounts, reason="値引き", by=clerk, source_key=key
            )

    def prepare(point):
        invoice_id = bill(company()).id
        transfer(invoice_id, clerk, f"k{point}")
        return invoice_id, lambda: give_back(invoice_id, f"test:{point}")

    assert try_every_point(app, prepare, end=ReceivableState.OVERPAID) >= 5


def test_paying_back_survives_a_kill_anywhere(app, clerk):
    def pay_back(invoice_id, once):
        with transaction.transaction():
            refunds.record_refund(
                invoice=any_invoice(invoice_id), amount_yen=900, paid_on=clock.today(), note="", by=clerk, once=once
            )  # fmt: skip

    def prepare(point):
        invoice_id = bill(company()).id
        transfer(invoice_id, clerk, f"k{point}", amount_yen=1_100_900)
        return invoice_id, lambda: pay_back(invoice_id, f"r{point}")

    assert try_every_point(app, prepare) >= 4


def test_moving_an_advance_and_back_survives_a_kill_anywhere(app, clerk):
    def move(source_id, target_id, key):
        with transaction.transaction():
            advances.move_advance(
                source=any_invoice(source_id), target=any_invoice(target_id), amount_yen=1_100_000, reason="", by=clerk, source_key=key
            )  # fmt: skip

    def move_back(source_id, target_id, key):
        move(source_id, target_id, key)
        with transaction.transaction():
            moved = db.session.scalars(select(AdvanceMove).where(AdvanceMove.source_key == key)).one()
            if undone_by(moved) is None:
                advances.undo_move(move=moved, reason="誤り", by=clerk)

    def prepare(work):
        def prepared(point):
            payer = company()
            source_id, target_id = bill(payer).id, bill(payer).id
            transfer(source_id, clerk, f"{work.__name__}{point}", amount_yen=2_200_000)
            return target_id, lambda: work(source_id, target_id, f"{work.__name__}:{point}")

        return prepared

    assert try_every_point(app, prepare(move)) >= 5
    assert try_every_point(app, prepare(move_back), end=ReceivableState.UNPAID) >= 10


def test_issuing_anew_survives_a_kill_anywhere(app, clerk):
    def anew(invoice_id, key):
        with transaction.transaction():
            whole = any_invoice(invoice_id)
            wanted = replacements.Replacement(
                buyer=documents.party(whole.buyer), subject={"ja": "会費", "en": "Fee"}, purchase_order="", lines=[fee(400_000)],
            )  # fmt: skip
            replacements.replace_invoice(
                invoice=whole, wanted=wanted, reason="誤り", by=clerk, source_key=key
            )

    def prepare(point):
        invoice_id = bill(company()).id
        transfer(invoice_id, clerk, f"k{point}")
        return invoice_id, lambda: anew(invoice_id, f"test:{point}")

    assert try_every_point(app, prepare, end=ReceivableState.OVERPAID) >= 10


def test_applying_news_survives_a_kill_anywhere(app, payer: Payer):
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))

    def prepare(point):
        invoice = bill(company())
        invoice_id = invoice.id
        attempt = payer.open(invoice, contact)
        payer.choose(attempt, "card")
        payer.deliver()
        intent_id = payer.provider.fetch_checkout(attempt.session_id).payment_intent_id
        rollback()
        paid = select(WebhookEvent.id).where(
            WebhookEvent.object_id == intent_id, WebhookEvent.type == "payment_intent.succeeded"
        )
        event_id = db.session.scalars(paid).one()
        return invoice_id, lambda: events.apply_event(event_id)

    assert try_every_point(app, prepare) >= 5


def test_issuing_survives_a_kill_anywhere(app):
    buyer = company()
    died = 0
    for point in count(0, every()):
        killed = killed_at(app, point, lambda key=f"crash:{point}": bill(buyer, source_key=key))
        died += killed
        rollback()
        assert [p.rule for p in book_problems()] == []
        bill(buyer, source_key=f"crash:{point}")
        if not killed:
            break
    rollback()
    numbers = sorted(db.session.scalars(select(Invoice.series_sequence)))
    assert numbers == list(range(1, len(numbers) + 1))
    assert died >= 5


def test_opening_a_page_survives_a_kill_anywhere(app, payer: Payer):
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    for point in count(0, every()):
        invoice = bill(company())
        killed = killed_at(app, point, lambda invoice=invoice: payer.open(invoice, contact))
        attempt = payer.open(invoice, contact)
        assert attempt.url
        pages = [
            each
            for each in payer.stand_in._state.scan("checkout.session")
            if each["client_reference_id"] == invoice.number
        ]
        assert len(pages) == 1
        if not killed:
            break


def test_a_path_that_commits_in_between_is_caught(app, clerk, monkeypatch):
    """The mutant: what is settled is committed before the books are written."""
    real = payments.allocate

    def commits_too_early(*args, **more):
        real(*args, **more)
        transaction.commit()

    monkeypatch.setattr(payments, "allocate", commits_too_early)

    def prepare(point):
        invoice_id = bill(company()).id
        return invoice_id, lambda: transfer(invoice_id, clerk, f"k{point}")

    monkeypatch.setenv("RENKEI_EVERY_CRASH", "1")
    with pytest.raises(AssertionError):
        try_every_point(app, prepare)


def test_a_killed_workers_job_is_done_by_the_next(app, payer: Payer, run_jobs):
    """The lease of a dead worker runs out and the sweep hands the job over."""
    contact = actor_of(person(at=company(), roles=(Role.BILLING,)))
    invoice = bill(company())
    invoice_id = invoice.id
    payer.choose(payer.open(invoice, contact), "card")
    payer.deliver()
    killed_at(app, 12, run_jobs)
    with clock.frozen(clock.now() + timedelta(hours=1)):
        run_jobs()
    assert fits(invoice_id) is ReceivableState.PAID
